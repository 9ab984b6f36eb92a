using Cete.Core;

namespace Cete.Actors;

/// <summary>
/// What an <see cref="ActorSystem"/> is given. All of it has defaults that suit a program; a simulation sets clock and dispatchers.
/// </summary>
public sealed record ActorSystemOptions
{
    /// <summary>The time of timers, back-off, deadlines and latencies. Default: the machine's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where actors run that do not say otherwise. Default: <see cref="PoolDispatcher.Shared"/>.</summary>
    public IDispatcher Default { get; init; } = PoolDispatcher.Shared;

    /// <summary>
    /// Where actors run that block. Null (the default) makes a <see cref="BlockingDispatcher"/> when first used, which ends with the
    /// system;
    /// one that is given stays its owner's.
    /// </summary>
    public IDispatcher? Blocking { get; init; }

    /// <summary>The threads of the dispatcher that is made for <see cref="Blocking"/>, 1 to 1,024. Default 4.</summary>
    /// <exception cref="CheckFailedException">Out of range.</exception>
    public int BlockingThreads
    {
        get;
        init
        {
            Check.That(value is >= 1 and <= 1_024);
            field = value;
        }
    } = 4;

    /// <summary>The seed of all chance in the kernel: the jitter of back-off. Nodes should differ in it. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Called for each dead letter, on the thread that lost it: it must be quick, and what it throws is ignored.</summary>
    public Action<DeadLetter>? DeadLetters { get; init; }

    /// <summary>Called for each failure, on the thread that failed: it must be quick, and what it throws is ignored.</summary>
    public Action<ActorFailure>? Failures { get; init; }

    /// <summary>
    /// The phases of <see cref="ActorSystem.StopAsync"/>, first one first. The last one stops the actors. At least one, with
    /// names of their own and deadlines above zero, or the system throws <see cref="CheckFailedException"/>.
    /// </summary>
    public IReadOnlyList<ShutdownPhase> ShutdownPhases { get; init; } = CoordinatedShutdown.DefaultPhases;
}
