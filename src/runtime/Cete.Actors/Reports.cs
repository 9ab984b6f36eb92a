namespace Cete.Actors;

/// <summary>Why a message found no reader.</summary>
public enum DeadLetterReason
{
    /// <summary>The mailbox was full and refused it.</summary>
    MailboxFull,

    /// <summary>The mailbox was full and the overflow policy gave it up.</summary>
    Dropped,

    /// <summary>The stash was full.</summary>
    StashFull,

    /// <summary>The actor had stopped, or stopped before it came to it.</summary>
    Stopped,
}

/// <summary>A message without a reader.</summary>
/// <param name="Recipient">Whom it was for.</param>
/// <param name="Message">What was sent.</param>
/// <param name="Reason">Why it was not handled.</param>
public sealed record DeadLetter(ActorRef Recipient, object? Message, DeadLetterReason Reason);

/// <summary>Something threw where the kernel had to go on.</summary>
/// <param name="Actor">Whose hook threw; null for a task of <see cref="CoordinatedShutdown"/>.</param>
/// <param name="Cause">What was thrown.</param>
/// <param name="Answer">What follows for the actor.</param>
/// <param name="Delay">For a restart, how long the actor waits; else zero.</param>
public sealed record ActorFailure(ActorRef? Actor, Exception Cause, SupervisionDirective Answer, TimeSpan Delay);
