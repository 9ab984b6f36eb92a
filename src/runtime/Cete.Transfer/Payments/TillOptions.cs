using Cete.Core;

namespace Cete.Transfer.Payments;

/// <summary>What a till is told to begin with.</summary>
/// <param name="Community">Vouchers of this community count.</param>
/// <param name="Provider">The key of this node: vouchers name it.</param>
public sealed record TillOptions(KeyId Community, KeyId Provider)
{
    /// <summary>
    /// How often vouchers are handed in. A channel that is being closed must wait for longer than this and <see cref="LookEvery"/> together.
    /// </summary>
    public TimeSpan RedeemEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the bank is asked whether a lane that is in use is still open.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a lane stays in memory that nobody uses; what it owes stays in the book.</summary>
    public TimeSpan IdleMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long before its channel ends nothing more is sent on a lane: what it owes has to be handed in by then.</summary>
    public TimeSpan EndsEarly { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Vouchers that wait for so many lanes are handed in at once.</summary>
    public int RedeemAt { get; init; } = 100;

    /// <summary>Lanes in memory: some hundred bytes each.</summary>
    public int LanesMax { get; init; } = 10_000;

    /// <summary>Questions to the bank at a time: names of channels that nobody opened must not become a flood of them.</summary>
    public int LooksMax { get; init; } = 32;

    /// <summary>How long a till that stops tries to hand in what it has.</summary>
    public TimeSpan StopMax { get; init; } = TimeSpan.FromSeconds(5);
}
