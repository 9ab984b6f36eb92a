using Cete.Actors;
using Cete.Core;
using Cete.Ledger;
using Cete.Net.Tests.Fabric;
using Cete.Net.Tickets;
using Cete.Net.Tls;
using Cete.Storage;
using Cete.Storage.Contents;
using Cete.Transfer;
using Cete.Transfer.Payments;
using Cete.Trust;
using Cete.Trust.Tickets;

namespace Cete.Net.Tests.Payments;

/// <summary>A community with a bank, and a user who downloads.</summary>
internal sealed class PaidWorld : ITicketSource, IAsyncDisposable
{
    public const long Plenty = 1_000 * Credits.Micro;

    private readonly string _folder = Directory.CreateTempSubdirectory("cete-payer-").FullName;
    private readonly NodeIdentity _accounts;
    private readonly TicketIssuer _issuer;
    private readonly ActorSystem _actors = new("payer", new ActorSystemOptions());

    public PaidWorld()
    {
        _accounts = Community.NewNode("accounts");
        _issuer = new TicketIssuer(_accounts.Key, () => _accounts.Issued, Community.Id, TimeProvider.System);
        Bank = new MemoryBank(Community.Id, Plenty);
        Contents = new ContentStore(new PhysicalFiles(), _folder);
    }

    public TestCommunity Community { get; } = new();

    public MemoryBank Bank { get; }

    public MemoryPayerBook Book { get; } = new();

    public ContentStore Contents { get; }

    public Task<Outcome<string>> FindAsync(KeyId community, Hash256 content, KeyId key, CancellationToken cancellation) =>
        Task.FromResult<Outcome<string>>(_issuer.ForKey(content, key).ToString());

    public Payer NewPayer(TestContent content, long max = Plenty, AccountId? author = null)
    {
        var options = new PayerOptions(Community.Id, "test", max, Bank.Price) { Subject = content.Root, Author = author };
        var payer = new Payer(Bank, Book, options, TimeProvider.System);
        payer.Want(content.Bytes.Length);
        return payer;
    }

    public async Task<Outcome<bool>> DownloadAsync(
        Payer? payer, TestContent content, IReadOnlyList<Uri> sources, Action<int>? taken = null, CancellationToken? stop = null)
    {
        using var peers = new PeerTransport(this, TimeProvider.System);
        using var client = new HttpContentClient(TimeSpan.FromSeconds(30), TimeProvider.System, TlsTrust.OfSystem, null, peers, payer);
        using var target = Contents.Begin(content.Manifest).Value;
        var result = await new Downloader(_actors, client).DownloadAsync(
            new DownloadOrder(content.Manifest, sources, target, TimeSpan.FromSeconds(30)), taken ?? (_ => { }), stop ?? TestContext.Current.CancellationToken);
        Assert.Equal(result.Succeeded, target.IsWhole);
        return result;
    }

    /// <summary>Nothing came up or went away: what the user had is what it has and what was earned.</summary>
    public long EarnedInAll()
    {
        Bank.Settle();
        var earned = Bank.Earned.Values.Sum();
        Assert.Equal(Plenty, Bank.Balance + earned);
        return earned;
    }

    public async ValueTask DisposeAsync()
    {
        await _actors.StopAsync();
        _accounts.Dispose();
        await Community.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
