using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>The page that an agent has for its user alone, and files that are looked at while they come.</summary>
public sealed partial class DownloadPageTests : IAsyncLifetime
{
    /// <summary>So much that at the rate below half of it takes longer than a busy machine needs to ask.</summary>
    private const long Length = 96L << 20;
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private TestNode _node = null!;
    private AgentUser _user = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.CreateAsync(_folder.At("node"));
        _user = await AgentUser.LogInAsync(_folder.At("s"), _node);
        (await _node.CeteAsync("put", _folder.Write("film", Length, 1))).Ended(0);
        (await _user.CeteAsync("agent", "limits", "--down", "512KiB")).Ended(0);
        (await _user.CeteAsync("get", "/film", "--to", _folder.At("out"), "--detach")).Ended(0);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _user.DisposeAsync();
        await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task ItIsItsUsersAlone()
    {
        var link = await LinkAsync();
        Assert.Equal("127.0.0.1", link.Host);
        var page = new Uri(link, "/");

        // Nobody is let in who has no link, a wrong one, or asks by another name; nothing is done for a form that came from elsewhere.
        await RefusedAsync(new HttpRequestMessage(HttpMethod.Get, page), "let in");
        await RefusedAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(link, "/open/" + new string('0', 64))), "this link");
        await RefusedAsync(new HttpRequestMessage(HttpMethod.Get, link) { Headers = { Host = $"evil.example:{link.Port}" } }, "one address");
        await RefusedAsync(new HttpRequestMessage(HttpMethod.Get, link) { Headers = { Host = $"localhost:{link.Port}" } }, "one address");
        await RefusedAsync(With("cete-downloads-" + link.Port + "=wrong", HttpMethod.Get, page), "let in");
        await RefusedAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(link, "/watch/0123/1/1/" + new string('0', 64) + "/film")), "this address");

        var cookie = await EnterAsync(link);
        var (html, answer) = await ReadAsync(With(cookie, HttpMethod.Get, page));
        Assert.Contains("film", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        var token = Token().Match(html).Groups[1].Value;
        await RefusedAsync(Form(cookie, "/downloads/1", page, ("action", "pause")), "form");
        await RefusedAsync(Form(cookie, "/downloads/1", page, ("form-token", new string('0', token.Length)), ("action", "pause")), "form");
        var foreign = Form(cookie, "/downloads/1", page, ("form-token", token), ("action", "pause"));
        foreign.Headers.Add("Sec-Fetch-Site", "cross-site");
        await RefusedAsync(foreign, "another site");
        Assert.Equal("Running", await StateAsync());

        // Its own forms do what they say.
        async Task<HttpStatusCode> SendAsync(string path, params (string Name, string Value)[] fields) =>
            (await ReadAsync(Form(cookie, path, page, [("form-token", token), .. fields]))).Answer.StatusCode;

        Assert.Equal(HttpStatusCode.SeeOther, await SendAsync("/downloads/1", ("action", "pause")));
        Assert.Equal("Paused", await StateAsync());
        Assert.Equal(HttpStatusCode.SeeOther, await SendAsync("/downloads/1", ("action", "high")));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync("/downloads/1", ("action", "explode")));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync("/downloads/7", ("action", "pause")));

        // One that goes while its page is open says so.
        Assert.Contains("high priority", (await ReadAsync(With(cookie, HttpMethod.Get, new Uri(link, "/downloads/1")))).Html, StringComparison.Ordinal);
        (await _user.CeteAsync("downloads", "cancel", "1")).Ended(0);
        Assert.Equal(HttpStatusCode.SeeOther, await SendAsync("/clear"));
        var (gone, missing) = await ReadAsync(With(cookie, HttpMethod.Get, new Uri(link, "/downloads/1")));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("there is no download 1", gone, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatSomebodyLooksAtComesNext()
    {
        // At its rate the end would come in three minutes.
        var original = File.ReadAllBytes(_folder.At("film"));
        string address = string.Empty;
        await Eventually.TrueAsync(
            async () =>
            {
                var asked = await _user.CeteAsync("downloads", "preview", "1", "film");
                address = asked.Out.Trim();
                return asked.Code == 0;
            },
            "the file comes", Bound);
        var from = Length - (3L << 20);
        var (part, answer) = await RangeAsync(address, from, from + 99_999);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal($"bytes {from}-{from + 99_999}/{Length}", answer.Content.Headers.ContentRange!.ToString());
        Assert.True(part.AsSpan().SequenceEqual(original.AsSpan((int)from, 100_000)), "what came is what was put in");
        var file = (await _user.CeteAsync("downloads", "show", "1", "--json")).Ended(0).Json.GetProperty("details").GetProperty("files")[0];
        Assert.InRange(file.GetProperty("piecesHere").GetInt32(), 0, file.GetProperty("pieces").GetInt32() / 2);

        // Behind the end there is nothing; one that is not asked for by its name there is not.
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, (await RangeAsync(address, Length, Length + 5)).Answer.StatusCode);
        Assert.Contains("no file 'other'", (await _user.CeteAsync("downloads", "preview", "1", "other")).Ended(3).Error, StringComparison.Ordinal);
        var wrong = new Uri(address).AbsolutePath.Split('/');
        wrong[2] = new string('0', wrong[2].Length);
        Assert.Equal(HttpStatusCode.Forbidden, (await RangeAsync(new Uri(new Uri(address), string.Join('/', wrong)).AbsoluteUri, 0, 9)).Answer.StatusCode);

        // Who looks at it while it becomes whole goes on.
        (await _user.CeteAsync("agent", "limits", "--down", "none")).Ended(0);
        await Eventually.TrueAsync(async () => await StateAsync() == "Done", "it is there", Bound);
        var (rest, whole) = await RangeAsync(address, 5_000_000, 5_999_999);
        Assert.Equal(HttpStatusCode.PartialContent, whole.StatusCode);
        Assert.True(rest.AsSpan().SequenceEqual(original.AsSpan(5_000_000, 1_000_000)), "what is there is what was put in");

        // What was changed since is not what was asked for: nothing of it is sent.
        var changed = File.ReadAllBytes(_folder.At("out", "film"));
        changed[7_000_000] ^= 1;
        File.WriteAllBytes(_folder.At("out", "film"), changed);
        await Assert.ThrowsAnyAsync<Exception>(() => RangeAsync(address, 7_000_000, 7_000_099));
    }

    [GeneratedRegex("name=\"form-token\" value=\"([0-9a-f]+)\"")]
    private static partial Regex Token();

    private static HttpRequestMessage With(string cookie, HttpMethod method, Uri address) => new(method, address) { Headers = { { "Cookie", cookie } } };

    private static HttpRequestMessage Form(string cookie, string path, Uri page, params (string Name, string Value)[] fields)
    {
        var request = With(cookie, HttpMethod.Post, new Uri(page, path));
        request.Headers.Add("Origin", page.GetLeftPart(UriPartial.Authority));
        request.Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return request;
    }

    private async Task<Uri> LinkAsync() => new((await _user.CeteAsync("downloads", "--web")).Ended(0).Out.Trim());

    private async Task<string> EnterAsync(Uri link)
    {
        using var answer = await _http.GetAsync(link, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var set = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", set, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", set, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(link.AbsolutePath.Split('/')[^1], set, StringComparison.Ordinal);
        return set.Split(';')[0];
    }

    private async Task RefusedAsync(HttpRequestMessage request, string why)
    {
        var (html, answer) = await ReadAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains(why, html, StringComparison.Ordinal);
    }

    private async Task<(string Html, HttpResponseMessage Answer)> ReadAsync(HttpRequestMessage request)
    {
        using (request)
        {
            var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
            return (WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), answer);
        }
    }

    private async Task<(byte[] Bytes, HttpResponseMessage Answer)> RangeAsync(string address, long from, long to)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new RangeHeaderValue(from, to) } };
        var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), answer);
    }

    private async Task<string?> StateAsync() => (await _user.CeteAsync("downloads", "--json")).Ended(0).Lines[0].GetProperty("state").GetString();
}
