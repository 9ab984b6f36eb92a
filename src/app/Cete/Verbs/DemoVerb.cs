using System.CommandLine;

namespace Cete.App.Verbs;

/// <summary><c>cete demo</c>: a whole community on this machine.</summary>
internal static class DemoVerb
{
    public static Command Make() => new("demo", "A whole community on this machine.");
}
