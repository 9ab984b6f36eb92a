using System.Threading.Channels;
using Cete.Core;
using Cete.Ledger;
using Cete.Ledger.Channels;
using Cete.Ports.Payments;

namespace Cete.Transfer.Payments;

/// <summary>
/// Keeps the lanes of a till: in memory those in use, in the book what they owe, which it writes many at a time and hands in at the bank. What the bank
/// cannot take now is tried again as long as it counts. For several callers at once.
/// </summary>
internal sealed class TillKeeper : IAsyncDisposable
{
    /// <summary>Lanes that are looked up again, and batches that are handed in, at one time: the rest has its turn at the next.</summary>
    private const int RoundMax = 100;

    private readonly IProviderBank _bank;
    private readonly ILaneBook _book;
    private readonly TillOptions _options;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly Lock _bookGate = new();
    private readonly Dictionary<TransferId, TillLane> _lanes = [];
    private readonly Channel<bool> _writes = NewSignal();
    private readonly Channel<bool> _rounds = NewSignal();
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _timer;
    private readonly Task _writing;
    private readonly Task _going;
    private HashSet<TillLane> _unwritten = [];
    private TaskCompletionSource<Failure?> _nextWrite = NewWrite();
    private int _waiting;

    public TillKeeper(IProviderBank bank, ILaneBook book, TillOptions options, TimeProvider clock)
    {
        (_bank, _book, _options, _clock) = (bank, book, options, clock);
        _writing = WriteAsync();
        _going = GoRoundAsync();
        _timer = clock.CreateTimer(_ => _rounds.Writer.TryWrite(true), null, options.RedeemEvery, options.RedeemEvery);
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _lanes.Count;
            }
        }
    }

    private Instant Now => Instant.From(_clock.GetUtcNow());

    public TillLane? Find(TransferId channel)
    {
        lock (_gate)
        {
            if (_lanes.TryGetValue(channel, out var lane))
            {
                // Who is about to use it keeps it from being let go.
                lane.UsedAt = Now;
            }

            return lane;
        }
    }

    /// <summary>Takes a lane up that the bank knows, with what the book has of it.</summary>
    public Outcome<TillLane> Open(TransferId channel, ChannelFacts facts, long price, Instant now)
    {
        Outcome<KeptLane?> kept;
        lock (_bookGate)
        {
            kept = _book.Find(channel);
        }

        if (!kept.Succeeded)
        {
            return kept.Failure with { Kind = FailureKind.Unavailable };
        }

        lock (_gate)
        {
            if (_lanes.TryGetValue(channel, out var known))
            {
                return known;
            }

            if (_lanes.Count >= _options.LanesMax)
            {
                return new Failure(FailureKind.Throttled, "too many are served here at this moment; try again later, or another provider");
            }

            var counts = kept.Value is { } before
                ? new ProviderLane(before.Price, facts.Cap, before.Sent, before.Amount)
                : new ProviderLane(price, facts.Cap);
            var lane = new TillLane(channel, facts, counts, now);
            if (kept.Value is not null)
            {
                lane.TakeUp(kept.Value);
            }

            return _lanes[channel] = lane;
        }
    }

    /// <summary>A lane has a higher voucher: it is written soon.</summary>
    /// <param name="lane">Which.</param>
    /// <param name="isFirst">Whether nothing waited to be handed in for it before.</param>
    public void Note(TillLane lane, bool isFirst)
    {
        lock (_gate)
        {
            _unwritten.Add(lane);
        }

        _writes.Writer.TryWrite(true);
        if (isFirst && Interlocked.Increment(ref _waiting) >= _options.RedeemAt)
        {
            _rounds.Writer.TryWrite(true);
        }
    }

    /// <summary>Done once the lane is written as it stands; a failure when it could not be.</summary>
    public Task<Failure?> KeepAsync(TillLane lane)
    {
        Task<Failure?> written;
        lock (_gate)
        {
            _unwritten.Add(lane);
            written = _nextWrite.Task;
        }

        _writes.Writer.TryWrite(true);
        return written;
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        _rounds.Writer.TryComplete();
        await _stop.CancelAsync();
        await _going;
        lock (_gate)
        {
            _unwritten.UnionWith(_lanes.Values);
        }

        _writes.Writer.TryWrite(true);
        _writes.Writer.TryComplete();
        await _writing;
        using var brief = new CancellationTokenSource(_options.StopMax, _clock);
        await RedeemAsync(brief.Token);
        _stop.Dispose();
    }

    private static Channel<bool> NewSignal() => Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private static TaskCompletionSource<Failure?> NewWrite() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WriteAsync()
    {
        while (await _writes.Reader.WaitToReadAsync())
        {
            while (_writes.Reader.TryRead(out _))
            {
            }

            WriteAll();
        }

        WriteAll();
    }

    private void WriteAll()
    {
        HashSet<TillLane> lanes;
        TaskCompletionSource<Failure?> done;
        lock (_gate)
        {
            (lanes, _unwritten) = (_unwritten, []);
            (done, _nextWrite) = (_nextWrite, NewWrite());
        }

        List<(TillLane Lane, KeptLane Kept)> kept = [.. lanes.Select(lane => (lane, Snapshot(lane)))];
        var failure = kept.Count == 0 ? null : Book(book => book.Keep([.. kept.Select(pair => pair.Kept)]));
        foreach (var (lane, written) in failure is null ? kept : [])
        {
            lock (lane.Gate)
            {
                lane.Counts.Keep(written.Amount);
            }
        }

        if (failure is not null)
        {
            // They are tried again with whatever comes next.
            lock (_gate)
            {
                _unwritten.UnionWith(lanes);
            }
        }

        done.SetResult(failure);
    }

    private static KeptLane Snapshot(TillLane lane)
    {
        lock (lane.Gate)
        {
            return lane.ToKeep();
        }
    }

    private async Task GoRoundAsync()
    {
        try
        {
            while (await _rounds.Reader.WaitToReadAsync(_stop.Token))
            {
                while (_rounds.Reader.TryRead(out _))
                {
                }

                await LookAgainAsync(_stop.Token);
                LetGo();
                await RedeemAsync(_stop.Token);
                Book(book => book.Forget(Now));
            }
        }
        catch (OperationCanceledException)
        {
            // It stops.
            return;
        }
    }

    /// <summary>Asks whether lanes in use are still open: one that is being closed is to be handed in.</summary>
    private async Task LookAgainAsync(CancellationToken cancellation)
    {
        var now = Now;
        foreach (var lane in All().Where(lane => lane.UsedAt > lane.LookedAt && now - lane.LookedAt >= _options.LookEvery).Take(RoundMax))
        {
            var facts = await _bank.FindChannelAsync(lane.Channel, cancellation);
            if (facts.Failure?.Kind == FailureKind.Unavailable)
            {
                return;
            }

            lock (lane.Gate)
            {
                if (facts.Succeeded)
                {
                    lane.Look(facts.Value, now);
                }
                else
                {
                    lane.Close();
                }
            }
        }
    }

    /// <summary>Lanes that nobody uses leave memory once the book has all of them.</summary>
    private void LetGo()
    {
        var now = Now;
        List<TillLane> idle = [.. All().Where(lane => lane.Answers == 0 && now - lane.UsedAt >= _options.IdleMax)];
        if (idle.Count == 0 || Book(book => book.Keep([.. idle.Select(Snapshot)])) is not null)
        {
            return;
        }

        lock (_gate)
        {
            foreach (var lane in idle.Where(lane => lane.Answers == 0 && now - lane.UsedAt >= _options.IdleMax))
            {
                _lanes.Remove(lane.Channel);
            }
        }
    }

    private async Task RedeemAsync(CancellationToken cancellation)
    {
        Interlocked.Exchange(ref _waiting, 0);
        for (var round = 0; round < RoundMax && !cancellation.IsCancellationRequested; round++)
        {
            Outcome<IReadOnlyList<KeptLane>> owed;
            lock (_bookGate)
            {
                owed = _book.Unredeemed(IProviderBank.RedeemMax);
            }

            if (!owed.Succeeded || owed.Value.Count == 0 || !await RedeemAsync(owed.Value, cancellation))
            {
                return;
            }
        }
    }

    /// <summary>Whether the bank took them, or said of each why it never will.</summary>
    private async Task<bool> RedeemAsync(IReadOnlyList<KeptLane> owed, CancellationToken cancellation)
    {
        Outcome<IReadOnlyList<Failure?>> answers;
        try
        {
            answers = await _bank.RedeemAsync(
                [.. owed.Select(lane => new SignedVoucher(lane.Channel, _options.Provider, lane.Amount, lane.Voucher))], cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        if (!answers.Succeeded || answers.Value.Count != owed.Count)
        {
            return false;
        }

        for (var i = 0; i < owed.Count; i++)
        {
            if (InUse(owed[i].Channel) is not { } lane)
            {
                continue;
            }

            lock (lane.Gate)
            {
                lane.Redeem(owed[i].Amount);
                if (answers.Value[i] is not null)
                {
                    lane.Close();
                }
            }
        }

        return Book(book => book.Redeem([.. owed.Select(lane => (lane.Channel, lane.Amount))])) is null;
    }

    private TillLane? InUse(TransferId channel)
    {
        lock (_gate)
        {
            return _lanes.GetValueOrDefault(channel);
        }
    }

    private List<TillLane> All()
    {
        lock (_gate)
        {
            return [.. _lanes.Values];
        }
    }

    private Failure? Book(Func<ILaneBook, Failure?> work)
    {
        lock (_bookGate)
        {
            return work(_book);
        }
    }
}
