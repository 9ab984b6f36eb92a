using System.Text.Json;
using Cete.Bank;
using Cete.Bank.Proto;
using Cete.Core;
using Cete.Groups;
using Cete.Ledger;
using Cete.Simulation.Accounts;
using Cete.Testing;
using Cete.Trust;

namespace Cete.Simulation.Bank;

/// <summary>What is not about a download: policies, what nodes earned, keys that nodes hold for others.</summary>
internal sealed partial class BankClients
{
    private const int DelegatesMost = 4;

    private readonly List<ClientCommand> _claimed = [];
    private BankPolicy _policy = BankPolicy.First with { CommunityPermille = 50, AuthorPermille = 30, PricePerMebibyte = Price };

    /// <summary>Who decides about credits.</summary>
    public SimMember Governor => Members[0];

    /// <summary>Each node says whose it is, for the end of a run: nothing is left that belongs to nobody.</summary>
    public IEnumerable<ClientCommand> LastClaims() => Members.Take(5).Select(member => ClaimOf(member, member));

    /// <summary>What nodes said before: whoever kept it hands it in once more.</summary>
    public IEnumerable<ClientCommand> OldClaims() => [.. _claimed];

    private Asker Governing => new(Governor.Id.ToString(), []) { Grants = [Grant.Of(Actions.BankGovern)] };

    /// <summary>Now and then a key that a node holds for somebody signs in the place of his own, for as long as it may and longer.</summary>
    private SimDelegate? DelegateOf(SimMember by) =>
        by.Delegates.Count > 0 && _chance.Chance(1, 3) ? by.Delegates[_chance.Next(by.Delegates.Count)] : null;

    private (string What, ClientCommand Command, Action Done) Deciding()
    {
        var policy = _policy with
        {
            Version = _policy.Version + (_chance.Chance(1, 6) ? _chance.Next(3) : 1),
            CommunityPermille = _chance.Next(300),
            AuthorPermille = _chance.Next(300),
            DailyAllowance = _chance.Next(2) * 6_000 * Credits.Micro,
            CloseDelaySeconds = 3_600 * (1 + _chance.Next(2)),
            OutOfCredits = _chance.Chance(1, 2) ? BankPolicy.Last : BankPolicy.Refuse,
        };

        // Members sign policies too, and hand them in as if they might; whoever governs may not be one.
        var by = _chance.Chance(1, 4) ? Who() : Governor;
        var asker = by == Governor ? Governing : new Asker(by.Id.ToString(), []);
        return ($"{by.Name} decides {policy.Version}", Command(new SetPolicy { Statement = Bytes(by.Sign(BankPolicy.Purpose, policy.ToPayload())) }, asker),
            () => _policy = policy.Version > _policy.Version ? policy : _policy);
    }

    private (string What, ClientCommand Command, Action Done) PayingOut()
    {
        var by = _chance.Chance(1, 4) ? Who() : Governor;
        var order = new TransferOrder(
            NewId().ToString(), TransferOrder.Send, Who().User.ToString(), 1 + _chance.Next(1_000_000), From: LedgerAddress.Treasury.ToString());
        var statement = by.Sign(TransferAct.Purpose, new TransferAct([order]).ToPayload());
        var asker = by == Governor ? Governing : new Asker(by.Id.ToString(), []);
        return ($"{by.Name} pays out", Command(new Transfer { Statement = Bytes(statement) }, asker), () => { });
    }

    /// <summary>What a node earned goes to its owner, or to whom it was sold; a crook says it of other nodes.</summary>
    private (string What, ClientCommand Command, Action Done) Claiming()
    {
        var (node, owner) = (Who(), _chance.Chance(1, 4) ? Who() : null);
        if (_chance.Chance(1, 5) && node != Members[4])
        {
            var act = new ClaimAct(Members[4].Id.ToString()).ToPayload();
            var forged = SignedStatement.Sign(Members[4].Key, SimPerson.Community, ClaimAct.Purpose, default, long.MaxValue, act) with { Device = node.KeyId };
            var command = new Claim { Statement = Bytes(forged.ToArray()), PublicKey = Bytes(_chance.Chance(1, 2) ? node.PublicKey : Members[4].PublicKey) };
            return ($"{Members[4].Name} claims {node.Name}'s", Command(command), () => { });
        }

        var claim = ClaimOf(node, owner ?? node);
        return ($"{node.Name} is claimed", _claimed.Count > 0 && _chance.Chance(1, 3) ? _claimed[_chance.Next(_claimed.Count)] : claim,
            () => _claimed.Add(claim));
    }

    private static ClientCommand ClaimOf(SimMember node, SimMember owner) => Command(new Claim
    {
        Statement = Bytes(node.SignAsNode(ClaimAct.Purpose, new ClaimAct(owner.Id.ToString()).ToPayload())),
        PublicKey = Bytes(node.PublicKey),
    });

    /// <summary>A provider lets its lane go: it sends nothing more, and what it was promised is to be redeemed before.</summary>
    private (string What, ClientCommand Command, Action Done) Releasing()
    {
        if (_downloads.Count == 0)
        {
            return ("tick", Tick(), () => { });
        }

        var download = _downloads[_chance.Next(_downloads.Count)];
        download.HasEnded = true;
        var brought = download.Best is { } best ? Voucher.Parse(best).Value.Amount : 0;

        // Who cheats says that it brought less than what it has a voucher for.
        var act = new ReleaseAct(download.Channel.ToString(), IsHonest(download.Provider) || _chance.Chance(1, 2) ? brought : brought / 2).ToPayload();
        var redeem = new Redeem
        {
            Releases =
            {
                new Release { Statement = Bytes(download.Provider.SignAsNode(ReleaseAct.Purpose, act)), PublicKey = Bytes(download.Provider.PublicKey) },
            },
        };
        if (download.Best is { } last)
        {
            redeem.Vouchers.Add(Bytes(last));
        }

        return ($"{download.Provider.Name} lets go", Command(redeem), () => { });
    }

    /// <summary>Somebody lets a node spend for him, or does no more. Accounts tell of a key before they tell that it is gone.</summary>
    private (string What, ClientCommand Command, Action Done) Delegating()
    {
        var by = Who();
        if (by.Delegates.Count >= DelegatesMost)
        {
            var gone = by.Delegates[0];
            return ($"{by.Name} trusts a node no more", ImportingBank.Import(AccountsTell.DelegateRemoved(by.Id, KeyId.Of(gone.PublicKey))),
                () => _witness.Removed(gone));
        }

        var one = new SimDelegate(
            SimPerson.NewKey(_chance), 1 + _chance.Next(2_000_000), _now() + TimeSpan.FromSeconds(60 + _chance.Next(2_000)));
        var approval = by.Sign(KeyApproval.DevicePurpose, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["act"] = "add-delegate",
            ["signingKey"] = one.PublicKey,
            ["node"] = KeyId.Of("node"u8).ToString(),
            ["expiresAt"] = one.Ends.Microseconds,
            ["cap"] = one.Cap,
        }));
        return ($"{by.Name} trusts a node", ImportingBank.Import(AccountsTell.DelegateAdded(
            by.Id, one.PublicKey, KeyId.Of("node"u8), one.Ends, one.Cap, AccountsTell.Device, by.KeyId, approval)),
            () => by.Delegates.Add(one));
    }
}
