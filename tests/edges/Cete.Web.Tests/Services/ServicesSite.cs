using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Cete.Accounts;
using Cete.Actors;
using Cete.Core;
using Cete.Described;
using Cete.Groups;
using Cete.Hocon;
using Cete.Storage;
using Cete.Storage.Log;
using Cete.Storage.State;
using Cete.Testing;
using Cete.Web.Security;
using Cete.Web.Services;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests.Services;

/// <summary>A web door with accounts and described services over a real group, of which 'ada' is the administrator.</summary>
internal sealed class ServicesSite : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cete-services-").FullName;
    private readonly ActorSystem _system = new("services", new ActorSystemOptions { Clock = TimeProvider.System });
    private readonly SegmentLog _log;
    private readonly Dictionary<string, string> _secrets = [];

    private ServicesSite() => _log = SegmentLog.Open(new PhysicalFiles(), Path.Combine(_folder, "log")).Value;

    public AccountsSite Accounts { get; private set; } = null!;

    public DescribedService Services { get; private set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<ServicesSite> StartAsync(params IReadOnlyList<RoleDefinition> roles)
    {
        var made = new ServicesSite();
        made.Accounts = await AccountsSite.StartAsync(
            (app, book) =>
            {
                var groups = new NodeGroups(
                    made._system, made._log, new SqliteStateStores(Path.Combine(made._folder, "groups")), KeyId.Of("services"u8), new GroupSettings())
                {
                    Askers = book,
                };
                made.Services = new DescribedService(groups.Start(DescribedService.Name, new DescribedMachine()), TimeProvider.System);
                ServicesDoor.Map(app, new ServicesParts(made.Services, book, new CrossSiteGuard(new byte[32]), () => true));
            },
            roles);
        Assert.True((await made.Services.ServicesAsync(Cancel)).Succeeded);
        return made;
    }

    /// <summary>The text of a sample, as JSON.</summary>
    public static string Sample(string name) => Json(File.ReadAllText(Descriptions.Sample(name)));

    public static string Json(string hocon) => HoconWriter.ToJson(HoconDocument.Load(hocon, "test.conf"));

    /// <summary>Publishes a new service as its administrator.</summary>
    public async Task PublishAsync(string name, string json)
    {
        var done = await AskAsync("ada", "PUT", $"/api/services/{name}", json, ("If-None-Match", "*"));
        Assert.True(done.Status == 200, done.Text);
    }

    /// <summary>Asks in the name of an account; of nobody for an empty one.</summary>
    public async Task<Answer> AskAsync(string who, string method, string address, string? body = null, params (string Name, string Value)[] fields)
    {
        using var request = await RequestAsync(who, method, address, body, fields);
        using var answer = await Accounts.Site.Client.SendAsync(request, Cancel);
        return new Answer((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel), answer.Headers.ETag?.Tag);
    }

    public async Task<HttpRequestMessage> RequestAsync(
        string who, string method, string address, string? body = null, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), address);
        request.Headers.Authorization = who.Length == 0 ? null : new AuthenticationHeaderValue("Bearer", await SecretAsync(who));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in fields)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    public async ValueTask DisposeAsync()
    {
        await Accounts.DisposeAsync();
        await _system.StopAsync();
        _log.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> SecretAsync(string who)
    {
        if (_secrets.TryGetValue(who, out var known))
        {
            return known;
        }

        if (await Accounts.Service.ByNameAsync(who, Cancel) is { Succeeded: false })
        {
            await Accounts.RegisterAsync(who);
        }

        var asked = new LogIn(who, AccountsSite.Password, null, SessionKind.Terminal, "a terminal", TimeSpan.FromDays(1), null, "192.0.2.1");
        var opened = await Accounts.Service.LogInAsync(asked, new Asker(KeyId.Of("node"u8).ToString(), [AccountsMachine.AccountsRole]), Cancel);
        Assert.True(opened.Succeeded, opened.Failure?.Message);
        return _secrets[who] = opened.Value.Secret;
    }
}

/// <summary>An answer of the API.</summary>
internal sealed record Answer(int Status, string Text, string? Tag)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string Detail => Json.GetProperty("detail").GetString()!;

    /// <summary>The answer, if it has this status.</summary>
    public Answer Is(int status)
    {
        Assert.True(Status == status, $"{Status}, not {status}: {Text}");
        return this;
    }
}
