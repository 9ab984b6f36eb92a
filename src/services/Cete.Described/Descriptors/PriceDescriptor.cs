using Cete.Expressions;

namespace Cete.Described;

/// <summary>What something costs, whom it pays, and how often a day it costs nothing.</summary>
/// <param name="Credits">How many credits; where it comes to nothing or less, it is free.</param>
public sealed record PriceDescriptor(Expression Credits)
{
    /// <summary>The most that one may ask for a day for nothing.</summary>
    public const int FreeMax = 1_000_000;

    /// <summary>The account that is paid; null for the community. Where it comes to none, the community is.</summary>
    public Expression? To { get; init; }

    /// <summary>Times a day that each account does it for nothing.</summary>
    public int FreeADay { get; init; }
}
