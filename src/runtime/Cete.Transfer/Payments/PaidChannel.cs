using System.Security.Cryptography;
using Cete.Core;
using Cete.Ledger;
using Cete.Ledger.Channels;
using Cete.Ports.Payments;
using Cete.Trust;

namespace Cete.Transfer.Payments;

/// <summary>
/// The channel of one download: its key, what may be spent and its lanes. Opened when the first provider wants to be paid, or found again in the book.
/// Orders to the bank go one behind the other; the rest is guarded by <see cref="Gate"/>.
/// </summary>
internal sealed class PaidChannel : IDisposable
{
    private readonly IPayerBank _bank;
    private readonly IPayerBook _book;
    private readonly PayerOptions _options;
    private readonly Turns _orders = new();
    private readonly ECDsa _key;
    private AccountId? _author;
    private ChannelOrder? _opening;
    private long _reserve;
    private bool _isOpen;
    private bool _isDoubtful;

    private PaidChannel(IPayerBank bank, IPayerBook book, PayerOptions options, TransferId id, ECDsa key)
    {
        (_bank, _book, _options, Id, _key) = (bank, book, options, id, key);
        _author = options.Author;
        Purse = new Purse(options.Max, options.Price);
        PublicKey = key.ExportSubjectPublicKeyInfo();
    }

    public Lock Gate { get; } = new();

    public TransferId Id { get; }

    public byte[] PublicKey { get; }

    public Purse Purse { get; }

    public List<PaidLane> Lanes { get; } = [];

    /// <summary>Takes up the channel that an earlier run of the same download left behind, or begins a new one.</summary>
    public static PaidChannel Begin(IPayerBank bank, IPayerBook book, PayerOptions options)
    {
        foreach (var kept in book.All().Where(kept =>
            !kept.IsClosing && kept.Purpose == options.Purpose && kept.Community == options.Community.ToString() && kept.Price == options.Price))
        {
            if (Resume(bank, book, options, kept) is { } channel)
            {
                return channel;
            }
        }

        return New(bank, book, options);
    }

    public static PaidChannel New(IPayerBank bank, IPayerBook book, PayerOptions options) => new(
        bank, book, options, new TransferId(RandomNumberGenerator.GetBytes(TransferId.Size)), ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>A voucher of what a lane owes now.</summary>
    public Voucher Sign(PaidLane lane)
    {
        lane.Counts.Promise(lane.Counts.Owed);
        return Voucher.Sign(_key, _options.Community, Id.Bits, lane.Provider, lane.Counts.Promised);
    }

    /// <summary>Opens a lane, and the channel with the first of them.</summary>
    public async Task<Outcome<PaidLane>> OpenLaneAsync(KeyId provider, LedgerAddress payee, long price, long bytes, CancellationToken cancellation)
    {
        using var turn = await _orders.EnterAsync(cancellation);
        Outcome<long> cap;
        lock (Gate)
        {
            if (Lanes.Find(lane => lane.Provider == provider) is { } known)
            {
                return known.Payee == payee ? known : new Failure(FailureKind.Unpaid, $"{provider} wants {payee} to be paid, and wanted {known.Payee} before");
            }

            cap = Purse.FirstCap(bytes);
        }

        if (!cap.Succeeded)
        {
            return cap.Failure;
        }

        var ordered = await OrderAsync(new LaneOrder(provider, payee, cap.Value, _author), cancellation);
        if (ordered.Failure is { Kind: FailureKind.NotFound } && _author is not null)
        {
            // An author whose account was closed is paid no more: that is no reason not to download.
            _author = null;
            ordered = await OrderAsync(new LaneOrder(provider, payee, cap.Value), cancellation);
        }

        if (!ordered.Succeeded)
        {
            return ordered.Failure;
        }

        var lane = new PaidLane(provider, payee, _author, new PayerLane(price, cap.Value));

        lock (Gate)
        {
            Purse.Add(lane.Counts);
            Lanes.Add(lane);
        }

        return Keep(isClosing: false) is { } unkept ? unkept : lane;
    }

    /// <summary>Has the bank raise the cap of a lane so that so many more bytes can be paid; nothing where it is high enough.</summary>
    public async Task<Failure?> WidenAsync(PaidLane lane, long bytes, CancellationToken cancellation)
    {
        using var turn = await _orders.EnterAsync(cancellation);
        Outcome<long> cap;
        lock (Gate)
        {
            cap = Purse.NextCap(lane.Counts, bytes);
        }

        if (!cap.Succeeded || cap.Value == lane.Counts.Cap)
        {
            return cap.Failure;
        }

        var ordered = await OrderAsync(lane.Order(cap.Value), cancellation);
        if (!ordered.Succeeded)
        {
            return ordered.Failure;
        }

        lock (Gate)
        {
            lane.Counts.Widen(cap.Value);
        }

        return Keep(isClosing: false);
    }

    /// <summary>Tells the bank that nothing more is bought, and how much each provider gets; if it is away, the next payer does.</summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        if (!_isOpen && _opening is null)
        {
            _book.Forget(Id);
            return;
        }

        List<SignedVoucher> last;
        lock (Gate)
        {
            last = [.. Lanes.Where(lane => lane.Counts.Owed > 0).Select(lane => Signed(Sign(lane)))];
        }

        Keep(isClosing: true);
        var closed = await _bank.CloseAsync(Id, last, cancellation);
        if (closed.Succeeded || closed.Failure.Kind is FailureKind.NotFound or FailureKind.Expired or FailureKind.Conflict)
        {
            _book.Forget(Id);
        }
    }

    /// <summary>Closes what earlier runs could not tell the bank.</summary>
    public static async Task SettleAsync(IPayerBank bank, IPayerBook book, PayerOptions options, CancellationToken cancellation)
    {
        foreach (var kept in book.All().Where(kept => kept.IsClosing && kept.Community == options.Community.ToString()))
        {
            using var channel = Resume(bank, book, options with { Price = kept.Price }, kept);
            if (channel is not null)
            {
                await channel.CloseAsync(cancellation);
            }
        }
    }

    public void Dispose() => _key.Dispose();

    private static PaidChannel? Resume(IPayerBank bank, IPayerBook book, PayerOptions options, KeptChannel kept)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(kept.Key);
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            key.Dispose();
            return null;
        }

        if (!TransferId.TryParse(kept.Channel, out var id) || kept.Price <= 0 || kept.Lanes.Count > Purse.LanesMax)
        {
            key.Dispose();
            return null;
        }

        var channel = new PaidChannel(bank, book, options, id, key) { _isOpen = true, _isDoubtful = true, _reserve = kept.Reserve };
        foreach (var one in kept.Lanes)
        {
            var author = default(AccountId);
            if (KeyId.TryParse(one.Provider, out var provider) && LedgerAddress.TryParse(one.Payee, out var payee)
                && (one.Author is null || AccountId.TryParse(one.Author, out author)) && one.Cap >= 0 && one.Price > 0 && one.Price <= options.Price)
            {
                var counts = new PayerLane(one.Price, one.Cap);
                counts.Recall(Math.Min(one.Promised, one.Cap), one.Sent);
                counts.Restart();
                channel.Purse.Add(counts);
                channel.Lanes.Add(new PaidLane(provider, payee, one.Author is null ? null : author, counts));
            }
        }

        return channel;
    }

    /// <summary>Whether the bank still has a channel that was found in the book. One that it has no longer is of no use.</summary>
    public async Task<bool> IsThereAsync(CancellationToken cancellation)
    {
        if (!_isDoubtful)
        {
            return true;
        }

        using var turn = await _orders.EnterAsync(cancellation);
        List<LaneOrder> lanes;
        lock (Gate)
        {
            lanes = [.. Lanes.Select(lane => lane.Order(lane.Counts.Cap))];
        }

        var there = await _bank.WidenAsync(Id, _reserve, lanes, cancellation);
        if (there.Failure?.Kind is FailureKind.NotFound or FailureKind.Expired or FailureKind.Conflict)
        {
            _book.Forget(Id);
            return false;
        }

        _isDoubtful = !there.Succeeded;
        return true;
    }

    private static SignedVoucher Signed(Voucher voucher) =>
        new(new TransferId(voucher.Channel), voucher.Provider, voucher.Amount, voucher.ToArray());

    private async Task<Outcome<bool>> OrderAsync(LaneOrder lane, CancellationToken cancellation)
    {
        long reserve;
        lock (Gate)
        {
            var first = _opening?.Lanes[0];
            var others = Lanes.Where(other => other.Provider != lane.Provider).Sum(other => other.Counts.Cap)
                + (first is null || first.Provider == lane.Provider || Lanes.Exists(one => one.Provider == first.Provider) ? 0 : first.Cap);
            reserve = Math.Max(_reserve, Math.Max(Purse.Expected, others + lane.Cap));
        }

        if (!_isOpen)
        {
            var opened = await OpenAsync(lane, reserve, cancellation);
            if (!opened.Succeeded || _opening!.Lanes[0] == lane)
            {
                return opened;
            }
        }

        var widened = await _bank.WidenAsync(Id, reserve, [lane], cancellation);
        _reserve = widened.Succeeded ? reserve : _reserve;
        return widened;
    }

    /// <summary>Opens the channel. An order that nobody answered may have been carried out: it is given again as it was.</summary>
    private async Task<Outcome<bool>> OpenAsync(LaneOrder lane, long reserve, CancellationToken cancellation)
    {
        if (_opening is null)
        {
            // The key is kept before there is anything that it can spend.
            _reserve = reserve;
            if (Keep(isClosing: false) is { } unkept)
            {
                return unkept;
            }
        }

        _opening ??= new ChannelOrder(Id, _options.Subject, PublicKey, reserve, [lane]);
        var opened = await _bank.OpenAsync(_opening, cancellation);
        _isOpen = opened.Succeeded;
        _opening = opened.Failure is null or { Kind: FailureKind.Unavailable } ? _opening : null;
        return opened;
    }

    private Failure? Keep(bool isClosing)
    {
        lock (Gate)
        {
            return _book.Keep(new KeptChannel(
                Id.ToString(), _options.Purpose, _options.Community.ToString(), _options.Price, _reserve, _key.ExportPkcs8PrivateKeyPem(), isClosing,
                [.. Lanes.Select(lane => new KeptPayerLane(
                    lane.Provider.ToString(), lane.Payee.ToString(), lane.Counts.Price, lane.Counts.Cap, lane.Counts.Promised, lane.Counts.Verified,
                    lane.Author?.ToString()))]));
        }
    }
}

/// <summary>One provider that is paid.</summary>
internal sealed class PaidLane(KeyId provider, LedgerAddress payee, AccountId? author, PayerLane counts)
{
    public KeyId Provider { get; } = provider;

    public LedgerAddress Payee { get; } = payee;

    /// <summary>Who gets the author's part; null for nobody.</summary>
    public AccountId? Author { get; } = author;

    public PayerLane Counts { get; } = counts;

    /// <summary>One request at a time: the window is one.</summary>
    public Turns Requests { get; } = new();

    /// <summary>Refusals since bytes came last.</summary>
    public int Refusals { get; set; }

    /// <summary>Its provider serves those who have too few credits, when nobody else is served.</summary>
    public bool HasLastPlace { get; set; }

    /// <summary>It with another cap, for the bank.</summary>
    public LaneOrder Order(long cap) => new(Provider, Payee, cap, Author);
}
