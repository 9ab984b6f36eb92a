using System.Net;
using System.Net.Http.Headers;
using Cete.Testing;
using static Cete.Program.Tests.Community;

namespace Cete.Program.Tests;

/// <summary>Contents for those who have no right to them but an address, and for those who have lost theirs.</summary>
public sealed class LendingTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhereGuestsMayNotReadAnAddressOpensOneContentUntilItIsUsedUp()
    {
        await using var first = await TestNode.CreateAsync(_folder.At("first"), Local);
        await using var second = await JoinAsync(first, _folder, "second");
        await SameListAsync(2, first, second);
        (await GovernAsync(first, "role", "deny", "guest", "index.read")).Ended(0);
        await RegisterAsync(first, "anna");
        var lent = _folder.Write("in/lent", 700_000, 1);
        var kept = _folder.Write("in/kept", 10_000, 2);
        (await AsAsync("anna", second, "put", lent, kept, "--to", "/annas")).Ended(0);
        using var http = new HttpClient();
        await Eventually.TrueAsync(
            async () => await StatusAsync(http, new Uri(second.Address, "folders/annas")) is HttpStatusCode.Unauthorized or HttpStatusCode.Redirect
                && await StatusAsync(http, new Uri(second.Address, "api/entries?folder=/annas")) == HttpStatusCode.Unauthorized,
            "guests may not read", Bound);

        // The node that is asked keeps no accounts: it sends the terminal to one that does.
        var path = (await AsAsync("anna", second, "link", "/annas/lent", "--cap", "1", "--json")).Ended(0).Json.GetProperty("path").GetString()!;
        Assert.InRange(path.Length, 100, 500);
        var address = new Uri(second.Address, path);
        Assert.Equal(File.ReadAllBytes(lent), await http.GetByteArrayAsync(address, Cancel));

        // It covers a mebibyte: not the whole content again, but a part of it.
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, address));
        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync(http, address, new RangeHeaderValue(0, 99_999)));
        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(http, address, tag: $"\"{path.Split('/')[2]}\""));

        // Without it, with another content's, cut short, or for anything else it opens nothing.
        var root = (await AsAsync("anna", first, "ls", "/annas", "--json")).Ended(0).Lines
            .Single(line => line.GetProperty("name").GetString() == "kept").GetProperty("root").GetString()!;
        var query = path[path.IndexOf('?', StringComparison.Ordinal)..];
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, new Uri(second.Address, path.Split('?')[0])));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, new Uri(second.Address, $"content/{root}{query}")));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(http, new Uri(second.Address, path[..^4])));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, new Uri(second.Address, "api/entries?folder=/annas&" + query[1..])));

        // Tickets are for those who may read, and addresses for members who are not suspended.
        using var body = new StringContent("{}", new MediaTypeHeaderValue("application/json"));
        using var asked = await http.PostAsync(new Uri(first.Address, "api/tickets"), body, Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        (await GovernAsync(first, "suspend", "anna")).Ended(0);
        await Eventually.TrueAsync(async () => (await AsAsync("anna", first, "link", root)).Code == 9, "she may not lend", Bound);
    }

    [Fact]
    public async Task WhoLosesTheRightInTheMiddleOfAnUploadFilesNothing()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"), Local);
        await RegisterAsync(node, "anna");
        const long length = 300L << 20;
        var large = _folder.Write("large", length, 1);
        await using var put = CeteProcess.Start(
            ["put", large, "--to", "/annas", "--node", node.Address.AbsoluteUri], variable: ("CETE_SETTINGS", _folder.At("settings-anna")));
        await Eventually.TrueAsync(() => Disk.PiecesIn(Path.Combine(node.Data, "incoming"), length) > 2 || put.HasExited, "a part is there", Bound);
        (await GovernAsync(node, "suspend", "anna", "--reason", "spam")).Ended(0);
        var ran = await put.EndAsync();

        // It may have been done just before; else nothing of it is filed, and she is told why.
        if (ran.Code != 0)
        {
            Assert.Contains("index.file", ran.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("large", (await node.CeteAsync("ls", "-r", "/")).Ended(0).Out, StringComparison.Ordinal);
        }

        await Eventually.TrueAsync(
            async () => (await AsAsync("anna", node, "put", large, "--to", "/again")).Error.Contains("index.file", StringComparison.Ordinal),
            "she may put in nothing", Bound);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, Uri address, RangeHeaderValue? range = null, string? tag = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Range = range;
        if (tag is not null)
        {
            request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(tag));
        }

        using var answer = await http.SendAsync(request, Cancel);
        return answer.StatusCode;
    }

    /// <summary>As the administrator, which is who made the community.</summary>
    private static Task<Ran> GovernAsync(TestNode node, params string[] arguments) =>
        CeteProcess.RunAsync(["account", .. arguments, "--node", node.Address.AbsoluteUri]);

    private Task<Ran> AsAsync(string user, TestNode node, params string[] arguments) => CeteProcess.RunAsync(
        [arguments[0], .. arguments[1..], "--node", node.Address.AbsoluteUri], variable: ("CETE_SETTINGS", _folder.At("settings-" + user)));

    private async Task RegisterAsync(TestNode node, string user)
    {
        var password = _folder.At(user + ".password");
        await File.WriteAllTextAsync(password, $"a long password of {user}\n", Cancel);
        (await AsAsync(user, node, "register", user, "--password-file", password)).Ended(0);
    }
}
