using Cete.Core;

namespace Cete.Ledger.Channels;

/// <summary>
/// What a provider keeps of one lane: how much it sent, how much of that is paid by the voucher that it has, and what it still sends. A decision alone:
/// whether a voucher is signed and the lane open, others have looked at.
/// </summary>
/// <param name="pricePerMebibyte">Micro-credits of 2^20 bytes, as it was offered; 0 for nothing.</param>
/// <param name="cap">Micro-credits that the lane can bring at most.</param>
public sealed class ProviderLane(long pricePerMebibyte, long cap)
{
    private readonly Window _window = new();

    /// <summary>Bytes that were sent, or are about to be.</summary>
    public long Sent { get; private set; }

    /// <summary>Micro-credits of the highest voucher.</summary>
    public long Paid { get; private set; }

    /// <summary>Micro-credits that the lane can bring at most.</summary>
    public long Cap { get; private set; } = cap;

    /// <summary>Bytes that may be unpaid now.</summary>
    public long WindowSize => _window.Size;

    /// <summary>Micro-credits of all that was sent.</summary>
    public long Due => Credits.CostOf(Sent, pricePerMebibyte);

    /// <summary>Bytes that would be sent now: the rest of the window, and of what the lane can pay.</summary>
    public long Room
    {
        get
        {
            var unpaid = Math.Max(0, Sent - Credits.BytesFor(Paid, pricePerMebibyte));
            return Math.Max(0, Math.Min(_window.Size - unpaid, Credits.BytesFor(Cap, pricePerMebibyte) - Sent));
        }
    }

    /// <summary>The bank says that the lane can bring so much now; it never becomes less than what was promised.</summary>
    public void Widen(long newCap) => Cap = Math.Max(Cap, newCap);

    /// <summary>A voucher came in, signed and of this lane.</summary>
    /// <param name="amount">Micro-credits, all together.</param>
    /// <returns>Null where it counts, or is one that was there before; else why not.</returns>
    public Failure? Take(long amount)
    {
        if (amount > Cap)
        {
            return new Failure(FailureKind.Conflict, $"the voucher promises {Credits.Show(amount)} credits; the lane's cap is {Credits.Show(Cap)}");
        }

        if (amount < Paid)
        {
            return new Failure(FailureKind.Conflict, $"the voucher promises {Credits.Show(amount)} credits; {Credits.Show(Paid)} were promised before");
        }

        var before = Math.Min(Credits.BytesFor(Paid, pricePerMebibyte), Sent);
        Paid = amount;
        _window.Paid(Math.Min(Credits.BytesFor(Paid, pricePerMebibyte), Sent) - before);
        return null;
    }

    /// <summary>So many bytes are sent from now on.</summary>
    /// <returns>Null where they may be, else what is to be paid first.</returns>
    public Failure? Send(long bytes)
    {
        if (bytes > Room)
        {
            var room = Room;
            return new Failure(FailureKind.Forbidden,
                $"{bytes} bytes are asked for and {room} would be sent now; pay {Credits.Show(Due)} credits by a voucher for what was sent, or ask for less");
        }

        Sent += bytes;
        return null;
    }

    /// <summary>Bytes that were counted and not sent after all: the connection broke.</summary>
    public void Unsend(long bytes) => Sent = Math.Max(0, Sent - bytes);
}
