using System.Globalization;
using System.Xml.Linq;
using Cete.Program.Tests;

namespace Cete.Clients.Tests;

/// <summary>aria2: several sources by a metalink, and torrents whose only source is a web seed.</summary>
[Collection(LibraryCollection.Name)]
public sealed class AriaTests(Library library) : IDisposable
{
    private static readonly XNamespace Meta = "urn:ietf:params:xml:ns:metalink";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_metalink_of_two_nodes_brings_everything_and_one_of_them_is_enough()
    {
        using var other = new TempFolder();
        Library.Write(other);
        await using var second = await TestNode.CreateAsync(other.At("node"));
        (await second.CeteAsync("put", other.At("shelf"))).Ended(0);
        var merged = XElement.Parse(await library.Http.GetStringAsync(library.FolderAs(".meta4"), TestContext.Current.CancellationToken));
        var more = XElement.Parse(await library.Http.GetStringAsync(
            new Uri(second.Address, "/as/shelf.meta4?folder=%2Fshelf"), TestContext.Current.CancellationToken));
        foreach (var (file, same) in merged.Elements(Meta + "file").Zip(more.Elements(Meta + "file")))
        {
            Assert.Equal(file.Element(Meta + "hash")!.Value, same.Element(Meta + "hash")!.Value);
            file.Add(same.Elements(Meta + "url"));
        }

        var metalink = _folder.WriteText("both.meta4", merged.ToString());
        await FetchAsync("both", "--split=4", "--min-split-size=1M", "--max-connection-per-server=2", "-M", metalink);
        AssertAll(_folder.At("both", "shelf"));

        // Of two sources the first may go.
        foreach (var url in merged.Descendants(Meta + "url").Where(url => url.Value.StartsWith(library.Node.Address.AbsoluteUri, StringComparison.Ordinal)))
        {
            url.Value = url.Value.Replace(library.Node.Address.Authority, "127.0.0.1:1", StringComparison.Ordinal);
        }

        metalink = _folder.WriteText("one.meta4", merged.ToString());
        await FetchAsync("one", "--retry-wait=0", "--max-tries=2", "-M", metalink);
        AssertAll(_folder.At("one", "shelf"));
    }

    [Fact]
    public async Task Pieces_that_are_damaged_are_found_and_fetched_again()
    {
        var metalink = _folder.WriteText("film.meta4", await library.Http.GetStringAsync(
            await library.FilmAsAsync(".meta4"), TestContext.Current.CancellationToken));
        await FetchAsync("film", "-M", metalink);
        var path = Directory.GetFiles(_folder.At("film")).Single();
        Disk.Flip(path, 1_000_000);
        await FetchAsync("film", "--check-integrity=true", "-M", metalink);
        Disk.AssertSame(Path.Combine(library.Originals, Library.Film), path);
    }

    [Fact]
    public async Task A_torrent_of_a_file_comes_from_its_web_seed()
    {
        await FetchAsync("film", (await library.FilmAsAsync(".torrent")).AbsoluteUri);
        Disk.AssertSame(Path.Combine(library.Originals, Library.Film), _folder.At("film", Library.Film));
    }

    [Fact]
    public async Task A_torrent_of_a_folder_comes_from_its_web_seed()
    {
        await FetchAsync("all", "--check-integrity=true", library.FolderAs(".torrent").AbsoluteUri);
        Directory.Delete(_folder.At("all", "shelf", ".pad"), recursive: true);
        AssertAll(_folder.At("all", "shelf"));
    }

    /// <summary>Runs aria2 into a folder, with nothing but what it is given.</summary>
    private Task<string> FetchAsync(string folder, params string[] arguments) => Foreign.RunAsync(
        _folder.Path, "aria2c",
        [
            "--no-conf=true", "--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false", "--seed-time=0", "--file-allocation=none",
            "--follow-torrent=mem", "--summary-interval=0", "--allow-overwrite=true", "--auto-file-renaming=false", "--quiet=true",
            string.Create(CultureInfo.InvariantCulture, $"--dir={_folder.At(folder)}"), .. arguments,
        ]);

    /// <summary>aria2 1.36 writes what XML escapes as it stands in the file, so names are compared by contents.</summary>
    private void AssertAll(string folder)
    {
        static IEnumerable<string> Hashes(string folder) => Disk.List(folder).Select(line => line[(line.LastIndexOf(' ') + 1)..]).Order(StringComparer.Ordinal);
        Assert.Equal(Hashes(library.Originals), Hashes(folder));
    }
}
