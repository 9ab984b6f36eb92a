namespace Cete.Actors;

/// <summary>Messages put aside, and those of them that were called back and now come before the mailbox.</summary>
internal sealed class Stash<TMessage>(int capacity)
{
    private Queue<(TMessage Message, Note? Note)> _aside = new();
    private Queue<(TMessage Message, Note? Note)> _inHand = new();

    /// <summary>Messages put aside.</summary>
    internal int Count => _aside.Count;

    /// <summary>Messages called back and not handled yet.</summary>
    internal int InHand => _inHand.Count;

    /// <summary>The bound covers both, else stashing and unstashing in turn would grow without one.</summary>
    internal bool TryAdd(TMessage message, Note? note)
    {
        if (_aside.Count + _inHand.Count >= capacity)
        {
            return false;
        }

        _aside.Enqueue((message, note));
        return true;
    }

    internal void Unstash()
    {
        // What is aside came before what is still in hand.
        while (_inHand.TryDequeue(out var entry))
        {
            _aside.Enqueue(entry);
        }

        (_aside, _inHand) = (_inHand, _aside);
    }

    internal bool TryTake(out TMessage message, out Note? note)
    {
        var taken = _inHand.TryDequeue(out var entry);
        (message, note) = entry;
        return taken;
    }
}
