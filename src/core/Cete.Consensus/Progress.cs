using Cete.Core;

namespace Cete.Consensus;

/// <summary>How a leader sends to a member.</summary>
internal enum ProgressState
{
    /// <summary>Where the logs agree is not known: one message at a time.</summary>
    Probe,

    /// <summary>Many messages are on their way at once (section 10.2.1, pipelining).</summary>
    Replicate,

    /// <summary>It lacks what the leader's log does not hold any more.</summary>
    Snapshot,
}

/// <summary>What a leader knows of another member.</summary>
internal sealed class Progress(KeyId id, long next, Instant now)
{
    private readonly Queue<(long Last, int Bytes)> _inflight = new();

    public KeyId Id { get; } = id;

    public ProgressState State { get; set; } = ProgressState.Probe;

    /// <summary>Up to here the log is the leader's, and durable.</summary>
    public long Match { get; set; }

    /// <summary>The first entry that it was not sent.</summary>
    public long Next { get; set; } = next;

    /// <summary>The newest round that it answered.</summary>
    public long Round { get; set; }

    /// <summary>The round in which it was last sent entries, or a probe.</summary>
    public long SentInRound { get; set; }

    /// <summary>How far it was told that the leader has committed.</summary>
    public long ToldCommit { get; set; }

    public Instant HeardAt { get; set; } = now;

    /// <summary>When it was last seen to get on, or to have nothing to get on with.</summary>
    public Instant MovedAt { get; set; } = now;

    /// <summary>Up to here it said that it has the log, durably or not.</summary>
    public long Received { get; set; }

    /// <summary>Up to here it had acknowledged the log and then lost it; 0 for nothing that is known.</summary>
    public long Forgotten { get; set; }

    /// <summary>The term of that entry; 0 where it is not known any more.</summary>
    public long ForgottenTerm { get; set; }

    /// <summary>The round in which it was told so last.</summary>
    public long ToldForgottenIn { get; set; } = -1;

    /// <summary>A probe is on its way.</summary>
    public bool IsProbing { get; set; }

    /// <summary>Entries for it are being read from the disk.</summary>
    public bool IsLoading { get; set; }

    public int InflightBytes { get; private set; }

    public int Inflight => _inflight.Count;

    public void Sent(long last, int bytes)
    {
        _inflight.Enqueue((last, bytes));
        InflightBytes += bytes;
    }

    /// <summary>What was sent up to here came through.</summary>
    public void Acknowledge(long through)
    {
        while (_inflight.TryPeek(out var oldest) && oldest.Last <= through)
        {
            InflightBytes -= _inflight.Dequeue().Bytes;
        }
    }

    public void Become(ProgressState state, long next)
    {
        (State, Next, IsProbing) = (state, next, false);
        _inflight.Clear();
        InflightBytes = 0;
    }
}
