using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Cete.Api;
using Cete.Core;
using Cete.Formats;
using Cete.Groups;
using Cete.Ports;

namespace Cete.Net.Tests;

/// <summary>Content by the path of its entry, and what is said beside it for programs that know nothing of Cete.</summary>
public sealed class FileTests(FileTests.Served served) : IClassFixture<FileTests.Served>
{
    private const int Length = 600_000;
    private const string Address = "/files/music/live/a%20b%20%231.ogg";
    private static readonly string Seed = $"/seeds/{Base64Url.EncodeToString("/music"u8)}/music";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Address)]
    [InlineData("/files//music//live/a%20b%20%231.ogg")]
    [InlineData("SEED/live/a%20b%20%231.ogg")]
    public async Task A_file_is_served_by_its_path(string address)
    {
        using var whole = await served.Node.GetAsync(address.Replace("SEED", Seed, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.Equal($"\"{served.Content.Root}\"", whole.Headers.ETag!.Tag);
        Assert.Equal("no-cache", whole.Headers.CacheControl!.ToString());
        Assert.Equal("a b #1.ogg", whole.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Equal(served.Content.Bytes, await whole.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal(2, whole.Headers.GetValues("Link").Count());
    }

    [Theory]
    [InlineData("bytes=5-8", 206, "bytes 5-8/600000", 4)]
    [InlineData("bytes=-7", 206, "bytes 599993-599999/600000", 7)]
    [InlineData("bytes=600000-", 416, "bytes */600000", 0)]
    [InlineData("bytes=0-1,3-4", 200, null, Length)]
    public async Task Parts_of_a_file_are_served(string range, int status, string? shown, int count)
    {
        using var part = await served.Node.GetAsync(Address, ("Range", range));
        Assert.Equal((status, shown), ((int)part.StatusCode, part.Content.Headers.ContentRange?.ToString()));
        Assert.Equal(count, (await part.Content.ReadAsByteArrayAsync(Cancel)).Length);
    }

    [Fact]
    public async Task A_head_and_a_condition_cost_no_content()
    {
        using var head = await served.Node.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, Address), Cancel);
        Assert.Equal((HttpStatusCode.OK, Length), (head.StatusCode, head.Content.Headers.ContentLength));
        using var known = await served.Node.GetAsync(Address, ("If-None-Match", $"\"{served.Content.Root}\""));
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
    }

    [Fact]
    public async Task Digests_and_links_lead_a_download_manager_further()
    {
        using (var torrent = await served.Node.GetAsync(Routes.EntryAs(served.Entry, "x", Routes.TorrentEnding)))
        {
            Assert.Equal(HttpStatusCode.OK, torrent.StatusCode);
        }

        foreach (var address in new[] { Address, Routes.ContentOf(served.Content.Root.ToString(), "any name") })
        {
            using var answer = await served.Node.GetAsync(address, ("Range", "bytes=0-0"));
            var digest = Convert.ToBase64String(SHA256.HashData(served.Content.Bytes.Span));
            Assert.Equal($"sha-256=:{digest}:", answer.Headers.GetValues("Repr-Digest").Single());
            foreach (var link in answer.Headers.GetValues("Link"))
            {
                using var linked = await served.Node.GetAsync(link[1..link.IndexOf('>', StringComparison.Ordinal)]);
                Assert.Equal(HttpStatusCode.OK, linked.StatusCode);
                Assert.Contains($"type=\"{linked.Content.Headers.ContentType}\"", link, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("/files/../../etc/passwd")]
    [InlineData("/files/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/files/..%2f..%2fetc/passwd")]
    [InlineData("/files/music/%2e%2e%2fmusic")]
    [InlineData("/files/..%5c..%5cetc")]
    [InlineData("/files/music%2Flive%2Fa%20b%20%231.ogg")]
    [InlineData("/files/%00")]
    [InlineData("/files/a%0d%0ab")]
    [InlineData("/files/%ff%fe")]
    [InlineData("/files/%e2%80%ae")]
    [InlineData("/files/%ef%bf%bd")]
    [InlineData("/files/")]
    [InlineData("/files")]
    [InlineData("/files/music")]
    [InlineData("/files/music/live/unknown")]
    [InlineData("/files/LONG")]
    [InlineData("/files/DEEP")]
    [InlineData("/seeds/!!!/music/live/x")]
    [InlineData("/seeds/_w/music/live/x")]
    [InlineData("/seeds/AAAA/music/live/x")]
    [InlineData("/seeds/Li4vLi4/music/etc/passwd")]
    [InlineData("SEED/../../etc/passwd")]
    [InlineData("SEED/%2e%2e/%2e%2e/x")]
    [InlineData("SEED/..%2f..%2fx")]
    [InlineData("SEED")]
    [InlineData("SEED/")]
    [InlineData("SEED/live")]
    public async Task What_is_no_file_is_refused(string target)
    {
        var address = target.Replace("SEED", Seed, StringComparison.Ordinal).Replace("LONG", new string('x', 5_000), StringComparison.Ordinal)
            .Replace("DEEP", string.Concat(Enumerable.Repeat("a/", 300)), StringComparison.Ordinal);
        var answer = await RawHttp.AskAsync(served.Node.Address, $"GET {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.Matches("^HTTP/1.1 (400|404|413) ", answer);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", null, 200, 1)]
    [InlineData("100000", null, 200, 100_000)]
    [InlineData("100000", "bytes=99990-", 206, 10)]
    [InlineData("100000", "bytes=5-9", 206, 5)]
    [InlineData("100000", "bytes=-3", 206, 3)]
    [InlineData("100000", "bytes=100000-", 416, 0)]
    public async Task Padding_is_zeros(string length, string? range, int status, int count)
    {
        (string, string)[] fields = range is null ? [] : [("Range", range)];
        using var answer = await served.Node.GetAsync($"{Seed}/.pad/{length}", fields);
        Assert.Equal(status, (int)answer.StatusCode);
        var bytes = await answer.Content.ReadAsByteArrayAsync(Cancel);
        Assert.Equal(new byte[count], bytes);
        using var head = await served.Node.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"{Seed}/.pad/{length}"), Cancel);
        Assert.Equal(length, head.Content.Headers.ContentLength?.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("67108864")]
    [InlineData("2147483648")]
    [InlineData("99999999999999999999")]
    [InlineData("x")]
    [InlineData("")]
    public async Task Padding_of_no_sensible_length_is_refused(string length)
    {
        using var answer = await served.Node.GetAsync($"{Seed}/.pad/{length}");
        Assert.Contains((int)answer.StatusCode, new[] { 400, 404, 413 });
    }

    [Fact]
    public async Task A_file_of_somebodys_is_not_taken_for_padding()
    {
        var content = served.Node.Put(300_000, 77);
        await served.Node.FileAsync("/music/.pad/300000", content);
        Assert.Equal(content.Bytes, await served.Node.Http.GetByteArrayAsync($"{Seed}/.pad/300000", Cancel));
    }

    [Fact]
    public async Task A_path_follows_what_happens_in_the_index()
    {
        var (one, two) = (served.Node.Put(300_001, 8), served.Node.Put(300_002, 9));
        await served.Node.FileAsync("/moving/a", one);
        Assert.Equal(one.Bytes, await served.Node.Http.GetByteArrayAsync("/files/moving/a", Cancel));
        var index = served.Node.Index;
        Assert.True((await index.MoveAsync(EntryPath.Parse("/moving").Value, EntryPath.Parse("/moved").Value, Asker.Local, null, Cancel)).Succeeded);
        using var gone = await served.Node.GetAsync("/files/moving/a");
        Assert.Equal("not-found", (await gone.ReadProblemAsync()).Code);
        Assert.Equal(one.Bytes, await served.Node.Http.GetByteArrayAsync("/files/moved/a", Cancel));
        var removal = await index.RemoveAsync(EntryPath.Parse("/moved").Value, Asker.Local, null, Cancel);
        using var removed = await served.Node.GetAsync("/files/moved/a");
        Assert.Equal(HttpStatusCode.NotFound, removed.StatusCode);
        Assert.True((await index.RestoreAsync(removal.Value.Removal, Asker.Local, null, Cancel)).Succeeded);

        // Whoever goes on with what they began gets the whole of what is there now.
        Assert.True((await index.RemoveAsync(EntryPath.Parse("/moved/a").Value, Asker.Local, null, Cancel)).Succeeded);
        await served.Node.FileAsync("/moved/a", two);
        using var resumed = await served.Node.GetAsync("/files/moved/a", ("Range", "bytes=100-"), ("If-Range", $"\"{one.Root}\""));
        Assert.Equal(HttpStatusCode.OK, resumed.StatusCode);
        Assert.Equal(two.Bytes, await resumed.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Fact]
    public async Task Readers_of_what_is_removed_and_restored_get_all_or_nothing()
    {
        var content = served.Node.Put(400_000, 10);
        await served.Node.FileAsync("/racing/a", content);
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(i => ReadAsync(i % 2 == 0 ? HttpMethod.Get : HttpMethod.Head)).ToList();
        for (var i = 0; i < 20; i++)
        {
            var removal = await served.Node.Index.RemoveAsync(EntryPath.Parse("/racing").Value, Asker.Local, null, Cancel);
            Assert.True((await served.Node.Index.RestoreAsync(removal.Value.Removal, Asker.Local, null, Cancel)).Succeeded);
        }

        await done.CancelAsync();
        await Task.WhenAll(readers);

        async Task ReadAsync(HttpMethod method)
        {
            while (!done.IsCancellationRequested)
            {
                using var request = new HttpRequestMessage(method, "/files/racing/a");
                using var answer = await served.Node.Http.SendAsync(request, Cancel);
                Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.NotFound });
                if (answer.IsSuccessStatusCode && method == HttpMethod.Get)
                {
                    Assert.Equal(content.Bytes, await answer.Content.ReadAsByteArrayAsync(Cancel));
                }
            }
        }
    }

    [Fact]
    public async Task Who_asks_before_the_digests_are_ready_is_told_when_to_come_back()
    {
        using var gate = new SemaphoreSlim(0);
        var clock = new ManualClock();
        await using var node = await TestNode.StartAsync(clock, digestsBehind: store => new GatedDigests(store, gate));
        var content = node.Put(Length);
        var entry = await node.FileAsync("/film.mkv", content);
        var asked = node.GetAsync(Routes.EntryAs(entry, "film.mkv", Routes.MetalinkEnding));
        await clock.FireAsync();
        using (var early = await asked)
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(20)), (early.StatusCode, early.Headers.RetryAfter!.Delta));
            Assert.Contains("0 of 1 files are ready", (await early.ReadProblemAsync()).Detail, StringComparison.Ordinal);
        }

        gate.Release(100);
        using var later = await node.GetAsync(Routes.EntryAs(entry, "film.mkv", Routes.MetalinkEnding));
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(content.Bytes.Span)), await later.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_reads_nothing_of_a_file_is_cut_off()
    {
        await using var node = await TestNode.StartAsync(
            limits: options => options.Limits.MinResponseDataRate = new(bytesPerSecond: 100_000_000, gracePeriod: TimeSpan.FromSeconds(1.5)));
        var content = node.Put(20_000_000);
        await node.FileAsync("/large", content);
        using var reader = new System.Net.Sockets.TcpClient { ReceiveBufferSize = 4_096 };
        await reader.ConnectAsync(IPAddress.Loopback, node.Address.Port, Cancel);
        await reader.GetStream().WriteAsync(Encoding.Latin1.GetBytes("GET /files/large HTTP/1.1\r\nHost: x\r\n\r\n"), Cancel);
        await node.ContentAborted.WaitAsync(Cancel);
    }

    /// <summary>Keeps nothing before a test lets it.</summary>
    private sealed class GatedDigests(IDigestStore behind, SemaphoreSlim gate) : IDigestStore
    {
        public ContentDigests? Find(in Hash256 root, int pieceLength) => behind.Find(root, pieceLength);

        public Hash256? FindSha256(in Hash256 root, int pieceLength) => behind.FindSha256(root, pieceLength);

        public Failure? Keep(in Hash256 root, ContentDigests digests)
        {
            gate.Wait();
            return behind.Keep(root, digests);
        }
    }

    public sealed class Served : IAsyncLifetime
    {
        public TestNode Node { get; private set; } = null!;

        public TestContent Content { get; private set; } = null!;

        public long Entry { get; private set; }

        public async ValueTask InitializeAsync()
        {
            Node = await TestNode.StartAsync();
            Content = Node.Put(Length);
            Entry = await Node.FileAsync("/music/live/a b #1.ogg", Content);
        }

        public ValueTask DisposeAsync() => Node.DisposeAsync();
    }
}
