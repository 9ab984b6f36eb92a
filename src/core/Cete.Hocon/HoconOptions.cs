namespace Cete.Hocon;

/// <summary>What a document needs from outside when it is resolved. By default nothing is there: no includes, no environment.</summary>
public sealed record HoconResolveOptions
{
    /// <summary>Finds included texts; null when nothing can be included.</summary>
    public IIncludeSource? Includes { get; init; }

    /// <summary>
    /// The value of an environment variable, or null when it is not set (section "Substitution fallback to environment variables").
    /// </summary>
    public Func<string, string?>? Environment { get; init; }

    /// <summary>The bounds.</summary>
    public HoconLimits Limits { get; init; } = HoconLimits.Default;
}
