namespace Cete.Ports.Limits;

/// <summary>Other limits at some times of the week.</summary>
/// <param name="At">When, such as <c>mon-fri 08:00-18:00</c>.</param>
/// <param name="Up">Bytes a second that are sent then, 0 for all that is possible; null for as many as at other times.</param>
/// <param name="Down">And that are fetched.</param>
public sealed record LimitRule(string At, long? Up = null, long? Down = null);

/// <summary>What a user lets his agent use, as he keeps it.</summary>
/// <param name="Up">Bytes a second that it sends to all peers together; 0 for all that it can.</param>
/// <param name="Down">Bytes a second that all of its downloads fetch together; 0 for all that they can.</param>
/// <param name="Slots">Parts of contents that it sends at a time: enough to fill an uplink, and few enough that each is there soon.</param>
/// <param name="Share">What is downloaded is given back.</param>
/// <param name="Listen">Where peers reach it, an address or an interface with or without a port; <c>any</c> for everywhere.</param>
/// <param name="Rules">Other limits at some times; null for none.</param>
public sealed record AgentLimits(
    long Up = 0, long Down = 0, int Slots = 8, bool Share = true, string Listen = AgentLimits.Anywhere, IReadOnlyList<LimitRule>? Rules = null)
{
    /// <summary>Every address of the machine.</summary>
    public const string Anywhere = "any";
}

/// <summary>What is to be other; null stays as it is.</summary>
/// <param name="Up">Bytes a second that are sent, 0 for no limit.</param>
/// <param name="Down">Bytes a second that are fetched, 0 for no limit.</param>
/// <param name="Slots">Parts that are sent at a time.</param>
/// <param name="Share">Whether downloads are given back.</param>
/// <param name="Listen">Where peers reach it, from its next start on.</param>
/// <param name="At">When <paramref name="Up"/> and <paramref name="Down"/> are to hold; null for always.</param>
/// <param name="Remove">The rule that is to go, counted from 1.</param>
/// <param name="ClearSchedule">All rules are to go.</param>
public sealed record LimitsChange(
    long? Up = null, long? Down = null, int? Slots = null, bool? Share = null, string? Listen = null, string? At = null, int? Remove = null,
    bool ClearSchedule = false);

/// <summary>How fast it may be at a moment.</summary>
/// <param name="Up">Bytes a second that are sent; 0 for no limit.</param>
/// <param name="Down">Bytes a second that are fetched; 0 for no limit.</param>
public readonly record struct RateLimits(long Up, long Down);
