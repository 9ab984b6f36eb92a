namespace Cete.Ledger.Channels;

/// <summary>
/// What a downloader keeps of one lane: it pays for bytes that it verified and for no others, never more than the cap, and never less than before.
/// </summary>
/// <param name="pricePerMebibyte">Micro-credits of 2^20 bytes, as it was offered.</param>
/// <param name="cap">Micro-credits that the lane can bring at most.</param>
public sealed class PayerLane(long pricePerMebibyte, long cap)
{
    private readonly Window _window = new();

    /// <summary>Bytes that came from this provider and were right.</summary>
    public long Verified { get; private set; }

    /// <summary>Micro-credits of the last voucher.</summary>
    public long Promised { get; private set; }

    /// <summary>Micro-credits that the lane can bring at most.</summary>
    public long Cap { get; private set; } = cap;

    /// <summary>Bytes that the provider is expected to send before it is paid.</summary>
    public long WindowSize => _window.Size;

    /// <summary>Micro-credits that a voucher is to promise now; the last one's where there is nothing new to pay.</summary>
    public long Owed => Math.Max(Promised, Math.Min(Cap, Credits.CostOf(Verified, pricePerMebibyte)));

    /// <summary>Bytes that can still be paid, beyond what was verified.</summary>
    public long Affordable => Math.Max(0, Credits.BytesFor(Cap, pricePerMebibyte) - Verified);

    /// <summary>Bytes came and were right.</summary>
    public void Verify(long bytes) => Verified += bytes;

    /// <summary>A voucher was made.</summary>
    /// <param name="amount">Micro-credits, all together.</param>
    public void Promise(long amount)
    {
        var before = Math.Min(Credits.BytesFor(Promised, pricePerMebibyte), Verified);
        Promised = Math.Max(Promised, amount);
        _window.Paid(Math.Min(Credits.BytesFor(Promised, pricePerMebibyte), Verified) - before);
    }

    /// <summary>The lane was given more.</summary>
    public void Widen(long newCap) => Cap = Math.Max(Cap, newCap);
}
