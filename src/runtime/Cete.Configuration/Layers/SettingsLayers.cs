using Cete.Core;

namespace Cete.Configuration;

/// <summary>A file with settings.</summary>
/// <param name="Path">Where it is; messages name it so.</param>
/// <param name="IsRequired">Whether it is a mistake that there is none.</param>
public sealed record SettingsFile(string Path, bool IsRequired);

/// <summary>What says how a node is set, beside the reference: files, the environment, definitions. Of two the later one wins.</summary>
public sealed record SettingsLayers
{
    /// <summary>The files, the weakest first.</summary>
    public IReadOnlyList<SettingsFile> Files { get; init; } = [];

    /// <summary>The environment: for <c>CETE_...</c>, and for substitutions in files.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What the command line sets, the weakest first.</summary>
    public IReadOnlyList<Definition> Definitions { get; init; } = [];
}

/// <summary>The files of settings; the only way to them.</summary>
public interface ISettingsFiles
{
    /// <summary>The whole path of a name in an include statement of another file.</summary>
    string Locate(string name, string includingPath);

    /// <summary>The text of a file, or why there is none.</summary>
    Outcome<string> Read(string path);
}
