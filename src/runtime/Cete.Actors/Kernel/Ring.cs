namespace Cete.Actors;

/// <summary>
/// The messages of a mailbox from number Begin to below the next ring's; number n is in slot n modulo the length, a power of two.
/// </summary>
internal sealed class Ring<TMessage>(long begin, int length)
{
    internal readonly Slot[] Slots = new Slot[length];
    internal readonly long Begin = begin;
    private Note?[]? _notes;

    // The lower halves of message numbers, of which only differences count.
    private uint _idleAt = (uint)begin;
    private uint _neededAt = (uint)begin;

    /// <summary>
    /// The ring that followed when this one was full. Written by a sender before it lets the turn see the first message in it.
    /// </summary>
    internal Ring<TMessage>? Next { get; set; }

    /// <summary>
    /// Called when the actor gets idle. A ring that is much too large is given up, but not before so many messages have passed that
    /// making another one costs next to nothing a message.
    /// </summary>
    internal bool IsSpare(long pushed)
    {
        var handled = (uint)pushed - _idleAt;
        _idleAt = (uint)pushed;
        if (handled > Slots.Length / 4)
        {
            _neededAt = (uint)pushed;
        }

        return Slots.Length > 16 && (uint)pushed - _neededAt > 32L * Slots.Length;
    }

    internal void Put(long number, TMessage message, Note? note)
    {
        var index = (int)number & (Slots.Length - 1);
        Slots[index].Message = message;
        if (note is not null)
        {
            (_notes ??= new Note?[Slots.Length])[index] = note;
        }
    }

    internal TMessage Take(long number, out Note? note)
    {
        var index = (int)number & (Slots.Length - 1);
        ref var slot = ref Slots[index];
        var message = slot.Message;
        slot = default;
        note = null;
        if (_notes is not null)
        {
            (note, _notes[index]) = (_notes[index], null);
        }

        return message;
    }

    /// <summary>A struct around the message spares the type check that storing into an array of references costs.</summary>
    internal struct Slot
    {
        internal TMessage Message;
    }
}
