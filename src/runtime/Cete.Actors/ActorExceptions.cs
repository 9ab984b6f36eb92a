namespace Cete.Actors;

/// <summary>No reply came within the deadline of an ask. The message may still be handled.</summary>
/// <param name="path">Who was asked.</param>
/// <param name="deadline">How long the asker waited.</param>
public sealed class AskTimeoutException(string path, TimeSpan deadline)
    : TimeoutException($"No reply from {path} within {deadline.TotalMilliseconds} ms: overloaded, or it never replies to this message.");

/// <summary>
/// The message of an ask found mailbox or stash full, or had to make room, so it will not be handled. Ask again later, and less often.
/// </summary>
/// <param name="path">Who was asked.</param>
public sealed class MailboxFullException(string path) : InvalidOperationException($"The mailbox of {path} is full.");

/// <summary>The actor or the system has stopped, so what was asked of it was not and will not be done.</summary>
/// <param name="path">Who was asked.</param>
public sealed class ActorStoppedException(string path) : InvalidOperationException($"{path} has stopped.");
