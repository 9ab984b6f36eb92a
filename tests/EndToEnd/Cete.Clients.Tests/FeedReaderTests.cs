using System.Text.Json;

namespace Cete.Clients.Tests;

/// <summary>feedparser, which most readers written in Python use.</summary>
[Collection(LibraryCollection.Name)]
public sealed class FeedReaderTests(Library library)
{
    [Theory]
    [InlineData("rss", "rss20")]
    [InlineData("atom", "atom10")]
    public async Task A_feed_is_read_without_complaint_and_its_files_are_there(string kind, string version)
    {
        var feed = await ReadAsync(kind);
        Assert.False(feed.GetProperty("bozo").GetBoolean());
        Assert.Equal(version, feed.GetProperty("version").GetString());
        Assert.Contains("shelf", feed.GetProperty("title").GetString(), StringComparison.Ordinal);
        var entries = feed.GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(
            Directory.EnumerateFiles(library.Originals, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            entries.Select(entry => entry.GetProperty("title").GetString()).Order(StringComparer.Ordinal));
        foreach (var enclosure in entries.Select(entry => entry.GetProperty("enclosures").EnumerateArray().Single()))
        {
            var bytes = await library.Http.GetByteArrayAsync(new Uri(enclosure[0].GetString()!), TestContext.Current.CancellationToken);
            Assert.Equal(enclosure[1].GetInt64(), bytes.Length);
        }
    }

    [Fact]
    public async Task Both_kinds_say_the_same()
    {
        var (rss, atom) = (await ReadAsync("rss"), await ReadAsync("atom"));
        Assert.Equal(rss.GetProperty("entries").GetRawText(), atom.GetProperty("entries").GetRawText());
    }

    private Task<JsonElement> ReadAsync(string kind) =>
        Foreign.ScriptAsync("feedparser", "read_feed.py", library.At($"/feeds/{kind}?folder=%2Fshelf").AbsoluteUri);
}
