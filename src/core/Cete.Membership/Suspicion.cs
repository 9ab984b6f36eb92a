using Cete.Core;

namespace Cete.Membership;

/// <summary>
/// A member's time to refute. It begins long and shrinks with each other accuser, so that one slow accuser does little harm and a member that
/// nobody reaches is found soon (Lifeguard §3.2).
/// </summary>
internal sealed class Suspicion
{
    private readonly HashSet<KeyId> _accusers = [];
    private readonly TimeSpan _min;
    private readonly TimeSpan _max;
    private readonly int _wanted;
    private Instant _start;

    /// <summary>Begins with the first accuser; so many others as are wanted make it the shortest, and none wanted makes it so at once.</summary>
    public Suspicion(KeyId accuser, Instant now, TimeSpan min, TimeSpan max, int wanted)
    {
        (FirstAccuser, _start, _min, _max, _wanted) = (accuser, now, min, max, wanted);
        _accusers.Add(accuser);
        Deadline = now + (wanted == 0 ? min : max);
    }

    /// <summary>Who accused it first, as far as is known here.</summary>
    public KeyId FirstAccuser { get; }

    /// <summary>When something is to be done: at half time, when gossip of a refutation has come if it comes at all, and at the end.</summary>
    public Instant Due => IsAsked ? Deadline : _start + ((Deadline - _start) / 2);

    /// <summary>The member was asked once more.</summary>
    public bool IsAsked { get; set; }

    /// <summary>When the member counts as dead.</summary>
    public Instant Deadline { get; private set; }

    /// <summary>Takes up an accuser; false if it is known, or as many as matter are.</summary>
    public bool Confirm(KeyId accuser)
    {
        if (_accusers.Count > _wanted || !_accusers.Add(accuser))
        {
            return false;
        }

        // log(C + 1) / log(K + 1) of the way from the longest to the shortest.
        var part = TimeSpan.FromMicroseconds(
            (_max - _min).Ticks / TimeSpan.TicksPerMicrosecond * Scaling.MilliLog10(_accusers.Count) / Math.Max(1, Scaling.MilliLog10(_wanted + 1)));
        Deadline = _start + (_max - part);
        return true;
    }

    /// <summary>The clock ran on while this node did not.</summary>
    public void Shift(TimeSpan span) => (_start, Deadline) = (_start + span, Deadline + span);
}
