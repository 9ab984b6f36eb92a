using System.Security.Cryptography;
using Cete.Accounts;
using Cete.Bank;
using Cete.Core;
using Cete.Groups;
using Cete.Ledger;
using Cete.Testing;
using Cete.Trust;

namespace Cete.Web.Tests.Support;

/// <summary>The bank of a site, over tables in memory; what it hears of accounts, a test says.</summary>
internal sealed class SiteBank : IDisposable
{
    private static readonly KeyId Community = KeyId.Of("community"u8);
    private static readonly Asker Node = new(KeyId.Of("node"u8).ToString(), [BankMachine.BankRole]);

    private readonly DirectGroup _group = new(BankService.Name, new ImportingBank(new BankMachine()));
    private int _donors;

    public SiteBank() => Service = new BankService(_group, Community);

    public BankService Service { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task BeginAsync(long price = 0)
    {
        var begun = await Service.BeginAsync(BankPolicy.First with { PricePerMebibyte = price, CloseDelaySeconds = 1 }, Node, Cancel);
        Assert.True(begun.Succeeded, begun.Failure?.Message);
    }

    public Task RegisterAsync(AccountId account, byte[]? device = null) => HearAsync(
        AccountsTell.Account("registered", account),
        device is null ? [] : [AccountsTell.DeviceAdded(account, device, AccountsTell.Registration)]);

    public Task SuspendAsync(AccountId account) => HearAsync(AccountsTell.Account("suspended", account), []);

    public Task HearOfAsync(DelegateRecord leave, byte[] publicKey) => HearAsync(
        AccountsTell.DelegateAdded(leave.Account, publicKey, leave.Node, leave.ExpiresAt, leave.Cap, AccountsTell.Password), []);

    /// <summary>Somebody pays the account for a download: what is earned can be sent on.</summary>
    public async Task EarnAsync(AccountId account, long amount)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (publicKey, donor) = (key.ExportSubjectPublicKeyInfo(), new AccountId(SHA256.HashData([(byte)++_donors]).AsSpan(0, AccountId.Size)));
        await RegisterAsync(donor, publicKey);
        var (channel, provider) = (new TransferId(RandomNumberGenerator.GetBytes(TransferId.Size)), KeyId.Of(publicKey));
        var open = new ChannelAct.Open(
            channel.ToString(), publicKey, amount, string.Empty, (_group.Now + TimeSpan.FromHours(1)).Microseconds,
            [new LaneOrder(provider.ToString(), LedgerAddress.User(account).ToString(), amount)]);
        var statement = SignedStatement.Sign(key, Community, ChannelAct.Purpose, donor, 1, open.ToPayload()).ToArray();
        var opened = await Service.ChangeChannelAsync(statement, Node, Cancel);
        Assert.True(opened.Succeeded, opened.Failure?.Message);
        var redeemed = await Service.RedeemAsync([Voucher.Sign(key, Community, channel.Bits, provider, amount).ToArray()], Node, Cancel);
        Assert.Equal(amount, redeemed.Value.Single().Paid);
    }

    public async Task<BalanceRecord> BalanceAsync(AccountId account) => (await Service.BalanceAsync(account, Cancel)).Value;

    public void Wait(TimeSpan time) => _group.Now += time;

    public void Dispose() => _group.Dispose();

    private async Task HearAsync((string Type, byte[] Body) first, IEnumerable<(string Type, byte[] Body)> more)
    {
        foreach (var told in (IEnumerable<(string Type, byte[] Body)>)[first, .. more])
        {
            var heard = await _group.SubmitAsync(ImportingBank.Import(told), Cancel);
            Assert.True(heard.Value.Result.Succeeded, heard.Value.Result.Failure?.Message);
        }
    }
}
