using System.Collections;
using Cete.Configuration;

namespace Cete.App.Compose;

/// <summary>Where the settings of a node come from, beside the reference.</summary>
internal static class SettingsFiles
{
    /// <summary>The file that a data folder may hold.</summary>
    public const string Name = "cete.conf";

    /// <summary>The files of a node in their order; null stands for one that was not named.</summary>
    public static SettingsLoader Loader(string? data, string? named, IReadOnlyList<Definition> definitions)
    {
        SettingsFile?[] files =
        [
            data is null ? null : new SettingsFile(Path.Combine(data, Name), false),
            named is null ? null : new SettingsFile(named, true),
        ];
        var layers = new SettingsLayers { Files = [.. files.OfType<SettingsFile>()], Environment = Variables(), Definitions = definitions };
        return new SettingsLoader(layers, HoconFiles.Instance);
    }

    private static Dictionary<string, string> Variables() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? string.Empty, StringComparer.Ordinal);
}
