using System.CommandLine;

namespace Cete.App.Verbs;

/// <summary><c>cete config</c>: settings, as they are understood.</summary>
internal static class ConfigVerb
{
    public static Command Make() => new("config", "Settings, as they are understood.");
}
