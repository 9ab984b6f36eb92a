using Cete.Program.Tests;

namespace Cete.Clients.Tests;

/// <summary>A node with files of every kind that clients stumble over, and the originals beside it.</summary>
public sealed class Library : IAsyncLifetime
{
    public const string Film = "film é & co.mkv";

    private readonly TempFolder _folder = new();
    private TestNode? _node;

    internal TestNode Node => _node!;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    /// <summary>The folder that was put in.</summary>
    public string Originals => _folder.At("shelf");

    public Uri At(string address) => new(Node.Address, address);

    /// <summary>Whole address of the folder in a format of others.</summary>
    public Uri FolderAs(string ending) => At($"/as/shelf{ending}?folder=%2Fshelf");

    public async ValueTask InitializeAsync()
    {
        Write(_folder);
        _node = await TestNode.CreateAsync(_folder.At("node"));
        (await _node.CeteAsync("put", Originals)).Ended(0);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Files shorter and longer than a piece, of no bytes first, in the middle and last, with names that need escaping.</summary>
    internal static void Write(TempFolder folder)
    {
        folder.Write("shelf/" + Film, (5 << 20) + 12_345, 1);
        folder.Write("shelf/0 empty", 0, 2);
        folder.Write("shelf/music/a%20b #1?.ogg", 300_000, 3);
        folder.Write("shelf/music/empty", 0, 4);
        folder.Write("shelf/music/deep/er/\U0001F9A1.flac", 262_144, 5);
        folder.Write("shelf/Z.txt", 10, 6);
        folder.Write("shelf/z empty", 0, 7);
    }

    /// <summary>Number of an entry by its path in the index.</summary>
    internal async Task<long> EntryAsync(string path)
    {
        var text = await Http.GetStringAsync(At($"/api/entries/by-path?path={Uri.EscapeDataString(path)}"));
        return System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("id").GetInt64();
    }

    /// <summary>Address of the film's entry in a format of others.</summary>
    internal async Task<Uri> FilmAsAsync(string ending) => At($"/entries/{await EntryAsync("/shelf/" + Film)}/{Uri.EscapeDataString(Film)}{ending}");
}

/// <summary>The tests that share one library.</summary>
[CollectionDefinition(Name)]
public sealed class LibraryCollection : ICollectionFixture<Library>
{
    public const string Name = "library";
}
