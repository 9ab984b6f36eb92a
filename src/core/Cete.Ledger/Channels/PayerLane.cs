using Cete.Core;

namespace Cete.Ledger.Channels;

/// <summary>
/// What a downloader keeps of one lane: it pays for bytes that it verified, never more than the cap, and never less than before. A connection that
/// breaks takes bytes with it that the provider sent and nobody got. They are paid for only where the provider would not go on otherwise, and never
/// more of them than a window: so neither side can lose more than that.
/// </summary>
public sealed class PayerLane
{
    private readonly Window _window = new();

    /// <summary>Grows with what was verified alone: what was conceded is no reason to concede more.</summary>
    private readonly Window _trust = new();
    private long _lost;
    private long _claimed;

    /// <param name="pricePerMebibyte">Micro-credits of 2^20 bytes, as it was offered; 1 or more.</param>
    /// <param name="cap">Micro-credits that the lane can bring at most.</param>
    public PayerLane(long pricePerMebibyte, long cap)
    {
        Check.That(pricePerMebibyte > 0 && cap >= 0);
        (Price, Cap) = (pricePerMebibyte, cap);
    }

    /// <summary>Micro-credits of 2^20 bytes.</summary>
    public long Price { get; }

    /// <summary>Bytes that came from this provider and were right.</summary>
    public long Verified { get; private set; }

    /// <summary>Bytes that broken connections took with them and that are paid for all the same.</summary>
    public long Conceded { get; private set; }

    /// <summary>Bytes that were asked for and have not come yet.</summary>
    public long Asked { get; private set; }

    /// <summary>Micro-credits of the last voucher.</summary>
    public long Promised { get; private set; }

    /// <summary>Micro-credits that the lane can bring at most.</summary>
    public long Cap { get; private set; }

    /// <summary>Bytes that the provider is expected to send before it is paid.</summary>
    public long WindowSize => _window.Size;

    /// <summary>Micro-credits that a voucher is to promise now; the last one's where there is nothing new to pay.</summary>
    public long Owed => Math.Max(Promised, Math.Min(Cap, Credits.CostOf(Paying, Price)));

    /// <summary>Micro-credits that it comes to when all comes that was asked for.</summary>
    public long Committed => Math.Max(Promised, Math.Min(Cap, Credits.CostOf(Paying + Asked, Price)));

    /// <summary>Bytes that the provider counts, as far as is known: what it lost with connections is among them.</summary>
    public long Counted => Math.Max(Paying, _claimed);

    /// <summary>Bytes that can still be paid, beyond what the provider counts.</summary>
    public long Affordable => Math.Max(0, Credits.BytesFor(Cap, Price) - Counted);

    /// <summary>Bytes that the provider should send once it has a voucher of <see cref="Owed"/>.</summary>
    public long Room => Math.Max(0, Math.Min(Affordable, WindowSize - (Counted - Paying)));

    private long Paying => Verified + Conceded;

    /// <summary>Pieces of this length are asked for.</summary>
    /// <param name="piece">Bytes.</param>
    public void HoldPiece(long piece)
    {
        _window.HoldPiece(piece);
        _trust.HoldPiece(piece);
    }

    /// <summary>So many bytes are asked for.</summary>
    public void Ask(long bytes) => Asked += bytes;

    /// <summary>Bytes came and were right.</summary>
    public void Verify(long bytes)
    {
        Verified += bytes;
        Asked = Math.Max(0, Asked - bytes);
    }

    /// <summary>No more comes of what was asked for.</summary>
    /// <param name="isBroken">Whether a connection broke; not where the provider sent bytes that were wrong, or refused.</param>
    public void End(bool isBroken)
    {
        _lost += isBroken ? Asked : 0;
        Asked = 0;
    }

    /// <summary>A voucher was made.</summary>
    /// <param name="amount">Micro-credits, all together.</param>
    public void Promise(long amount)
    {
        Check.That(amount <= Owed, "a voucher promises no more than is owed");
        Promised = Math.Max(Promised, amount);
        _window.PaidTo(Math.Min(Credits.BytesFor(Promised, Price), Paying));
        _trust.PaidTo(Math.Min(Credits.BytesFor(Promised, Price), Verified));
    }

    /// <summary>
    /// A voucher came to light that this side signed and forgot, such as in a crash: it was signed for bytes that were verified, and up to a window more
    /// may have come since.
    /// </summary>
    /// <param name="amount">Micro-credits, all together.</param>
    /// <param name="sent">Bytes that the provider says it sent.</param>
    public void Recall(long amount, long sent)
    {
        if (amount <= Promised)
        {
            return;
        }

        Promised = amount;
        Cap = Math.Max(Cap, amount);
        Verified = Math.Max(Verified, Math.Min(Credits.BytesFor(amount, Price), Math.Max(0, sent)));
        _window.PaidTo(Math.Min(Credits.BytesFor(amount, Price), Paying));
        _trust.PaidTo(Math.Min(Credits.BytesFor(amount, Price), Verified));
        Restart();
    }

    /// <summary>What was asked for before a restart may have come, and nobody counted it.</summary>
    public void Restart() => _lost = Math.Max(_lost, _trust.Size);

    /// <summary>The provider did not send, though it was paid what is owed.</summary>
    /// <param name="sent">Bytes that it says it sent.</param>
    /// <param name="piece">Bytes that are to be asked for at least.</param>
    /// <returns>Whether there is something to ask for all the same; if not, both sides cannot come together.</returns>
    public bool Refused(long sent, long piece)
    {
        _claimed = Math.Max(_claimed, sent);
        if (Room < piece)
        {
            var mayConcede = Math.Max(0, Math.Min(_lost, _trust.Size) - Conceded);
            Conceded += Math.Min(mayConcede, Counted - Paying);
        }

        return WindowSize - (Counted - Paying) >= piece;
    }

    /// <summary>The lane was given more.</summary>
    public void Widen(long newCap) => Cap = Math.Max(Cap, newCap);
}
