using System.Security.Cryptography;
using Cete.Bank;
using Cete.Core;
using Cete.Groups;
using Cete.Ledger;
using Cete.Testing;
using Cete.Trust;
using Cete.Web.Bank;

namespace Cete.Web.Tests.Support;

/// <summary>A web door in a community with accounts and a bank, of which 'ada' is the administrator. What devices sign, keys of the test sign here.</summary>
internal sealed class BankSite : IAsyncDisposable
{
    public const long Credit = Credits.Micro;

    private static readonly KeyId Community = KeyId.Of("community"u8);
    private static readonly NodeKey NodeKey = NodeKey.Create();

    private readonly Dictionary<string, BankMember> _members = [];
    private int _count;

    private BankSite(TimeSpan ago)
    {
        // What is stamped lies just before what the pages call now.
        Group.Now = Instant.From(TimeProvider.System.GetUtcNow() + Site.Later - ago);
        Bank = new BankService(Group, Community);
    }

    public DirectGroup Group { get; } = new(BankService.Name, new ImportingBank(new BankMachine()));

    public BankService Bank { get; }

    public AccountsSite Accounts { get; private set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Asker Node => new(NodeKey.Id.ToString(), [BankMachine.BankRole]);

    public static Task<BankSite> StartAsync(params IReadOnlyList<RoleDefinition> roles) => StartAsync(TimeSpan.Zero, roles);

    /// <param name="ago">So long before now the bank begins.</param>
    /// <param name="roles">Roles of accounts; those of every community where none are given.</param>
    public static async Task<BankSite> StartAsync(TimeSpan ago, params IReadOnlyList<RoleDefinition> roles)
    {
        var made = new BankSite(ago);
        made.Accounts = await AccountsSite.StartAsync(book => new BankParts(made.Bank, book, () => true), roles);
        Assert.True((await made.Bank.BeginAsync(BankPolicy.First, Node, Cancel)).Succeeded);
        await made.MeetAsync("ada");
        return made;
    }

    /// <summary>An account of that name of which the bank knows a device; made where there is none.</summary>
    public async Task<BankMember> MeetAsync(string name)
    {
        if (_members.TryGetValue(name, out var known))
        {
            return known;
        }

        var account = await Accounts.Service.ByNameAsync(name, Cancel) is { Succeeded: true, Value: var there } ? there : await Accounts.RegisterAsync(name);
        var member = new BankMember(account.Id, ECDsa.Create(ECCurve.NamedCurves.nistP256));
        await TellAsync(AccountsTell.Account("registered", account.Id));
        await TellAsync(AccountsTell.DeviceAdded(account.Id, member.PublicKey, AccountsTell.Registration));
        _members.Add(name, member);
        return member;
    }

    public async Task DecideAsync(Func<BankPolicy, BankPolicy> change)
    {
        var ada = _members["ada"];
        var now = (await Bank.StandingAsync(Cancel)).Value.Policy;
        var statement = ada.Sign(BankPolicy.Purpose, change(now with { Version = now.Version + 1 }).ToPayload());
        var decided = await Bank.SetPolicyAsync(statement, new Asker(ada.Id.ToString(), []) { Grants = [Grant.Of(Actions.BankGovern)] }, Cancel);
        Assert.True(decided.Succeeded, decided.Failure?.Message);
    }

    /// <summary>Opens a channel of one lane.</summary>
    public async Task<TransferId> OpenAsync(BankMember payer, BankMember provider, long reserve, string subject = "")
    {
        var id = NewId();
        var act = new ChannelAct.Open(
            id.ToString(), payer.PublicKey, reserve, subject, (Group.Now + TimeSpan.FromDays(1)).Microseconds,
            [new LaneOrder(provider.KeyId.ToString(), LedgerAddress.User(provider.Id).ToString(), reserve)]);
        var opened = await Bank.ChangeChannelAsync(payer.Sign(ChannelAct.Purpose, act.ToPayload()), Asker.Of(payer.Id), Cancel);
        Assert.True(opened.Succeeded, opened.Failure?.Message);
        return id;
    }

    /// <summary>What a channel pays.</summary>
    public async Task PayAsync(TransferId channel, BankMember payer, BankMember provider, long amount)
    {
        var voucher = Voucher.Sign(payer.Key, Community, channel.Bits, provider.KeyId, amount).ToArray();
        var paid = (await Bank.RedeemAsync([voucher], Asker.Of(provider.Id), Cancel)).Value.Single();
        Assert.Null(paid.Failure);
    }

    /// <summary>Sends credits; why it is refused, or null.</summary>
    public async Task<Failure?> SendAsync(BankMember from, BankMember to, long amount, string note = "")
    {
        var order = new TransferOrder(NewId().ToString(), TransferOrder.Send, LedgerAddress.User(to.Id).ToString(), amount, Note: note);
        var statement = from.Sign(TransferAct.Purpose, new TransferAct([order]).ToPayload());
        return (await Bank.TransferAsync(statement, Asker.Of(from.Id), Cancel)).Value.Single().Failure;
    }

    public async Task SignHeadAsync() => Assert.True((await Bank.SignHeadAsync(NodeKey, Node, Group.Now, Cancel)).Value);

    public async ValueTask DisposeAsync()
    {
        await Accounts.DisposeAsync();
        Group.Dispose();
        foreach (var member in _members.Values)
        {
            member.Key.Dispose();
        }
    }

    private TransferId NewId() => new(SHA256.HashData(BitConverter.GetBytes(++_count)).AsSpan(0, TransferId.Size));

    private async Task TellAsync((string Type, byte[] Body) told) =>
        Assert.True((await Group.SubmitAsync(ImportingBank.Import(told), Cancel)).Value.Result.Succeeded);
}

/// <summary>A member with a device, which is the key that it provides with too.</summary>
internal sealed record BankMember(AccountId Id, ECDsa Key)
{
    private long _counter;

    public byte[] PublicKey => Key.ExportSubjectPublicKeyInfo();

    public KeyId KeyId => KeyId.Of(PublicKey);

    public byte[] Sign(string purpose, byte[] payload) =>
        SignedStatement.Sign(Key, Cete.Core.KeyId.Of("community"u8), purpose, Id, ++_counter, payload).ToArray();
}
