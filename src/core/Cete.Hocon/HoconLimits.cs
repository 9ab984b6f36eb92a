namespace Cete.Hocon;

/// <summary>
/// The bounds that keep any input from hanging, overflowing the stack or filling memory. Going over one is a <see cref="HoconError"/>
/// that names the bound.
/// </summary>
public sealed record HoconLimits
{
    /// <summary>The defaults, which fit configuration files written by people and refuse what was built to harm.</summary>
    public static HoconLimits Default { get; } = new();

    /// <summary>UTF-16 units of all texts of one load together: the documents and everything they include. Default 4 Mi.</summary>
    public int InputCharsMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Levels of objects and arrays, written or resolved; an element of a path key is a level. Default 100, at most 200.</summary>
    public int DepthMax { get; init; } = 100;

    /// <summary>Steps from value to value before a substitution is resolved. Default 300, at most 400: the stack pays for them.</summary>
    public int SubstitutionDepthMax { get; init; } = 300;

    /// <summary>Includes of one load. Default 256.</summary>
    public int IncludesMax { get; init; } = 256;

    /// <summary>Includes within includes. Default 16.</summary>
    public int IncludeDepthMax { get; init; } = 16;

    /// <summary>Values of the resolved tree, a value that is reached twice counting twice. Default 1,000,000.</summary>
    public int ResolvedNodesMax { get; init; } = 1_000_000;

    /// <summary>UTF-16 units of all keys and texts of the resolved tree, counted like its values. Default 16 Mi.</summary>
    public int ResolvedCharsMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Errors after which the rest of the input is not looked at. Default 20.</summary>
    public int ErrorsMax { get; init; } = 20;

    internal const int DepthCeiling = 200;
    internal const int SubstitutionDepthCeiling = 400;

    internal int Depth => Math.Clamp(DepthMax, 1, DepthCeiling);

    internal int SubstitutionDepth => Math.Clamp(SubstitutionDepthMax, 1, SubstitutionDepthCeiling);

    // Work that leaves nothing in the result (merging objects again and again) is bounded by a multiple of the result's bound.
    internal long StepsMax => 8L * ResolvedNodesMax;
}
