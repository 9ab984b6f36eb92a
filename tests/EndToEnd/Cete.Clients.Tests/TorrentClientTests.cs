using System.Text.Json;
using Cete.Program.Tests;

namespace Cete.Clients.Tests;

/// <summary>libtorrent 2, which qBittorrent and Deluge are made of.</summary>
[Collection(LibraryCollection.Name)]
public sealed class TorrentClientTests(Library library) : IDisposable
{
    private const string Module = "libtorrent";
    private const string Script = "torrent_client.py";
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Info_hashes_are_those_of_the_magnet_link()
    {
        var film = await library.EntryAsync("/shelf/" + Library.Film);
        foreach (var (file, magnet) in new[]
        {
            (await library.FilmAsAsync(".torrent"), library.At($"/entries/{film}/magnet")),
            (library.FolderAs(".torrent"), library.At("/as/magnet?folder=%2Fshelf")),
        })
        {
            var shown = await Foreign.ScriptAsync(Module, Script, "show", await SaveAsync(file));
            using var answer = await library.Http.GetAsync(magnet, Cancel);
            var link = answer.Headers.GetValues("Location").Single();
            Assert.Contains($"urn:btih:{shown.GetProperty("v1").GetString()}&", link, StringComparison.Ordinal);
            Assert.Contains($"urn:btmh:1220{shown.GetProperty("v2").GetString()}&", link, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Names_are_those_of_the_files()
    {
        var shown = await Foreign.ScriptAsync(Module, Script, "show", await SaveAsync(library.FolderAs(".torrent")));
        var names = shown.GetProperty("files").EnumerateArray().Select(name => name.GetString()!).Order(StringComparer.Ordinal);
        var expected = Directory.EnumerateFiles(library.Originals, "*", SearchOption.AllDirectories)
            .Select(path => "shelf/" + Path.GetRelativePath(library.Originals, path)).Order(StringComparer.Ordinal);
        Assert.Equal(expected, names);
    }

    [Fact]
    public async Task A_file_and_a_folder_come_from_their_web_seeds()
    {
        await GetAsync(await SaveAsync(await library.FilmAsAsync(".torrent")), "film");
        Disk.AssertSame(Path.Combine(library.Originals, Library.Film), _folder.At("film", Library.Film));
        await GetAsync(await SaveAsync(library.FolderAs(".torrent")), "all");
        AssertAll(_folder.At("all", "shelf"));
    }

    [Fact]
    public async Task Clients_find_each_other_through_the_tracker()
    {
        var torrent = await SaveAsync(library.FolderAs(".torrent"));
        var above = Path.GetDirectoryName(library.Originals)!;
        await using var seed = await Foreign.StayAsync(Module, Script, "seed", torrent, above);
        var got = await GetAsync(torrent, "from peers", "--peers-only");
        Assert.Equal(0, got.GetProperty("from_seeds").GetInt32());
        AssertAll(_folder.At("from peers", "shelf"));
    }

    private Task<JsonElement> GetAsync(string torrent, string folder, params string[] options)
    {
        Directory.CreateDirectory(_folder.At(folder));
        return Foreign.ScriptAsync(Module, Script, ["get", torrent, _folder.At(folder), .. options]);
    }

    /// <summary>Files of no bytes are left out of the comparison where a client does not make them.</summary>
    private void AssertAll(string folder) => Assert.Equal(Disk.List(library.Originals), Disk.List(folder));

    private async Task<string> SaveAsync(Uri torrent)
    {
        var path = _folder.At(Path.GetRandomFileName() + ".torrent");
        await File.WriteAllBytesAsync(path, await library.Http.GetByteArrayAsync(torrent, Cancel), Cancel);
        return path;
    }
}
