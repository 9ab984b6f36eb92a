using Cete.Core;

namespace Cete.Ledger.Channels;

/// <summary>
/// What a downloader may spend on one download, over all of its lanes. Lanes get caps in steps, so that a provider that goes away holds back little;
/// caps may come to twice the price together, since not every lane brings what it could, but what is promised never comes to more than was agreed to.
/// </summary>
public sealed class Purse
{
    /// <summary>Lanes of a channel.</summary>
    public const int LanesMax = 40;

    /// <summary>A lane's first cap is at least the price of so many bytes: a few windows.</summary>
    private const long StepBytes = 4L * 1024 * 1024;

    private readonly List<PayerLane> _lanes = [];

    /// <param name="max">Micro-credits that may be spent.</param>
    /// <param name="price">Micro-credits of 2^20 bytes, at most.</param>
    public Purse(long max, long price)
    {
        Check.That(max >= 0 && price > 0);
        (Max, Price) = (max, price);
    }

    /// <summary>Micro-credits that may be spent.</summary>
    public long Max { get; }

    /// <summary>Micro-credits of 2^20 bytes, at most: a lane may cost less.</summary>
    public long Price { get; }

    /// <summary>Bytes that are to be fetched, all together.</summary>
    public long Wanted { get; private set; }

    /// <summary>Micro-credits of all caps.</summary>
    public long Caps => _lanes.Sum(lane => lane.Cap);

    /// <summary>Micro-credits that were promised or will be when all comes that was asked for.</summary>
    public long Committed => _lanes.Sum(lane => lane.Committed);

    /// <summary>Micro-credits that were promised.</summary>
    public long Promised => _lanes.Sum(lane => lane.Promised);

    /// <summary>What it is expected to come to: the price of what is wanted, within what may be spent.</summary>
    public long Expected => Math.Min(Max, Credits.CostOf(Wanted, Price) + 1);

    private long CapsMax => Math.Min(Credits.Max, 2 * Expected);

    /// <summary>More is to be fetched.</summary>
    /// <param name="bytes">0 or more.</param>
    public void Want(long bytes) => Wanted += bytes;

    /// <summary>A lane that there was before.</summary>
    public void Add(PayerLane lane) => _lanes.Add(lane);

    /// <summary>The cap of a lane that is to be opened.</summary>
    /// <param name="bytes">Bytes that are to be asked for by it at once.</param>
    /// <returns>Micro-credits; or why there is to be none.</returns>
    public Outcome<long> FirstCap(long bytes) => _lanes.Count >= LanesMax
        ? new Failure(FailureKind.TooLarge, $"a channel has at most {LanesMax} lanes, and all are in use")
        : Fit(0, 0, bytes);

    /// <summary>The cap that a lane is to have so that so many more bytes can be asked for by it: its own where that is enough.</summary>
    /// <returns>Micro-credits; or why it cannot have as much.</returns>
    public Outcome<long> NextCap(PayerLane lane, long bytes) =>
        lane.Affordable - lane.Asked >= bytes ? lane.Cap : Fit(lane.Cap, Math.Max(lane.Committed, Credits.CostOf(lane.Counted + lane.Asked, Price)), bytes);

    /// <summary>How many of some bytes may be asked for by a lane without more being spent than may be.</summary>
    public long MayAsk(PayerLane lane, long bytes)
    {
        var left = Max - (Committed - lane.Committed);
        var affordable = Credits.BytesFor(Math.Max(0, left), lane.Price) - lane.Verified - lane.Conceded - lane.Asked;
        return left <= 0 ? 0 : Math.Clamp(Math.Min(affordable, lane.Affordable - lane.Asked), 0, bytes);
    }

    private Outcome<long> Fit(long cap, long committed, long bytes)
    {
        var needed = committed + Credits.CostOf(bytes, Price) + 1;
        var step = Math.Max(Credits.CostOf(StepBytes, Price), Expected / 8);
        var most = Math.Min(cap + Math.Max(0, CapsMax - Caps), Max);
        return Math.Min(most, Math.Max(needed, Math.Max(step, 2 * cap))) is var fits && fits >= needed - 1 && fits > cap
            ? fits
            : new Failure(
                FailureKind.Unpaid,
                $"{Credits.Counted(Max)} may be spent and {Credits.Show(Committed)} are, with what the other providers hold back; allow more by --max-price");
    }
}
