using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cete.Testing;
using static Cete.Program.Tests.Community;

namespace Cete.Program.Tests;

/// <summary>What moderators take down nobody gets, by no way and from no node, until they put it back.</summary>
public sealed class ModerationTests : IDisposable
{
    private const string Reason = "it is malware";
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhatIsTakenDownNobodyGetsUntilAnAppealIsUpheld()
    {
        await using var first = await TestNode.CreateAsync(_folder.At("first"), Local);
        await using var other = await TestNode.StartAsync(
            _folder.At("other"), ["--token", await TokenAsync(first, "share"), "--name", "other", .. Local]);
        await SameListAsync(2, first, other);
        await RegisterAsync(first, "anna");
        var film = _folder.Write("in/film", 700_000, 1);
        var note = _folder.Write("in/note", 10_000, 2);
        (await AsAsync("anna", first, "put", film, note, "--to", "/annas")).Ended(0);
        var idFile = await IdFileAsync(first, "/annas/film");

        // Reported, seen by moderators alone, and taken down.
        (await AsAsync("anna", first, "report", "/annas/film", "--malware", "--text", "my scanner says so")).Ended(0);
        Assert.Equal(4, (await AsAsync("anna", first, "report", "/annas/film", "--fake")).Code);
        Assert.Equal(2, (await AsAsync("anna", first, "report", "/annas/film")).Code);
        Assert.Equal(9, (await AsAsync("anna", first, "moderation", "reports")).Code);
        Assert.Equal(9, (await AsAsync("anna", first, "moderation", "block", "/annas/film", "--reason", "no")).Code);
        var report = (await AsModeratorAsync(first, "reports", "--json")).Ended(0).Json;
        Assert.Equal(("/annas/film", "malware", "my scanner says so"), (Text(report, "path"), Text(report, "kind"), Text(report, "text")));
        var root = Text(report, "root");
        (await AsModeratorAsync(first, "block", "/annas/film", "--reason", Reason)).Ended(0);
        (await AsModeratorAsync(first, "block", "/annas/note", "--reason", "spam")).Ended(0);

        // A node that has nothing to do with the index knows it too.
        using var http = new HttpClient();
        foreach (var node in new[] { first, other })
        {
            await Eventually.TrueAsync(
                async () => (await AskAsync(http, new Uri(node.Address, $"content/{root}"))).Status == HttpStatusCode.UnavailableForLegalReasons,
                "the content's door is shut", Bound);
        }

        await RefusedAsync(http, first, root, idFile, film);
        await UndoneAsync(http, first, other, root, film);
    }

    private async Task RefusedAsync(HttpClient http, TestNode first, string root, string idFile, string film)
    {
        foreach (var address in new[]
        {
            $"content/{root}/film", $"api/contents/{root}/id-file", $"api/contents/{root}/sources", "files/annas/film", $"as/{root}/film.torrent",
            $"swarm/{root}/have",
        })
        {
            var answer = await AskAsync(http, new Uri(first.Address, address));
            Assert.Equal((address, HttpStatusCode.UnavailableForLegalReasons), (address, answer.Status));
            Assert.Equal("taken-down", Text(answer.Problem, "code"));
            Assert.Contains(Reason, Text(answer.Problem, "detail"), StringComparison.Ordinal);
            Assert.Contains("cete appeal " + root, Text(answer.Problem, "detail"), StringComparison.Ordinal);
        }

        // The planner plans for nobody, and nobody gets a ticket or an address.
        foreach (var (address, body) in new (string, object)[]
        {
            ($"api/contents/{root}/announces", new { key = new string('a', 32), have = new byte[] { 0 }, addresses = new[] { "127.0.0.1:1" } }),
            ("api/tickets", new { content = root, key = new string('a', 32) }),
        })
        {
            using var answer = await http.PostAsJsonAsync(new Uri(first.Address, address), body, Cancel);
            Assert.Equal((address, HttpStatusCode.UnavailableForLegalReasons), (address, answer.StatusCode));
        }

        await RefusedAsync("link", "/annas/film");
        await RefusedAsync("get", "/annas/film", "--to", _folder.At("out"));
        await RefusedAsync("get", "/annas/film", "--to", _folder.At("out"), "--foreground");
        await RefusedAsync("get", root, "--to", _folder.At("out"), "--foreground");
        Assert.Equal(12, (await AsAsync("anna", first, "get", idFile, "--to", _folder.At("out"), "--foreground")).Code);
        Assert.False(File.Exists(_folder.At("out", "film")));
        await RefusedAsync("put", film, "--to", "/again");
        await RefusedAsync("get", "/annas", "--to", _folder.At("out"), "--foreground");
        var listed = (await AsAsync("anna", first, "ls", "/annas")).Ended(0).Out;
        Assert.Contains("taken down: " + Reason, listed, StringComparison.Ordinal);
        Assert.DoesNotContain("film", (await AsAsync("anna", first, "search", "film")).Out, StringComparison.Ordinal);

        async Task RefusedAsync(params string[] arguments)
        {
            var ran = await AsAsync("anna", first, arguments);
            Assert.True(ran.Code == 12, $"{string.Join(' ', arguments)} gave {ran.Code}: {ran.Out} {ran.Error}");
            Assert.Contains("took this content down", ran.Error, StringComparison.Ordinal);
        }
    }

    private async Task UndoneAsync(HttpClient http, TestNode first, TestNode other, string root, string film)
    {
        Assert.Equal(3, (await AsAsync("anna", first, "appeal", new string('0', 64), "--text", "what?")).Code);
        (await AsAsync("anna", first, "appeal", "/annas/film", "--text", "it is harmless")).Ended(0);
        var appeal = (await AsModeratorAsync(first, "appeals", "--json")).Ended(0).Json;
        Assert.Equal("it is harmless", Text(appeal, "text"));
        var number = appeal.GetProperty("id").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(2, (await AsModeratorAsync(first, "decide", number, "--why", "well")).Code);
        (await AsModeratorAsync(first, "decide", number, "--uphold", "--why", "a false alarm")).Ended(0);
        (await AsModeratorAsync(first, "unblock", "/annas/note", "--why", "never mind")).Ended(0);
        await Eventually.TrueAsync(
            async () => (await AskAsync(http, new Uri(other.Address, $"content/{root}"))).Status != HttpStatusCode.UnavailableForLegalReasons
                && (await AskAsync(http, new Uri(first.Address, $"content/{root}"))).Status == HttpStatusCode.OK,
            "the content's door is open again", Bound);
        (await AsAsync("anna", first, "get", "/annas", "--to", _folder.At("back"), "--foreground")).Ended(0);
        Disk.AssertSame(film, _folder.At("back", "annas", "film"));
        (await AsAsync("anna", first, "put", film, "--to", "/again")).Ended(0);
        Assert.Empty((await AsAsync("anna", first, "moderation", "list", "--json")).Ended(0).Lines);
        string[] acts = ["put-back", "uphold", "appeal", "take-down", "take-down"];
        Assert.Equal(acts, (await AsAsync("anna", first, "moderation", "log", "--json")).Ended(0).Lines.Select(act => Text(act, "act")));
        Assert.Contains((await AsModeratorAsync(first, "log", "--json")).Ended(0).Lines, act => Text(act, "act") == "report");
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static async Task<(HttpStatusCode Status, JsonElement Problem)> AskAsync(HttpClient http, Uri address)
    {
        using var answer = await http.GetAsync(address, Cancel);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel) : default);
    }

    private async Task<string> IdFileAsync(TestNode node, string path)
    {
        using var http = new HttpClient();
        var entry = await http.GetFromJsonAsync<JsonElement>(new Uri(node.Address, "api/entries/by-path?path=" + path), Cancel);
        var file = _folder.At("film.cete");
        await File.WriteAllBytesAsync(file, await http.GetByteArrayAsync(new Uri(node.Address, Text(entry, "idFile")), Cancel), Cancel);
        return file;
    }

    /// <summary>As the administrator, which is who made the community.</summary>
    private static Task<Ran> AsModeratorAsync(TestNode node, params string[] arguments) =>
        CeteProcess.RunAsync(["moderation", .. arguments, "--node", node.Address.AbsoluteUri]);

    private Task<Ran> AsAsync(string user, TestNode node, params string[] arguments) => CeteProcess.RunAsync(
        [.. arguments, "--node", node.Address.AbsoluteUri], variable: ("CETE_SETTINGS", _folder.At("settings-" + user)));

    private async Task RegisterAsync(TestNode node, string user)
    {
        var password = _folder.At(user + ".password");
        await File.WriteAllTextAsync(password, $"a long password of {user}\n", Cancel);
        (await AsAsync(user, node, "register", user, "--password-file", password)).Ended(0);
    }
}
