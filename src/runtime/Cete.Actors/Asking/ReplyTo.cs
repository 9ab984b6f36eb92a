namespace Cete.Actors;

/// <summary>Who is waiting for a reply. It travels in the message; the first reply or failure counts, all later ones are ignored.</summary>
/// <remarks><c>default</c> is nobody: a message may be told without an asker.</remarks>
/// <typeparam name="TReply">What is to be replied.</typeparam>
public readonly struct ReplyTo<TReply> : IEquatable<ReplyTo<TReply>>
{
    private readonly IReplySink<TReply>? _sink;

    internal ReplyTo(IReplySink<TReply> sink) => _sink = sink;

    /// <summary>True if nobody waits, or no longer: the work may be spared.</summary>
    public bool IsDone => _sink is null || _sink.IsDone;

    /// <summary>Answers.</summary>
    /// <param name="value">The reply.</param>
    public void Reply(TReply value) => _sink?.Reply(value);

    /// <summary>Answers with a failure, which the asker's task throws.</summary>
    /// <param name="cause">What to throw.</param>
    public void Fail(Exception cause) => _sink?.Fail(cause);

    /// <summary>True if both are the same asker's.</summary>
    public bool Equals(ReplyTo<TReply> other) => ReferenceEquals(_sink, other._sink);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ReplyTo<TReply> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _sink?.GetHashCode() ?? 0;

    /// <summary>True if both are the same asker's.</summary>
    public static bool operator ==(ReplyTo<TReply> left, ReplyTo<TReply> right) => left.Equals(right);

    /// <summary>True if they are different askers'.</summary>
    public static bool operator !=(ReplyTo<TReply> left, ReplyTo<TReply> right) => !left.Equals(right);
}

/// <summary>Somebody who waits for a reply.</summary>
internal interface IAsker
{
    bool IsDone { get; }

    void Fail(Exception cause);
}

/// <summary>Takes the first of replies and failures.</summary>
internal interface IReplySink<in TReply> : IAsker
{
    void Reply(TReply value);
}
