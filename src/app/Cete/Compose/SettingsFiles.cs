using Cete.Configuration;
using Cete.Core;

namespace Cete.App.Compose;

/// <summary>Where the settings of a node come from: the file named, <c>cete.conf</c> in the data folder, then the reference.</summary>
internal static class SettingsFiles
{
    /// <summary>The file that a data folder may hold.</summary>
    public const string Name = "cete.conf";

    public static Outcome<NodeSettings> Read(string data, string? named)
    {
        var configuration = Reference.Document;
        var own = Path.Combine(data, Name);
        string?[] files = [File.Exists(own) ? own : null, named];
        foreach (var file in files.OfType<string>())
        {
            var document = HoconFiles.Parse(file);
            if (!document.Succeeded)
            {
                return document.Failure;
            }

            configuration = document.Value.WithFallback(configuration);
        }

        var resolved = HoconFiles.Resolve(configuration);
        return resolved.Succeeded ? NodeSettings.Read(resolved.Value) : resolved.Failure;
    }
}
