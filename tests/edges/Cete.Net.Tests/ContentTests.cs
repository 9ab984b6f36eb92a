using System.Net;
using Cete.Api;

namespace Cete.Net.Tests;

public sealed class ContentTests(ContentTests.Served served) : IClassFixture<ContentTests.Served>
{
    private const int Length = 600_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Content_is_served_whole_and_by_head()
    {
        using var whole = await served.Node.GetAsync(served.Content.Path);
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.Equal($"\"{served.Content.Root}\"", whole.Headers.ETag!.Tag);
        Assert.Equal("bytes", whole.Headers.AcceptRanges.Single());
        Assert.Equal("nosniff", whole.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(served.Content.Bytes, await whole.Content.ReadAsByteArrayAsync(Cancel));
        using var head = await served.Node.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, served.Content.Path), Cancel);
        Assert.Equal(Length, head.Content.Headers.ContentLength);
        using var part = new HttpRequestMessage(HttpMethod.Head, served.Content.Path) { Headers = { { "Range", "bytes=0-9" } } };
        using var headOfPart = await served.Node.Http.SendAsync(part, Cancel);
        Assert.Equal((HttpStatusCode.OK, Length), (headOfPart.StatusCode, headOfPart.Content.Headers.ContentLength));
        using var upper = await served.Node.GetAsync($"/content/{served.Content.Root.ToString().ToUpperInvariant()}");
        Assert.Equal(HttpStatusCode.OK, upper.StatusCode);
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=0-99", 0, 100)]
    [InlineData("bytes=262143-262144", 262_143, 2)]
    [InlineData("bytes=599999-599999", 599_999, 1)]
    [InlineData("bytes=599999-", 599_999, 1)]
    [InlineData("bytes=100-", 100, Length - 100)]
    [InlineData("bytes=0-", 0, Length)]
    [InlineData("bytes=-1", Length - 1, 1)]
    [InlineData("bytes=-600000", 0, Length)]
    [InlineData("bytes=-9223372036854775807", 0, Length)]
    [InlineData("bytes=5-9223372036854775807", 5, Length - 5)]
    [InlineData("bytes= 1-2", 1, 2)]
    [InlineData("BYTES=1-2", 1, 2)]
    public async Task A_range_gives_its_part(string range, int from, int count)
    {
        using var part = await served.Node.GetAsync(served.Content.Path, ("Range", range));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal($"bytes {from}-{from + count - 1}/{Length}", part.Content.Headers.ContentRange!.ToString());
        Assert.Equal(served.Content.Bytes.Slice(from, count), await part.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Theory]
    [InlineData("bytes=600000-")]
    [InlineData("bytes=600000-600001")]
    [InlineData("bytes=9223372036854775807-")]
    [InlineData("bytes=-0")]
    public async Task A_range_behind_the_end_cannot_be_satisfied(string range)
    {
        using var refused = await served.Node.GetAsync(served.Content.Path, ("Range", range));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, refused.StatusCode);
        Assert.Equal($"bytes */{Length}", refused.Content.Headers.ContentRange!.ToString());
        Assert.Null(refused.Headers.CacheControl);
        Assert.Empty(await refused.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Theory]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=5-3")]
    [InlineData("bytes=--1")]
    [InlineData("bytes=1--2")]
    [InlineData("bytes=-1-2")]
    [InlineData("bytes=99999999999999999999-")]
    [InlineData("bytes=0-99999999999999999999")]
    [InlineData("bytes=9223372036854775808-9223372036854775809")]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("bytes=0-1,0-1")]
    [InlineData("lines=1-2")]
    [InlineData("bytes 1-2")]
    [InlineData("bytes=0x1-0x2")]
    public async Task A_range_that_means_nothing_or_several_is_ignored(string range)
    {
        using var whole = await served.Node.GetAsync(served.Content.Path, ("Range", range));
        Assert.Equal((HttpStatusCode.OK, Length), (whole.StatusCode, whole.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task Thousands_of_ranges_are_the_whole_once()
    {
        var ranges = "bytes=" + string.Join(',', Enumerable.Range(0, 3_000).Select(i => $"{i}-"));
        using var whole = await served.Node.GetAsync(served.Content.Path, ("Range", ranges));
        Assert.Equal((HttpStatusCode.OK, Length), (whole.StatusCode, (await whole.Content.ReadAsByteArrayAsync(Cancel)).Length));
    }

    [Theory]
    [InlineData("If-None-Match", "\"ROOT\"", 304)]
    [InlineData("If-None-Match", "W/\"ROOT\"", 304)]
    [InlineData("If-None-Match", "*", 304)]
    [InlineData("If-None-Match", "\"a\", \"ROOT\"", 304)]
    [InlineData("If-None-Match", "\"other\"", 206)]
    [InlineData("If-None-Match", "garbage", 206)]
    [InlineData("If-Match", "\"ROOT\"", 206)]
    [InlineData("If-Match", "*", 206)]
    [InlineData("If-Match", "\"other\"", 412)]
    [InlineData("If-Match", "W/\"ROOT\"", 412)]
    [InlineData("If-Range", "\"ROOT\"", 206)]
    [InlineData("If-Range", "W/\"ROOT\"", 200)]
    [InlineData("If-Range", "\"other\"", 200)]
    [InlineData("If-Range", "Wed, 21 Oct 2015 07:28:00 GMT", 200)]
    [InlineData("If-Range", "garbage", 200)]
    public async Task Conditions_are_kept(string field, string value, int status)
    {
        using var answer = await served.Node.GetAsync(
            served.Content.Path, (field, value.Replace("ROOT", served.Content.Root.ToString(), StringComparison.Ordinal)), ("Range", "bytes=1-2"));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status switch { 206 => 2, 200 => Length, _ => 0 }, (await answer.Content.ReadAsByteArrayAsync(Cancel)).Length);
    }

    [Theory]
    [InlineData("a.txt", "text/plain; charset=utf-8", "inline")]
    [InlineData("a.PNG", "image/png", "inline")]
    [InlineData("a.mp4", "video/mp4", "inline")]
    [InlineData("a.html", "application/octet-stream", "attachment")]
    [InlineData("a.HTM", "application/octet-stream", "attachment")]
    [InlineData("a.xhtml", "application/octet-stream", "attachment")]
    [InlineData("a.svg", "application/octet-stream", "attachment")]
    [InlineData("a.SVGZ", "application/octet-stream", "attachment")]
    [InlineData("a.xml", "application/octet-stream", "attachment")]
    [InlineData("a.js", "application/octet-stream", "attachment")]
    [InlineData("a.css", "application/octet-stream", "attachment")]
    [InlineData("a.mht", "application/octet-stream", "attachment")]
    [InlineData("a", "application/octet-stream", "attachment")]
    [InlineData("\u00e9 \u4e2d\ud83d\ude00 \"q\";x=\\.bin", "application/octet-stream", "attachment")]
    [InlineData("100%25;.bin", "application/octet-stream", "attachment")]
    public async Task What_a_browser_might_run_is_never_shown(string name, string type, string disposition)
    {
        using var answer = await served.Node.GetAsync(Routes.ContentOf(served.Content.Root.ToString(), name));
        Assert.Equal(type, answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(disposition, answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(name, answer.Content.Headers.ContentDisposition.FileNameStar);
        Assert.Contains("sandbox", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%0d%0aX: y")]
    [InlineData("%e2%80%aegpj.exe")]
    [InlineData("..%2f..%2fetc%2fpasswd")]
    public async Task A_name_that_is_none_gets_no_field_of_its_own(string name)
    {
        using var answer = await served.Node.GetAsync(served.Content.Path + "/" + name);
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.ToString());
        Assert.False(answer.Headers.Contains("X"));
        Assert.NotEqual("inline", answer.Content.Headers.ContentDisposition?.DispositionType);
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 404, "not-found")]
    [InlineData("00", 400, "invalid")]
    [InlineData("000000000000000000000000000000000000000000000000000000000000000g", 400, "invalid")]
    [InlineData("..%2f..", 400, "invalid")]
    public async Task Roots_that_are_not_here_are_told_as_problems(string root, int status, string code)
    {
        using var answer = await served.Node.GetAsync("/content/" + root);
        var problem = await answer.ReadProblemAsync();
        Assert.Equal((status, status, code), ((int)answer.StatusCode, problem.Status, problem.Code));
        Assert.Null(answer.Headers.CacheControl);
    }

    [Fact]
    public async Task Content_of_no_bytes_is_served_too()
    {
        var empty = TestContent.Make(0, 1);
        Assert.Equal(empty.Root, served.Node.Contents.PutSmall([]).Value);
        using var whole = await served.Node.GetAsync(empty.Path);
        Assert.Equal((HttpStatusCode.OK, 0), (whole.StatusCode, whole.Content.Headers.ContentLength));
        using var part = await served.Node.GetAsync(empty.Path, ("Range", "bytes=0-"));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, part.StatusCode);
    }

    public sealed class Served : IAsyncLifetime
    {
        public TestNode Node { get; private set; } = null!;

        public TestContent Content { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Node = await TestNode.StartAsync();
            Content = Node.Put(Length);
        }

        public ValueTask DisposeAsync() => Node.DisposeAsync();
    }
}
