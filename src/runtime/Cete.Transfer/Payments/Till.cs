using System.Buffers.Text;
using Cete.Core;
using Cete.Ledger;
using Cete.Ledger.Channels;
using Cete.Ports.Payments;
using Cete.Trust;

namespace Cete.Transfer.Payments;

/// <summary>
/// Where this node is paid for what it sends. A lane is looked up at the bank once, then it goes on while the bank is away. Vouchers are verified as
/// they come in and written to the book by <see cref="TillKeeper"/>, which hands them in later. For several callers at once.
/// </summary>
public sealed class Till : ITill, IAsyncDisposable
{
    private readonly IProviderBank _bank;
    private readonly TillOptions _options;
    private readonly TimeProvider _clock;
    private readonly TillKeeper _keeper;
    private int _looks;

    /// <param name="bank">The community's bank.</param>
    /// <param name="book">Keeps what was promised; stays the caller's.</param>
    /// <param name="options">Who this is, and its bounds.</param>
    /// <param name="clock">The time here.</param>
    public Till(IProviderBank bank, ILaneBook book, TillOptions options, TimeProvider clock)
    {
        (_bank, _options, _clock) = (bank, options, clock);
        _keeper = new TillKeeper(bank, book, options, clock);
    }

    /// <inheritdoc/>
    public long PricePerMebibyte => _bank.PricePerMebibyte;

    /// <inheritdoc/>
    public bool ServesUnpaid => _bank.ServesUnpaid;

    /// <summary>Lanes that are in use now.</summary>
    public int Lanes => _keeper.Count;

    private Instant Now => Instant.From(_clock.GetUtcNow());

    /// <inheritdoc/>
    public async ValueTask<Admission> AdmitAsync(PaidRequest request, CancellationToken cancellation)
    {
        if (request.Channel is null)
        {
            return Unpaid(request, null, "nothing was paid for");
        }

        if (!TransferId.TryParse(request.Channel, out var channel))
        {
            return new Admission(new Failure(FailureKind.Invalid, $"the channel is named by {TransferId.TextLength} hexadecimal digits"), null);
        }

        var voucher = ReadVoucher(request.Voucher, channel);
        if (!voucher.Succeeded)
        {
            return new Admission(voucher.Failure, null);
        }

        var found = await FindAsync(channel, cancellation);
        if (!found.Succeeded)
        {
            return found.Failure.Kind is FailureKind.NotFound or FailureKind.Unpaid
                ? Unpaid(request, null, found.Failure.Message)
                : new Admission(found.Failure, null);
        }

        var lane = found.Value;
        return await AdmitAsync(request, lane, voucher.Value, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _keeper.DisposeAsync();

    private async ValueTask<Admission> AdmitAsync(PaidRequest request, TillLane lane, Voucher? voucher, CancellationToken cancellation)
    {
        if (JudgeChannel(lane, request.Content) is { } closed)
        {
            return closed.Kind == FailureKind.Unpaid ? Unpaid(request, lane, closed.Message) : new Admission(closed, null);
        }

        if (voucher is not null && IsNew(lane, voucher) && voucher.Verify(lane.Facts.PublicKey.Span, _options.Community) is { } forged)
        {
            return new Admission(forged, null);
        }

        if (NeedsLook(lane, request.Bytes, voucher))
        {
            await LookAsync(lane, cancellation);
        }

        if (TakeIn(lane, request.PieceLength, voucher) is { } refused)
        {
            return Unpaid(request, lane, refused.Message);
        }

        if (MustKeep(lane, request.Bytes) && await _keeper.KeepAsync(lane) is { } unkept)
        {
            return new Admission(unkept with { Kind = FailureKind.Unavailable }, null);
        }

        lock (lane.Gate)
        {
            if (lane.Counts.Send(request.Bytes) is { } unsent)
            {
                return Unpaid(request, lane, unsent.Message);
            }

            lane.Answers++;
            lane.UsedAt = Now;
        }

        return new Admission(null, null) { Unsent = bytes => End(lane, bytes) };
    }

    private void End(TillLane lane, long unsent)
    {
        lock (lane.Gate)
        {
            lane.Counts.Unsend(unsent);
            lane.Answers--;
            lane.UsedAt = Now;
        }
    }

    /// <summary>What a request brings; null for nothing.</summary>
    private Outcome<Voucher?> ReadVoucher(string? text, TransferId channel)
    {
        if (text is null)
        {
            return Outcome.Of<Voucher?>(null);
        }

        var read = VoucherText.Read(text);
        return !read.Succeeded ? read.Failure
            : read.Value.Channel != channel.Bits ? new Failure(FailureKind.Forbidden, "the voucher is of another channel than the one that is named beside it")
            : read.Value.Provider != _options.Provider
                ? new Failure(FailureKind.Forbidden, $"the voucher is for {read.Value.Provider}; this is {_options.Provider}")
            : read.Value.Community != _options.Community
                ? new Failure(FailureKind.Forbidden, $"the voucher is of another community, {read.Value.Community}")
            : Outcome.Of<Voucher?>(read.Value);
    }

    private async ValueTask<Outcome<TillLane>> FindAsync(TransferId channel, CancellationToken cancellation)
    {
        if (_keeper.Find(channel) is { } known)
        {
            return known;
        }

        var facts = await AskAsync(channel, cancellation);
        if (!facts.Succeeded)
        {
            return facts.Failure;
        }

        return facts.Value.Payee != _bank.Payee
            ? new Failure(FailureKind.Unpaid, $"the lane pays {facts.Value.Payee}, and not {_bank.Payee}")
            : _keeper.Open(channel, facts.Value, PricePerMebibyte, Now);
    }

    private async ValueTask<Outcome<ChannelFacts>> AskAsync(TransferId channel, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _looks) > _options.LooksMax)
        {
            Interlocked.Decrement(ref _looks);
            return new Failure(FailureKind.Throttled, "too many channels are looked up at this moment; try again in some seconds");
        }

        try
        {
            return await _bank.FindChannelAsync(channel, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _looks);
        }
    }

    private Failure? JudgeChannel(TillLane lane, Hash256 content)
    {
        lock (lane.Gate)
        {
            var facts = lane.Facts;
            return facts.Subject != default && facts.Subject != content
                    ? new Failure(FailureKind.Forbidden, $"the channel is for the content {facts.Subject}, not for {content}")
                : !facts.IsOpen ? new Failure(FailureKind.Unpaid, "the channel is closed; open another one")
                : facts.ExpiresAt <= Now + _options.EndsEarly ? new Failure(FailureKind.Unpaid, "the channel has ended, or will soon; open another one")
                : null;
        }
    }

    private static bool IsNew(TillLane lane, Voucher voucher)
    {
        lock (lane.Gate)
        {
            // One that is lower than the highest is refused whoever signed it.
            return voucher.Amount > lane.Counts.Paid || (voucher.Amount == lane.Counts.Paid && !lane.Voucher.Span.SequenceEqual(voucher.ToArray()));
        }
    }

    /// <summary>Whether the bank may know of a higher cap. Asked once for some bytes that were sent, or a second, so that nobody makes it a flood.</summary>
    private bool NeedsLook(TillLane lane, long bytes, Voucher? voucher)
    {
        lock (lane.Gate)
        {
            var counts = lane.Counts;
            var isOver = voucher?.Amount > counts.Cap || Credits.CostOf(counts.Sent + bytes, counts.Price) > counts.Cap;
            return isOver && (counts.Sent > lane.LookedSent || Now - lane.LookedAt >= TimeSpan.FromSeconds(1));
        }
    }

    private async ValueTask LookAsync(TillLane lane, CancellationToken cancellation)
    {
        var facts = await AskAsync(lane.Channel, cancellation);
        if (facts.Succeeded)
        {
            lock (lane.Gate)
            {
                lane.Look(facts.Value, Now);
            }
        }
    }

    private Failure? TakeIn(TillLane lane, int piece, Voucher? voucher)
    {
        lock (lane.Gate)
        {
            lane.Counts.HoldPiece(piece);
            var before = (lane.Counts.Paid, lane.IsWaiting);
            if (voucher is null || lane.Counts.Take(voucher.Amount) is var refused && refused is null && voucher.Amount == before.Paid)
            {
                return null;
            }

            if (refused is not null)
            {
                return refused;
            }

            lane.Hold(voucher.ToArray());
            _keeper.Note(lane, isFirst: !before.IsWaiting);
            return null;
        }
    }

    private static bool MustKeep(TillLane lane, long bytes)
    {
        lock (lane.Gate)
        {
            return lane.Counts.MustKeepBefore(bytes);
        }
    }

    private Admission Unpaid(PaidRequest request, TillLane? lane, string why)
    {
        var price = PricePerMebibyte;
        var said = $"{why}. A MiB of content costs {Credits.Counted(lane?.Counts.Price ?? price)} here, so this costs "
            + $"{Credits.Show(Credits.CostOf(request.Bytes, lane?.Counts.Price ?? price))}: 'cete get' shows the price and pays it; {Shortage.HowTo}"
            + (ServesUnpaid ? ". Without credits you come last here: 'cete get' does so by itself, others ask by the field Cete-Last: 1" : string.Empty);
        var (payee, provider) = (_bank.Payee.ToString(), _options.Provider.ToString());
        if (lane is null)
        {
            var window = Math.Max(Window.First, request.PieceLength);
            return new Admission(
                new Failure(FailureKind.Unpaid, said), new Bill(price, payee, provider, window, 0, 0, 0, 0, null)
                {
                    HasLastPlace = ServesUnpaid,
                });
        }

        lock (lane.Gate)
        {
            var counts = lane.Counts;
            var proof = lane.Voucher.IsEmpty ? null : Base64Url.EncodeToString(lane.Voucher.Span);
            return new Admission(
                new Failure(FailureKind.Unpaid, said),
                new Bill(counts.Price, payee, provider, counts.WindowSize, counts.Room, counts.Sent, counts.Due, counts.Paid, proof)
                {
                    HasLastPlace = ServesUnpaid,
                });
        }
    }
}
