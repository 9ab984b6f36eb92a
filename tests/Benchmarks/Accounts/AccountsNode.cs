using Cete.Accounts;
using Cete.Actors;
using Cete.Core;
using Cete.Groups;
using Cete.Index;
using Cete.Storage;
using Cete.Storage.Contents;
using Cete.Storage.Log;
using Cete.Storage.State;
using Cete.Swarm;
using Cete.Transfer.Digests;
using Cete.Trust;
using Cete.Trust.Tickets;
using Cete.Web;
using Cete.Web.Accounts;
using Cete.Web.Security;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cete.Benchmarks.Accounts;

/// <summary>A node's web door with an index and accounts, over a log and stores in a folder on disk that goes away with it.</summary>
internal sealed class AccountsNode : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private const int Entries = 500;

    private readonly string _folder = Directory.CreateTempSubdirectory("cete-bench-accounts-").FullName;
    private readonly ActorSystem _system = new("bench", new ActorSystemOptions());
    private readonly SegmentLog _log;
    private readonly PasswordHasher _hasher = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly NodeKey _key = NodeKey.Create();
    private readonly WebApplication _app;
    private readonly AccountsService _accounts;
    private readonly StandingBook _book = new(() => true);
    private readonly IndexService _index;

    private AccountsNode()
    {
        _log = SegmentLog.Open(new PhysicalFiles(), Path.Combine(_folder, "log")).Value;
        var (node, community) = (KeyId.Of("node"u8), KeyId.Of("community"u8));
        var groups = new NodeGroups(_system, _log, new SqliteStateStores(Path.Combine(_folder, "groups")), node, new GroupSettings());
        _index = new IndexService(groups.Start(IndexService.Name, new IndexMachine()));
        _accounts = new AccountsService(groups.Start(AccountsService.Name, new AccountsMachine(community)), _hasher, TimeProvider.System, community);
        var cookie = new SessionCookie("bench");
        var facts = new NodeFacts("bench", "bench", "1");
        var parts = new AccountsParts(
            _accounts, _book, new SessionDoor(_book, (secret, stop) => _accounts.SessionAsync(secret, stop), cookie, TimeProvider.System), cookie,
            new CrossSiteGuard(new byte[32]), node, facts, community)
        {
            Tickets = new TicketIssuer(_key, () => new IssuedCertificate(new byte[600], new byte[1_000]), community, TimeProvider.System),
        };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        SecurityHeaders.Use(_app);
        CrossSiteGuard.Use(_app, cookie);
        parts.Door.Map(_app);
        AccountsDoor.Map(_app, parts);
        var contents = new ContentStore(new PhysicalFiles(), _folder);
        WebDoor.Map(_app, new WebParts(_index, contents, new Digester(_system, contents, new DigestStore(_folder)), new byte[32], facts, Accounts: parts));
    }

    public Uri Address => new(_app.Urls.First());

    public static string NameOf(int client) => $"client-{client}";

    public static async Task<AccountsNode> StartAsync(int accounts)
    {
        var made = new AccountsNode();
        var beginning = new Beginning(new AccountId(new byte[AccountId.Size]), "ada", null, Registration.Open) { Password = Password };
        Require(await made._accounts.BeginAsync(beginning, Asker.Local, CancellationToken.None));
        for (var i = 0; i < accounts; i++)
        {
            Require(await made._accounts.RegisterAsync(new NewAccount(NameOf(i), Password, null, [], null, string.Empty), null, CancellationToken.None));
        }

        _ = made._book.FollowAsync((version, stop) => made._accounts.StandingsAsync(version, stop), PauseAsync, made._stop.Token);
        var root = Hash256.Of("content"u8);
        var entries = Enumerable.Range(0, Entries)
            .Select(i => new NewEntry(EntryPath.Parse($"/music/song {i}").Value, root, 5, PieceLengths.For(5), root, null, string.Empty, []));
        Require(await made._index.FileAsync([.. entries], "bench", Asker.Local, null, CancellationToken.None));
        await made._app.StartAsync();
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.DisposeAsync();
        await _system.StopAsync();
        _hasher.Dispose();
        _key.Dispose();
        _log.Dispose();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task PauseAsync(CancellationToken stop)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        await pause.WaitForNextTickAsync(stop);
    }

    private static void Require<T>(Outcome<T> outcome) => Check.That(outcome.Succeeded, outcome.Failure?.Message ?? string.Empty);
}
