using Cete.Core;

namespace Cete.Ledger.Channels;

/// <summary>
/// What a provider keeps of one lane: how much it sent, how much of that is paid by the voucher that it has, and what it still sends. A decision alone:
/// whether a voucher is signed and the lane open, others have looked at.
/// </summary>
public sealed class ProviderLane
{
    /// <summary>More bytes than there are, and few enough to add to.</summary>
    private const long Far = 1L << 62;

    private readonly Window _window = new();

    /// <param name="pricePerMebibyte">Micro-credits of 2^20 bytes, as it was offered; 0 for nothing.</param>
    /// <param name="cap">Micro-credits that the lane can bring at most.</param>
    /// <param name="sent">Bytes that were sent before this provider started anew.</param>
    /// <param name="paid">Micro-credits of the voucher that was kept then.</param>
    public ProviderLane(long pricePerMebibyte, long cap, long sent = 0, long paid = 0)
    {
        Check.That(pricePerMebibyte >= 0 && cap >= 0 && sent >= 0 && paid >= 0);
        (Price, Cap, Paid, Kept) = (pricePerMebibyte, Math.Max(cap, paid), paid, paid);

        // What was paid was sent, even where the count of it was lost.
        Sent = paid == 0 ? sent : Math.Max(sent, Credits.BytesFor(paid - 1, Price) + 1);
        _window.PaidTo(Math.Min(Covered(Paid), Sent));
    }

    /// <summary>Micro-credits of 2^20 bytes.</summary>
    public long Price { get; }

    /// <summary>Bytes that were sent, or are about to be.</summary>
    public long Sent { get; private set; }

    /// <summary>Micro-credits of the highest voucher.</summary>
    public long Paid { get; private set; }

    /// <summary>Micro-credits of the highest voucher that a crash does not take away.</summary>
    public long Kept { get; private set; }

    /// <summary>Micro-credits that the lane can bring at most.</summary>
    public long Cap { get; private set; }

    /// <summary>Bytes that may be unpaid now.</summary>
    public long WindowSize => _window.Size;

    /// <summary>Micro-credits of all that was sent.</summary>
    public long Due => Credits.CostOf(Sent, Price);

    /// <summary>Bytes that would be sent now: the rest of the window, and of what the lane can pay.</summary>
    public long Room => Math.Max(0, Math.Min(_window.Size + Covered(Paid), Covered(Cap)) - Sent);

    /// <summary>Pieces of this length are asked for.</summary>
    /// <param name="piece">Bytes.</param>
    public void HoldPiece(long piece) => _window.HoldPiece(piece);

    /// <summary>The bank says that the lane can bring so much now; it never becomes less than it was.</summary>
    public void Widen(long newCap) => Cap = Math.Max(Cap, newCap);

    /// <summary>A voucher came in, signed and of this lane.</summary>
    /// <param name="amount">Micro-credits, all together.</param>
    /// <returns>Null where it counts, or is one that was there before; else why not.</returns>
    public Failure? Take(long amount)
    {
        if (amount > Cap)
        {
            return new Failure(FailureKind.Conflict, $"the voucher promises {Credits.Counted(amount)}; the lane's cap is {Credits.Show(Cap)}");
        }

        if (amount < Paid)
        {
            return new Failure(FailureKind.Conflict, $"the voucher promises {Credits.Counted(amount)}; {Credits.Show(Paid)} were promised before");
        }

        Paid = amount;
        _window.PaidTo(Math.Min(Covered(Paid), Sent));
        return null;
    }

    /// <summary>A voucher lies on a disk.</summary>
    /// <param name="amount">Its micro-credits.</param>
    public void Keep(long amount) => Kept = Math.Max(Kept, Math.Min(amount, Paid));

    /// <summary>
    /// Whether a crash after so many more bytes could take away the pay of more than a window, unless the highest voucher is kept before they are sent.
    /// What is not paid at all comes beside it: at most another window.
    /// </summary>
    public bool MustKeepBefore(long bytes)
    {
        var sent = Math.Min(Sent, Far) + bytes;
        return Math.Min(Covered(Paid), sent) - Math.Min(Covered(Kept), sent) > WindowSize;
    }

    /// <summary>So many bytes are sent from now on.</summary>
    /// <returns>Null where they may be, else what is to be paid first.</returns>
    public Failure? Send(long bytes)
    {
        Check.That(bytes >= 0);
        if (bytes > Room)
        {
            return new Failure(FailureKind.Unpaid, Covered(Cap) - Sent < bytes
                ? $"the lane can bring {Credits.Counted(Cap)} and {Credits.Show(Due)} are due already; widen it"
                : $"{bytes} bytes are asked for and {Room} would be sent now: {Credits.Counted(Due, "credit is", "credits are")} due and {Credits.Show(Paid)} of them paid");
        }

        Sent += bytes;
        return null;
    }

    /// <summary>Bytes that were counted and not sent after all: the connection broke.</summary>
    public void Unsend(long bytes) => Sent = Math.Max(0, Sent - bytes);

    private long Covered(long amount) => Math.Min(Far, Credits.BytesFor(amount, Price));
}
