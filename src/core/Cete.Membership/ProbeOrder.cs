using Cete.Core;

namespace Cete.Membership;

/// <summary>
/// Whom to probe next: everybody once in a random order, then in another (SWIM §4.3), so that the time to the first detection is bounded by
/// two rounds. Newcomers are put in at a random place of the present round.
/// </summary>
internal sealed class ProbeOrder(Prng prng)
{
    private readonly List<KeyId> _round = [];
    private int _next;

    public void Add(KeyId member) => _round.Insert(_next + prng.Next(_round.Count - _next + 1), member);

    public void Remove(KeyId member)
    {
        var at = _round.IndexOf(member);
        if (at < 0)
        {
            return;
        }

        _round.RemoveAt(at);
        if (at < _next)
        {
            _next--;
        }
    }

    /// <summary>The next one that may be probed; null if nobody may.</summary>
    public KeyId? Next(Func<KeyId, bool> mayBeProbed)
    {
        for (var tried = 0; tried <= _round.Count; tried++)
        {
            if (_next == _round.Count)
            {
                _next = 0;
                Shuffle();
            }

            if (_next < _round.Count && _round[_next++] is var member && mayBeProbed(member))
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>Fisher and Yates.</summary>
    private void Shuffle()
    {
        for (var i = _round.Count - 1; i > 0; i--)
        {
            var j = prng.Next(i + 1);
            (_round[i], _round[j]) = (_round[j], _round[i]);
        }
    }
}
