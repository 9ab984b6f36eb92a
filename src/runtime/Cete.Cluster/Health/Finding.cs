namespace Cete.Cluster.Health;

/// <summary>How much a finding matters, the least first.</summary>
public enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Worth knowing; nothing needs to be done.</summary>
    Note,

    /// <summary>It works, and will not under more load, after a failure or in some time.</summary>
    Warning,

    /// <summary>Something does not work, or is about to stop.</summary>
    Problem,
}

/// <summary>What was found about one side of a node.</summary>
/// <param name="Check">What was looked at: a short name that stays, such as <c>clock</c>.</param>
/// <param name="Level">How much it matters.</param>
/// <param name="Seen">What is so.</param>
/// <param name="Mend">What to do; empty where there is nothing to be done.</param>
public sealed record Finding(string Check, FindingLevel Level, string Seen, string Mend)
{
    /// <summary>All is well.</summary>
    public static Finding Ok(string check, string seen) => new(check, FindingLevel.Ok, seen, string.Empty);
}
