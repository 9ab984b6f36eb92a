using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Cete.Api;
using Cete.Core;
using Cete.Swarm;

namespace Cete.Net.Tests.Api;

/// <summary>What agents tell a node of contents that they hold themselves, and what those learn who follow a folder.</summary>
public sealed class SharingApiTests : IAsyncLifetime
{
    private static readonly string Agent = KeyId.Of("agent"u8).ToString();
    private readonly TestContent _large = TestContent.Make(600_000, 1);
    private readonly TestContent _small = TestContent.Make(1_000, 2);
    private TestNode _node = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _node = await TestNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task An_entry_of_an_agent_is_filed_by_its_manifest_and_withdrawn_again()
    {
        Assert.Equal(HttpStatusCode.Conflict, (await FileAsync("/a/large", _large, null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendManifestAsync(_large.Root, IdFileOf(_large.Manifest))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await FileAsync("/a/large", _large, null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await FileAsync("/a/small", _small, 1_000)).StatusCode);
        foreach (var content in (TestContent[])[_large, _small])
        {
            using var idFile = await _node.GetAsync(Routes.IdFileOfContent(content.Root.ToString()));
            var file = IdFile.Read(await idFile.Content.ReadAsByteArrayAsync(Cancel)).Value;
            Assert.Equal(content.Root, file.Manifest.Root);
            Assert.Empty(file.Sources);
            using var sources = await _node.GetAsync(Routes.Sources(content.Root.ToString()));
            Assert.Empty((await sources.ReadAsync(ApiJson.Default.SourcesAnswer)).Sources);
            Assert.Equal([Agent], (await _node.Index.ProvidersAsync(content.Root, Cancel)).Value);
        }

        var body = $$"""{"provider":"{{Agent}}","roots":["{{_large.Root}}","{{Hash256.Of("x"u8)}}"]}""";
        using var withdrawn = await PostAsync(Routes.Withdrawals, body);
        Assert.Equal(1, (await withdrawn.ReadAsync(ApiJson.Default.WithdrawAnswer)).Withdrawn);
        Assert.Empty((await _node.Index.ProvidersAsync(_large.Root, Cancel)).Value);
        Assert.Equal(0, (await _node.Index.EntryAsync(EntryPath.Parse("/a/large").Value, Cancel)).Value.Providers);
    }

    [Fact]
    public async Task Manifests_of_every_bad_kind_are_refused()
    {
        var good = IdFileOf(_large.Manifest);
        var text = Encoding.UTF8.GetString(good);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendManifestAsync(_small.Root, good)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendManifestAsync(_large.Root, Encoding.UTF8.GetBytes("{}"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendManifestAsync(_large.Root, good[..^50])).StatusCode);
        var lying = text.Replace($"\"length\": {_large.Manifest.Length}", "\"length\": 600001", StringComparison.Ordinal);
        var layer = Convert.ToHexStringLower(_large.Manifest.Pieces[1].ToArray());
        var wrong = text.Replace(layer, Convert.ToHexStringLower(_large.Manifest.Pieces[0].ToArray()), StringComparison.Ordinal);
        Assert.NotEqual(text, wrong);
        Assert.NotEqual(HttpStatusCode.OK, (await SendManifestAsync(_large.Root, Encoding.UTF8.GetBytes(wrong))).StatusCode);
        Assert.NotEqual(text, lying);
        using var long1 = await SendManifestAsync(_large.Root, new byte[Limits.IdFileBytesMax + 1]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, long1.StatusCode);
        using var bad = await PostAsync(Routes.Entries, $$"""{"provider":"me","entries":[{"path":"/f","root":"{{_small.Root}}","length":1}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        using var none = await PostAsync(Routes.Withdrawals, $$"""{"provider":"{{Agent}}","roots":[]}""");
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        using var nothing = await PostAsync(Routes.Withdrawals, "{}");
        Assert.Equal(HttpStatusCode.BadRequest, nothing.StatusCode);
    }

    [Fact]
    public async Task Changes_are_told_from_a_cursor_on_and_waited_for()
    {
        var begun = await ChangesAsync("folder=/a&below=true");
        Assert.Empty(begun.Changes);
        var waiting = ChangesAsync($"folder=/a&below=true&after={begun.Cursor}&wait=60");
        await FileAsync("/a/b/small.txt", _small, 1_000);
        var change = Assert.Single((await waiting).Changes);
        Assert.Equal(("filed", "/a/b/small.txt", "text", 1_000), (change.Kind, change.Path, change.Entry!.Kind, change.Entry.Length));
        Assert.True((await ChangesAsync("after=nonsense")).Missed);
        using var bad = await _node.GetAsync($"{Routes.Changes}?wait=soon");
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        using var odd = await _node.GetAsync($"{Routes.Changes}?below=maybe");
        Assert.Equal(HttpStatusCode.BadRequest, odd.StatusCode);
    }

    private static byte[] IdFileOf(Manifest manifest) => new IdFile { Name = "any", Manifest = manifest }.Write();

    private async Task<ChangesAnswer> ChangesAsync(string query)
    {
        using var answer = await _node.GetAsync($"{Routes.Changes}?{query}");
        return await answer.ReadAsync(ApiJson.Default.ChangesAnswer);
    }

    private async Task<HttpResponseMessage> SendManifestAsync(Hash256 root, byte[] bytes)
    {
        using var body = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(IdFile.MediaType) } };
        return await _node.Http.PostAsync(Routes.ManifestOf(root.ToString()), body, Cancel);
    }

    private Task<HttpResponseMessage> FileAsync(string path, TestContent content, long? length) => PostAsync(
        Routes.Entries,
        $$"""{"provider":"{{Agent}}","entries":[{"path":"{{path}}","root":"{{content.Root}}"{{(length is null ? "" : $",\"length\":{length}")}}}]}""");

    private async Task<HttpResponseMessage> PostAsync(string path, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        return await _node.Http.PostAsync(path, body, Cancel);
    }
}
