namespace Cete.Ledger.Channels;

/// <summary>
/// How many bytes a provider sends to one downloader before it is paid for them: few at first, twice as many each time that a whole window was paid,
/// so nobody can lose more than it was trusted with.
/// </summary>
public sealed class Window
{
    /// <summary>Bytes of the first window.</summary>
    public const long First = 256 * 1024;

    /// <summary>Bytes of the largest, where pieces are not larger.</summary>
    public const long Max = 16 * 1024 * 1024;

    private long _size = First;
    private long _least;
    private long _paid;

    /// <summary>Bytes that may be unpaid now.</summary>
    public long Size => Math.Max(_size, _least);

    /// <summary>No window is smaller than this: a piece is verified whole, so one that did not fit would never be paid for.</summary>
    /// <param name="piece">Bytes of a piece.</param>
    public void HoldPiece(long piece) => _least = Math.Max(_least, piece);

    /// <summary>So many bytes were paid, all together. What follows from it depends on this number alone, so both sides come to the same.</summary>
    public void PaidTo(long bytes)
    {
        _paid = Math.Max(_paid, bytes);
        while (_size < Max && _paid >= (2 * _size) - First)
        {
            _size *= 2;
        }
    }
}
