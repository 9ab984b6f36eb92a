using Cete.Core;
using Cete.Ledger;
using Cete.Ledger.Channels;
using Cete.Simulation.Accounts;
using Cete.Trust;

namespace Cete.Simulation.Bank;

/// <summary>How a payer cheats.</summary>
internal enum Cheat
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>It pays nothing.</summary>
    Silent,

    /// <summary>It hands in the voucher before.</summary>
    Stale,

    /// <summary>Less than it promised before.</summary>
    Regressive,

    /// <summary>More than the lane's cap, and than its reserve.</summary>
    BeyondCap,

    /// <summary>Signed with another key.</summary>
    OtherKey,

    /// <summary>Of another channel.</summary>
    OtherChannel,
}

/// <summary>One lane of a download: both sides of it, and what is between them. The bank is not asked.</summary>
internal sealed class Download(TransferId channel, SimMember payer, SimMember provider, long price, long cap, Prng chance)
{
    private const int Chunk = 64 * 1024;

    private readonly ProviderLane _provider = new(price, cap);
    private readonly PayerLane _payer = new(price, cap);

    public TransferId Channel => channel;

    public SimMember Payer => payer;

    public SimMember Provider => provider;

    /// <summary>The voucher that the provider has; null before there is one.</summary>
    public byte[]? Best { get; private set; }

    public bool HasEnded { get; set; }

    /// <summary>The provider sends, and the payer pays for what came and was right.</summary>
    /// <param name="cheat">How the payer cheats.</param>
    /// <param name="isLying">The provider counts what it never sent, or sends what is wrong.</param>
    /// <param name="made">Is told of each voucher that is made, also of one that gets lost.</param>
    public void Exchange(Cheat cheat, bool isLying, Action<byte[]> made)
    {
        var bytes = Math.Min(_provider.Room, Chunk * (1 + chance.Next(32)));
        if (HasEnded || bytes <= 0 || _provider.Send(bytes) is not null)
        {
            return;
        }

        if (!isLying && !chance.Chance(1, 40))
        {
            _payer.Verify(bytes);
        }

        if (Pay(cheat) is not { } voucher)
        {
            return;
        }

        made(voucher);
        if (!chance.Chance(1, 40))
        {
            Take(voucher);
        }
    }

    /// <summary>Null while neither side lost more than a window; else who did.</summary>
    /// <param name="redeemed">Micro-credits that the lane brought.</param>
    /// <param name="isPayerHonest">What it loses counts.</param>
    /// <param name="isProviderHonest">Likewise.</param>
    public string? Loss(long redeemed, bool isPayerHonest, bool isProviderHonest)
    {
        var (window, came) = (Credits.CostOf(_provider.WindowSize, price) + 1, Credits.CostOf(_payer.Verified, price));
        return isPayerHonest && redeemed > came + Credits.CostOf(_payer.WindowSize, price) ? $"{payer.Name} paid {redeemed} for what costs {came}"
            : isProviderHonest && _provider.Due - redeemed > window
                ? $"{provider.Name} got {redeemed} for what costs {_provider.Due}, beyond a window of {window}"
            : null;
    }

    private byte[]? Pay(Cheat cheat)
    {
        var owed = _payer.Owed;
        if (owed == 0 || cheat == Cheat.Silent)
        {
            return null;
        }

        switch (cheat)
        {
            case Cheat.Stale:
                return Best;
            case Cheat.Regressive:
                return payer.Voucher(channel, provider.KeyId, Math.Max(1, _payer.Promised / 2));
            case Cheat.BeyondCap:
                return payer.Voucher(channel, provider.KeyId, (cap * (chance.Chance(1, 2) ? 5 : 1)) + 1);
            case Cheat.OtherKey:
                return Voucher.Sign(provider.Key, SimPerson.Community, channel.Bits, provider.KeyId, owed).ToArray();
            case Cheat.OtherChannel:
                return payer.Voucher(new TransferId(channel.Bits ^ 1), provider.KeyId, owed);
            default:
                _payer.Promise(owed);
                return payer.Voucher(channel, provider.KeyId, owed);
        }
    }

    /// <summary>An honest provider looks at a voucher before it counts on it.</summary>
    private void Take(byte[] bytes)
    {
        if (Voucher.Parse(bytes) is { Succeeded: true, Value: var voucher } && voucher.Channel == channel.Bits && voucher.Provider == provider.KeyId
            && voucher.Verify(payer.PublicKey, SimPerson.Community) is null && _provider.Take(voucher.Amount) is null)
        {
            Best = bytes;
        }
    }
}
