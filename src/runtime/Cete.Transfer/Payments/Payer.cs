using System.Collections.Concurrent;
using Cete.Core;
using Cete.Ledger;
using Cete.Ledger.Channels;
using Cete.Ports.Payments;

namespace Cete.Transfer.Payments;

/// <summary>
/// Pays for one download: one channel, a lane for each provider that wants to be paid, and a voucher with each request of what was verified by then.
/// Disposing closes the channel. For several callers at once.
/// </summary>
public sealed class Payer : IPayer, IAsyncDisposable
{
    /// <summary>Times that a provider may refuse in a row without having sent anything in between.</summary>
    private const int RefusalsMax = 3;

    private readonly IPayerBank _bank;
    private readonly IPayerBook _book;
    private readonly PayerOptions _options;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<Uri, PaidLane> _bySource = new();
    private readonly ConcurrentDictionary<Uri, bool> _lastAt = new();
    private readonly Turns _starting = new();
    private readonly Lock _wanting = new();
    private PaidChannel? _channel;
    private long _wanted;
    private bool _isEnded;

    /// <param name="bank">The community's bank.</param>
    /// <param name="book">Keeps the channel until it is closed.</param>
    /// <param name="options">What it is for, and what it may cost.</param>
    /// <param name="clock">The time here.</param>
    public Payer(IPayerBank bank, IPayerBook book, PayerOptions options, TimeProvider clock) =>
        (_bank, _book, _options, _clock) = (bank, book, options, clock);

    /// <summary>Micro-credits that were promised so far.</summary>
    public long Promised
    {
        get
        {
            if (_channel is not { } channel)
            {
                return 0;
            }

            lock (channel.Gate)
            {
                return channel.Purse.Promised;
            }
        }
    }

    /// <summary>More is to be fetched: said before it is, since what a channel reserves depends on it.</summary>
    /// <param name="bytes">0 or more.</param>
    public void Want(long bytes)
    {
        lock (_wanting)
        {
            _wanted += bytes;
            if (_channel is { } channel)
            {
                lock (channel.Gate)
                {
                    channel.Purse.Want(bytes);
                }
            }
        }
    }

    /// <inheritdoc/>
    public async Task<Outcome<IPaidTurn>> BeginAsync(Uri source, PaidWish wish, CancellationToken cancellation)
    {
        if (!_bySource.TryGetValue(source, out var lane))
        {
            return _lastAt.ContainsKey(source) ? new LastTurn(wish) : new FreeTurn(this, source, wish);
        }

        var turn = await lane.Requests.EnterAsync(cancellation);
        var begun = await BeginAsync(lane, turn, wish, cancellation);
        if (!begun.Succeeded)
        {
            turn.Dispose();
        }

        // The credits came to an end in the middle: what is left may come without any.
        return begun.Failure is { Kind: FailureKind.Unpaid } && lane.HasLastPlace ? new LastTurn(wish) : begun;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var brief = new CancellationTokenSource(_options.CloseMax, _clock);
        using (await _starting.EnterAsync(CancellationToken.None))
        {
            _isEnded = true;
        }

        try
        {
            if (_channel is not null)
            {
                await _channel.CloseAsync(brief.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It stands in the book, and is closed by whoever pays next.
        }

        _channel?.Dispose();
    }

    private async Task<Outcome<IPaidTurn>> BeginAsync(PaidLane lane, IDisposable turn, PaidWish wish, CancellationToken cancellation)
    {
        var channel = _channel!;
        long room;
        lock (channel.Gate)
        {
            lane.Counts.HoldPiece(wish.PieceLength);
            room = Math.Min(wish.Bytes, Math.Max(wish.First, lane.Counts.WindowSize));
        }

        // Where the cap cannot be raised now, what is left of it may do.
        var narrow = lane.Counts.Affordable >= room ? null : await channel.WidenAsync(lane, room, cancellation);
        lock (channel.Gate)
        {
            var voucher = lane.Counts.Owed > 0 ? VoucherText.Write(channel.Sign(lane)) : null;
            var bytes = channel.Purse.MayAsk(lane.Counts, Math.Min(wish.Bytes, lane.Counts.Room));
            return bytes >= wish.First
                ? new PaidTurn(channel, lane, turn, wish, voucher, bytes)
                : narrow ?? (lane.Counts.Room >= wish.First || lane.Counts.Affordable < wish.First
                    ? new Failure(
                        FailureKind.Unpaid,
                        $"{Credits.Counted(_options.Max)} may be spent, and all but {Credits.Show(_options.Max - channel.Purse.Committed)} are")
                    : new Failure(FailureKind.Unpaid, $"{lane.Provider} counts more than it sent, and is not asked again"));
        }
    }

    private async Task<Failure?> AgreeAsync(Uri source, PaidWish wish, Bill bill, CancellationToken cancellation)
    {
        var read = Read(bill, wish);
        if (!read.Succeeded)
        {
            return read.Failure;
        }

        var channel = await StartAsync(cancellation);
        if (!channel.Succeeded)
        {
            return channel.Failure;
        }

        var (provider, payee) = read.Value;
        var lane = await channel.Value.OpenLaneAsync(
            provider, payee, bill.Price, Math.Min(wish.Bytes, Math.Max(wish.First, bill.Window)), cancellation);
        if (!lane.Succeeded)
        {
            return lane.Failure.Kind == FailureKind.Unpaid && bill.HasLastPlace && _lastAt.TryAdd(source, true) ? null : lane.Failure;
        }

        lane.Value.HasLastPlace = bill.HasLastPlace;
        _bySource.TryAdd(source, lane.Value);
        return null;
    }

    /// <summary>Whom to pay, and for whom; or why what a provider wants is not what was agreed on.</summary>
    private Outcome<(KeyId Provider, LedgerAddress Payee)> Read(Bill bill, PaidWish wish)
    {
        if (bill.Price <= 0 || bill.Price > _options.Price)
        {
            return new Failure(
                FailureKind.Unpaid,
                $"it asks {Credits.Counted(bill.Price)} for a MiB; the community's price is {Credits.Show(_options.Price)}, and no more is paid");
        }

        if (!KeyId.TryParse(bill.Provider, out var provider) || !LedgerAddress.TryParse(bill.Payee, out var payee)
            || payee.Kind is not (LedgerAccountKind.User or LedgerAccountKind.Node or LedgerAccountKind.Treasury))
        {
            return new Failure(FailureKind.Invalid, "it does not say whom to pay");
        }

        return wish.Known is { } known && known != provider
            ? new Failure(FailureKind.Forbidden, $"it wants node {provider} to be paid, and is {known}")
            : _options.Max == 0
                ? new Failure(FailureKind.Unpaid, $"it costs {Credits.Counted(bill.Price)} for a MiB; say what may be spent by --max-price")
                : (provider, payee);
    }

    private async Task<Outcome<PaidChannel>> StartAsync(CancellationToken cancellation)
    {
        using var turn = await _starting.EnterAsync(cancellation);
        if (_isEnded)
        {
            return new Failure(FailureKind.Cancelled, "stopped on request");
        }

        if (_channel is not null)
        {
            return _channel;
        }

        await PaidChannel.SettleAsync(_bank, _book, _options, cancellation);
        var begun = PaidChannel.Begin(_bank, _book, _options);
        if (!await begun.IsThereAsync(cancellation))
        {
            begun.Dispose();
            begun = PaidChannel.New(_bank, _book, _options);
        }

        lock (_wanting)
        {
            begun.Purse.Want(_wanted);
            return _channel = begun;
        }
    }

    /// <summary>A request to a source that has asked for nothing so far.</summary>
    private sealed class FreeTurn(Payer payer, Uri source, PaidWish wish) : IPaidTurn
    {
        public string? Channel => null;

        public string? Voucher => null;

        public bool IsLast => false;

        public long BytesMax => wish.Bytes;

        public void Ask(long bytes)
        {
        }

        public void Verified(long bytes)
        {
        }

        public void Broke()
        {
        }

        public Task<Failure?> RefusedAsync(Bill bill, CancellationToken cancellation) => payer.AgreeAsync(source, wish, bill, cancellation);

        public void Dispose()
        {
        }
    }

    /// <summary>A request of somebody who has too few credits, to a source that serves those last.</summary>
    private sealed class LastTurn(PaidWish wish) : IPaidTurn
    {
        public string? Channel => null;

        public string? Voucher => null;

        public bool IsLast => true;

        public long BytesMax { get; } = Math.Min(wish.Bytes, Math.Max(wish.First, LastPlace.RequestBytesMax));

        public void Ask(long bytes)
        {
        }

        public void Verified(long bytes)
        {
        }

        public void Broke()
        {
        }

        public Task<Failure?> RefusedAsync(Bill bill, CancellationToken cancellation) =>
            Task.FromResult<Failure?>(new Failure(FailureKind.Unpaid, $"there are too few credits, and it serves nobody without; {Shortage.HowTo}"));

        public void Dispose()
        {
        }
    }

    /// <summary>A request that is paid for.</summary>
    private sealed class PaidTurn(PaidChannel channel, PaidLane lane, IDisposable turn, PaidWish wish, string? voucher, long bytesMax) : IPaidTurn
    {
        private bool _isBroken;

        public string? Channel { get; } = channel.Id.ToString();

        public string? Voucher => voucher;

        public bool IsLast => false;

        public long BytesMax => bytesMax;

        public void Ask(long bytes)
        {
            lock (channel.Gate)
            {
                lane.Counts.Ask(bytes);
            }
        }

        public void Verified(long bytes)
        {
            lock (channel.Gate)
            {
                lane.Counts.Verify(bytes);
                lane.Refusals = 0;
            }
        }

        public void Broke() => _isBroken = true;

        public Task<Failure?> RefusedAsync(Bill bill, CancellationToken cancellation)
        {
            lock (channel.Gate)
            {
                return Task.FromResult(Judge(bill));
            }
        }

        public void Dispose()
        {
            lock (channel.Gate)
            {
                lane.Counts.End(_isBroken);
            }

            turn.Dispose();
        }

        private Failure? Judge(Bill bill)
        {
            if (bill.Price > lane.Counts.Price)
            {
                return new Failure(
                    FailureKind.Unpaid,
                    $"{lane.Provider} asks for more in the middle of a download: {Credits.Counted(bill.Price)} for a MiB");
            }

            if (++lane.Refusals > RefusalsMax)
            {
                return new Failure(
                    bill.Sent > lane.Counts.Verified ? FailureKind.Unpaid : FailureKind.Unavailable,
                    $"{lane.Provider} was paid for all that came from it, and sends nothing");
            }

            if (bill.Voucher is { } text && VoucherText.Read(text) is { Succeeded: true, Value: var shown }
                && shown.Channel == channel.Id.Bits && shown.Provider == lane.Provider
                && shown.Verify(channel.PublicKey, shown.Community) is null)
            {
                lane.Counts.Recall(shown.Amount, bill.Sent);
            }

            lane.Counts.End(isBroken: false);
            return lane.Counts.Refused(bill.Sent, wish.First)
                ? null
                : new Failure(
                    FailureKind.Unpaid,
                    $"{lane.Provider} says that it sent {bill.Sent} bytes; {lane.Counts.Verified} came and were right, and for those alone it was paid");
        }
    }
}
