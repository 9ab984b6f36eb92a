using Cete.Core;
using Cete.Ledger;
using Cete.Ports.Payments;
using Cete.Trust;

namespace Cete.Net.Tests.Payments;

/// <summary>A bank in memory: what it must hold of channels, and no more. Of one user, who has all there is to begin with.</summary>
internal sealed class MemoryBank(KeyId community, long balance) : IPayerBank
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TransferId, KeptOrder> _channels = [];

    /// <summary>Does not answer.</summary>
    public bool IsAway { get; set; }

    public long Price { get; set; } = Credits.Micro;

    public bool ServesUnpaid { get; set; }

    public long Balance { get; private set; } = balance;

    public Dictionary<LedgerAddress, long> Earned { get; } = [];

    /// <summary>Authors that lanes were opened for.</summary>
    public List<AccountId?> Authors { get; } = [];

    /// <summary>Its account was closed.</summary>
    public AccountId? Gone { get; set; }

    public int Opened => _channels.Count;

    public int Widened { get; private set; }

    public bool IsClosed => _channels.Values.All(channel => !channel.IsOpen);

    public TransferId Only => _channels.Keys.Single();

    public IProviderBank For(KeyId provider) => new Teller(this, provider);

    public Task<Outcome<BankTerms>> TermsAsync(CancellationToken cancellation) => Answer<BankTerms>(() => new BankTerms(community, Price));

    public Task<Outcome<bool>> OpenAsync(ChannelOrder order, CancellationToken cancellation) => Answer<bool>(() =>
    {
        if (Gone is not null && order.Lanes.Any(lane => lane.Author == Gone))
        {
            return new Failure(FailureKind.NotFound, "there is no such account");
        }

        if (order.Reserve > Balance)
        {
            return new Failure(FailureKind.Unpaid, "there is not so much");
        }

        Balance -= order.Reserve;
        _channels.Add(order.Channel, new KeptOrder(order));
        return Widen(_channels[order.Channel], order.Lanes);
    });

    public Task<Outcome<bool>> WidenAsync(
        TransferId channel, long reserve, IReadOnlyList<LaneOrder> lanes, CancellationToken cancellation) => Answer<bool>(() =>
    {
        if (!_channels.TryGetValue(channel, out var kept) || !kept.IsOpen)
        {
            return new Failure(FailureKind.NotFound, "there is no such channel");
        }

        if (reserve - kept.Reserve > Balance)
        {
            return new Failure(FailureKind.Unpaid, "there is not so much");
        }

        Widened++;
        Balance -= reserve - kept.Reserve;
        kept.Reserve = reserve;
        return Widen(kept, lanes);
    });

    public Task<Outcome<bool>> CloseAsync(TransferId channel, IReadOnlyList<SignedVoucher> vouchers, CancellationToken cancellation) => Answer<bool>(() =>
    {
        foreach (var voucher in vouchers)
        {
            Assert.Null(Redeem(voucher));
        }

        _channels[channel].IsOpen = false;
        return true;
    });

    /// <summary>The delay is over: what nobody earned goes back.</summary>
    public void Settle()
    {
        foreach (var channel in _channels.Values)
        {
            Balance += channel.Reserve - channel.Lanes.Values.Sum(lane => lane.Redeemed);
            channel.Reserve = channel.Lanes.Values.Sum(lane => lane.Redeemed);
        }
    }

    public void Expire() => _channels.Clear();

    private Task<Outcome<T>> Answer<T>(Func<Outcome<T>> answer)
    {
        lock (_gate)
        {
            return Task.FromResult(IsAway ? new Failure(FailureKind.Unavailable, "the bank does not answer") : answer());
        }
    }

    private Outcome<bool> Widen(KeptOrder channel, IReadOnlyList<LaneOrder> lanes)
    {
        foreach (var lane in lanes)
        {
            if (!channel.Lanes.TryGetValue(lane.Provider, out var known))
            {
                Authors.Add(lane.Author);
                known = channel.Lanes[lane.Provider] = new Lane(lane.Payee, lane.Author);
            }

            Assert.True(lane.Cap >= known.Cap);
            Assert.Equal(known.Author, lane.Author);
            known.Cap = lane.Cap;
        }

        Assert.InRange(channel.Lanes.Count, 1, 40);
        Assert.True(channel.Lanes.Values.Sum(lane => lane.Cap) <= channel.Reserve, "the caps never exceed the reserve");
        return true;
    }

    private Failure? Redeem(SignedVoucher signed)
    {
        var voucher = Voucher.Parse(signed.Bytes.Span).Value;
        Assert.Equal((signed.Channel.Bits, signed.Provider, signed.Amount), (voucher.Channel, voucher.Provider, voucher.Amount));
        if (!_channels.TryGetValue(signed.Channel, out var channel) || !channel.Lanes.TryGetValue(voucher.Provider, out var lane))
        {
            return new Failure(FailureKind.NotFound, "there is no such lane");
        }

        if (voucher.Verify(channel.PublicKey.Span, community) is { } forged)
        {
            return forged;
        }

        if (voucher.Amount > lane.Cap)
        {
            return new Failure(FailureKind.Conflict, "over the cap");
        }

        Earned[lane.Payee] = Earned.GetValueOrDefault(lane.Payee) + Math.Max(0, voucher.Amount - lane.Redeemed);
        lane.Redeemed = Math.Max(lane.Redeemed, voucher.Amount);
        return null;
    }

    private sealed class KeptOrder(ChannelOrder order)
    {
        public ReadOnlyMemory<byte> PublicKey { get; } = order.PublicKey;

        public Hash256 Subject { get; } = order.Subject;

        public long Reserve { get; set; } = order.Reserve;

        public bool IsOpen { get; set; } = true;

        public Dictionary<KeyId, Lane> Lanes { get; } = [];
    }

    private sealed class Lane(LedgerAddress payee, AccountId? author)
    {
        public LedgerAddress Payee { get; } = payee;

        public AccountId? Author { get; } = author;

        public long Cap { get; set; }

        public long Redeemed { get; set; }
    }

    private sealed class Teller(MemoryBank bank, KeyId provider) : IProviderBank
    {
        public long PricePerMebibyte => bank.Price;

        public bool ServesUnpaid => bank.ServesUnpaid;

        public LedgerAddress Payee { get; } = LedgerAddress.Node(provider);

        public Task<Outcome<ChannelFacts>> FindChannelAsync(TransferId channel, CancellationToken cancellation) => bank.Answer<ChannelFacts>(() =>
            bank._channels.TryGetValue(channel, out var kept) && kept.Lanes.TryGetValue(provider, out var lane)
                ? new ChannelFacts(
                    kept.PublicKey, kept.Subject, lane.Payee, lane.Cap, Instant.From(TimeProvider.System.GetUtcNow()) + TimeSpan.FromHours(1), kept.IsOpen)
                : new Failure(FailureKind.NotFound, "there is no such channel, or no lane of this provider's in it"));

        public Task<Outcome<IReadOnlyList<Failure?>>> RedeemAsync(IReadOnlyList<SignedVoucher> vouchers, CancellationToken cancellation) =>
            bank.Answer(() => Outcome.Of<IReadOnlyList<Failure?>>([.. vouchers.Select(bank.Redeem)]));
    }
}

/// <summary>A user's channels, kept in memory.</summary>
internal sealed class MemoryPayerBook : IPayerBook
{
    private readonly Dictionary<string, KeptChannel> _kept = [];

    public IReadOnlyList<KeptChannel> All()
    {
        lock (_kept)
        {
            return [.. _kept.Values];
        }
    }

    public Failure? Keep(KeptChannel channel)
    {
        lock (_kept)
        {
            _kept[channel.Channel] = channel;
            return null;
        }
    }

    public void Forget(TransferId channel)
    {
        lock (_kept)
        {
            _kept.Remove(channel.ToString());
        }
    }
}
