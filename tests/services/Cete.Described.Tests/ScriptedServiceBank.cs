using System.Security.Cryptography;
using Cete.Core;
using Cete.Ledger;
using Cete.Ledger.Channels;
using Cete.Ports.Payments;
using Cete.Trust;

namespace Cete.Described.Tests;

/// <summary>A bank that knows the channels it was told of; vouchers are signed as payers sign them.</summary>
internal sealed class ScriptedServiceBank : IServiceBank, IDisposable
{
    private readonly Dictionary<(TransferId, KeyId), LaneFacts> _lanes = [];
    private readonly List<ECDsa> _keys = [];

    public KeyId Community { get; } = KeyId.Of([42]);

    /// <summary>Vouchers that were handed in, in order.</summary>
    public List<SignedVoucher> Redeemed { get; } = [];

    /// <summary>Why nothing can be asked of it; null where it answers.</summary>
    public Failure? Failure { get; set; }

    /// <summary>What it says of each voucher; null where it takes them.</summary>
    public Failure? Refusal { get; set; }

    public Wallet Open(string account, LedgerAddress payee, long cap, Instant expiresAt, bool isOpen = true)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _keys.Add(key);
        var (id, provider) = (new TransferId(RandomNumberGenerator.GetBytes(TransferId.Size)), ServiceLane.ProviderOf(payee));
        Assert.True(AccountId.TryParse(account, out var parsed));
        _lanes[(id, provider)] = new LaneFacts(parsed, key.ExportSubjectPublicKeyInfo(), payee, cap, expiresAt, isOpen);
        return new Wallet(this, key, id, provider);
    }

    public Task<Outcome<LaneFacts>> FindLaneAsync(TransferId channel, KeyId provider, CancellationToken cancellation) => Task.FromResult(
        Failure is { } failure ? failure
        : _lanes.TryGetValue((channel, provider), out var lane) ? lane
        : (Outcome<LaneFacts>)new Failure(FailureKind.NotFound, $"there is no channel {channel}"));

    public Task<Outcome<IReadOnlyList<Failure?>>> RedeemAsync(IReadOnlyList<SignedVoucher> vouchers, CancellationToken cancellation)
    {
        if (Failure is { } failure)
        {
            return Task.FromResult<Outcome<IReadOnlyList<Failure?>>>(failure);
        }

        Redeemed.AddRange(vouchers);
        return Task.FromResult(Outcome.Of<IReadOnlyList<Failure?>>([.. vouchers.Select(_ => Refusal)]));
    }

    public void Dispose() => _keys.ForEach(key => key.Dispose());

    /// <summary>A channel with one lane, and the key of it.</summary>
    internal sealed record Wallet(ScriptedServiceBank Bank, ECDsa Key, TransferId Channel, KeyId Provider)
    {
        /// <summary>Promises so many credits, all together.</summary>
        public byte[] Sign(decimal credits, ECDsa? key = null, KeyId? community = null, KeyId? provider = null) =>
            Voucher.Sign(key ?? Key, community ?? Bank.Community, Channel.Bits, provider ?? Provider, (long)(credits * Credits.Micro)).ToArray();
    }
}
