using Cete.Program.Tests;

namespace Cete.Clients.Tests;

/// <summary>curl and wget, by the plain address of a file.</summary>
[Collection(LibraryCollection.Name)]
public sealed class DownloaderTests(Library library) : IDisposable
{
    private const string Name = Library.Film;
    private readonly TempFolder _folder = new();

    private Uri Plain => library.At("/files/shelf/" + Uri.EscapeDataString(Name));

    private string Original => Path.Combine(library.Originals, Name);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Curl_fetches_a_part()
    {
        await Foreign.RunAsync(_folder.Path, "curl", "-sSf", "-r", "1000-1999", "-o", "part", Plain.AbsoluteUri);
        Assert.Equal(File.ReadAllBytes(Original)[1000..2000], File.ReadAllBytes(_folder.At("part")));
    }

    [Fact]
    public async Task Curl_goes_on_where_it_stopped()
    {
        File.WriteAllBytes(_folder.At("film"), File.ReadAllBytes(Original)[..1_000_001]);
        await Foreign.RunAsync(_folder.Path, "curl", "-sSf", "-C", "-", "-o", "film", Plain.AbsoluteUri);
        Disk.AssertSame(Original, _folder.At("film"));
    }

    [Theory]
    [InlineData("/files/shelf/Z.txt", "Z.txt")]
    [InlineData("/files/shelf/z%20empty", "z empty")]
    public async Task Curl_saves_under_the_name_it_is_told(string address, string name)
    {
        await Foreign.RunAsync(_folder.Path, "curl", "-sSf", "--remote-name", "--remote-header-name", library.At(address).AbsoluteUri);
        Disk.AssertSame(Path.Combine(library.Originals, name), _folder.At(name));
    }

    [Fact]
    public async Task Wget_goes_on_where_it_stopped()
    {
        File.WriteAllBytes(_folder.At(Name), File.ReadAllBytes(Original)[..2_000_000]);
        await Foreign.RunAsync(_folder.Path, "wget", "-q", "-c", "-O", Name, Plain.AbsoluteUri);
        Disk.AssertSame(Original, _folder.At(Name));
    }

    [Fact]
    public async Task Wget_saves_under_the_name_it_is_told()
    {
        await Foreign.RunAsync(_folder.Path, "wget", "-q", "--content-disposition", library.At("/files/shelf/z%20empty").AbsoluteUri);
        Assert.True(File.Exists(_folder.At("z empty")));
    }
}
