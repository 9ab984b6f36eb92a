namespace Cete.Ledger.Channels;

/// <summary>
/// How many bytes a provider sends to one downloader before it is paid for them: few at first, twice as many each time that a whole window was paid,
/// so nobody can lose more than it was trusted with.
/// </summary>
public sealed class Window
{
    /// <summary>Bytes of the first window.</summary>
    public const long First = 256 * 1024;

    /// <summary>Bytes of the largest.</summary>
    public const long Max = 16 * 1024 * 1024;

    private long _paid;

    /// <summary>Bytes that may be unpaid now.</summary>
    public long Size { get; private set; } = First;

    /// <summary>So many more bytes were paid.</summary>
    public void Paid(long bytes)
    {
        // Counted to the next doubling: bytes that are paid one by one earn what they would together.
        _paid += bytes;
        while (Size < Max && _paid >= Size)
        {
            _paid -= Size;
            Size *= 2;
        }

        _paid = Math.Min(_paid, Max);
    }
}
