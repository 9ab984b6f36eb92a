using Cete.Core;

namespace Cete.Actors;

/// <summary>
/// What a full mailbox does with one message more. What is lost is counted and reported as a dead letter under each policy.
/// </summary>
public enum MailboxOverflow
{
    /// <summary>Refuse the new message: <see cref="ActorRef{TMessage}.Tell"/> returns false.</summary>
    Reject,

    /// <summary>Lose the new message: <see cref="ActorRef{TMessage}.Tell"/> returns true, for senders that do not care.</summary>
    DropNewest,

    /// <summary>Lose the message that has waited longest and take the new one: for news of which only the latest counts.</summary>
    DropOldest,
}

/// <summary>How one actor is run. Immutable, so one instance may serve any number of actors.</summary>
public sealed record ActorOptions
{
    /// <summary>
    /// The default of <see cref="MailboxCapacity"/>: some tens of milliseconds of work at a microsecond to ten a message.
    /// </summary>
    public const int MailboxCapacityDefault = 8_192;

    /// <summary>The default of <see cref="StashCapacity"/>.</summary>
    public const int StashCapacityDefault = 1_024;

    internal static ActorOptions Default { get; } = new();

    /// <summary>
    /// Messages that may wait, 1 to 1,000,000,000; the one being handled is not counted. Memory grows with what waits, not with this.
    /// </summary>
    /// <exception cref="CheckFailedException">Out of range.</exception>
    public int MailboxCapacity
    {
        get;
        init
        {
            Check.That(value is >= 1 and <= 1_000_000_000);
            field = value;
        }
    } = MailboxCapacityDefault;

    /// <summary>What happens to a message more than <see cref="MailboxCapacity"/>. Default: <see cref="MailboxOverflow.Reject"/>.</summary>
    public MailboxOverflow Overflow { get; init; }

    /// <summary>Messages that may be put aside by <see cref="ActorContext{TMessage}.Stash"/>, 0 to 1,000,000.</summary>
    /// <exception cref="CheckFailedException">Out of range.</exception>
    public int StashCapacity
    {
        get;
        init
        {
            Check.That(value is >= 0 and <= 1_000_000);
            field = value;
        }
    } = StashCapacityDefault;

    /// <summary>Where the actor runs; null (the default) is <see cref="ActorSystem.Default"/>.</summary>
    public IDispatcher? Dispatcher { get; init; }

    /// <summary>What follows when the actor throws. Default: <see cref="SupervisionStrategy.Stop"/>.</summary>
    public SupervisionStrategy Supervision { get; init; } = SupervisionStrategy.Stop;
}
