using Cete.Accounts;
using Cete.Accounts.Passkeys;
using Cete.Core;
using Cete.Groups;
using Cete.Testing;
using Cete.Trust;
using Cete.Trust.Tickets;
using Cete.Web.Accounts;
using Cete.Web.Bank;
using Cete.Web.Security;
using Cete.Web.Services;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;

namespace Cete.Web.Tests.Support;

/// <summary>A web door in a community with accounts, of which 'ada' is the administrator.</summary>
internal sealed class AccountsSite : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private static readonly KeyId Community = KeyId.Of("community"u8);

    private readonly DirectGroup _group = new(AccountsService.Name, new AccountsMachine());
    private readonly NodeKey _key = NodeKey.Create();
    private readonly PasswordHasher _hasher = new(iterations: 10);

    private AccountsSite(bool countsLoopback, SiteBank? bank = null)
    {
        Bank = bank;
        Service = new AccountsService(_group, _hasher, _group, Community);
        Book = new StandingBook(() => true);
        var cookie = new SessionCookie(Site.Node);
        Parts = new AccountsParts(
            Service, Book, new SessionDoor(Book, FindAsync, cookie, _group), cookie, new CrossSiteGuard(new byte[32]), KeyId.Of("node"u8), Site.Facts,
            Community)
        {
            CountsLoopback = countsLoopback,
            Party = new RelyingParty("localhost"),
            Delegates = Keys,
            Bank = bank?.Service,
            Clock = _group,

            // Nobody who verifies is here: of its certificates the length alone counts.
            Tickets = new TicketIssuer(_key, () => new IssuedCertificate(new byte[600], new byte[1_000]), Community, _group),
        };
    }

    /// <summary>Keys by which the node pays.</summary>
    public MemoryDelegateKeys Keys { get; } = new();

    /// <summary>Its bank; null where it has none.</summary>
    public SiteBank? Bank { get; }

    public AccountsService Service { get; }

    public StandingBook Book { get; }

    public AccountsParts Parts { get; }

    public Site Site { get; private set; } = null!;

    /// <summary>The time of accounts, sessions and codes.</summary>
    public Instant Now => _group.Now;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static Task<AccountsSite> StartAsync(Registration registration = Registration.Open, params IReadOnlyList<RoleDefinition> roles) =>
        StartAsync(false, registration, roles);

    /// <summary>A site with a bank.</summary>
    public static async Task<AccountsSite> StartAsync(SiteBank bank)
    {
        await bank.BeginAsync();
        return await StartAsync(new AccountsSite(countsLoopback: false, bank), Registration.Open, null, []);
    }

    /// <param name="countsLoopback">Accounts are counted that come from this machine.</param>
    /// <param name="registration">Who may register.</param>
    /// <param name="roles">Its roles; those of every community where none are given.</param>
    public static Task<AccountsSite> StartAsync(
        bool countsLoopback, Registration registration = Registration.Open, params IReadOnlyList<RoleDefinition> roles) =>
        StartAsync(new AccountsSite(countsLoopback), registration, null, roles);

    /// <summary>With a bank, which takes names from the community's accounts.</summary>
    public static Task<AccountsSite> StartAsync(Func<StandingBook, BankParts> bank, params IReadOnlyList<RoleDefinition> roles) =>
        StartAsync(new AccountsSite(countsLoopback: false), Registration.Open, bank, roles);

    /// <summary>With more on the application, which knows the community's accounts.</summary>
    public static Task<AccountsSite> StartAsync(Action<WebApplication, StandingBook> more, params IReadOnlyList<RoleDefinition> roles) =>
        StartAsync(new AccountsSite(countsLoopback: false), Registration.Open, null, roles, more);

    /// <summary>With described services, which take names from the community's accounts.</summary>
    public static Task<AccountsSite> StartAsync(Func<AccountsParts, ServicesParts> services) =>
        StartAsync(new AccountsSite(countsLoopback: false), Registration.Open, null, [], services: services);

    private static async Task<AccountsSite> StartAsync(
        AccountsSite made, Registration registration, Func<StandingBook, BankParts>? bank, IReadOnlyList<RoleDefinition> roles,
        Action<WebApplication, StandingBook>? more = null, Func<AccountsParts, ServicesParts>? services = null)
    {
        var beginning = new Beginning(new AccountId(new byte[AccountId.Size]), "ada", null, registration)
        {
            Password = Password,
            Roles = roles.Count > 0 ? roles : RoleDefinition.Defaults,
        };
        var begun = await made.Service.BeginAsync(beginning, Asker.Local, Cancel);
        Assert.True(begun.Succeeded, begun.Failure?.Message);
        await made.ReadAsync(Cancel);
        var credits = bank?.Invoke(made.Book);
        made.Site = await Site.StartAsync(
            more: app =>
            {
                AccountsDoor.Map(app, made.Parts);
                more?.Invoke(app, made.Book);
                if (credits?.Service is { } kept)
                {
                    BankDoor.Map(app, kept, made.Book, TimeProvider.System, _ => true);
                }
            },
            accounts: made.Parts,
            bank: credits,
            services: services?.Invoke(made.Parts));
        return made;
    }

    public Browser Open() => new(Site.Client.BaseAddress!);

    /// <summary>A browser in which somebody with an account of that name is logged in.</summary>
    public async Task<Browser> OpenAsync(string name)
    {
        if (await Service.ByNameAsync(name, Cancel) is { Succeeded: false })
        {
            await RegisterAsync(name);
        }

        var browser = Open();
        Assert.Equal(303, (await browser.LogInAsync(name, Password)).Status);
        return browser;
    }

    public async Task<AccountRecord> RegisterAsync(string name)
    {
        var made = await Service.RegisterAsync(new NewAccount(name, Password, null, [], null, string.Empty), null, Cancel);
        Assert.True(made.Succeeded, made.Failure?.Message);
        return made.Value;
    }

    public void Wait(TimeSpan time) => _group.Now += time;

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        _hasher.Dispose();
        _key.Dispose();
        _group.Dispose();
        Bank?.Dispose();
    }

    private async Task<Outcome<SessionFacts>> FindAsync(string secret, CancellationToken cancellation)
    {
        await ReadAsync(cancellation);
        return await Service.SessionAsync(secret, cancellation);
    }

    /// <summary>A node follows its accounts; here they are read where it would have heard of them.</summary>
    private Task ReadAsync(CancellationToken cancellation) => Book.FollowAsync(
        (version, stop) => Service.StandingsAsync(version, stop), _ => Task.FromCanceled(new CancellationToken(true)), cancellation);
}
