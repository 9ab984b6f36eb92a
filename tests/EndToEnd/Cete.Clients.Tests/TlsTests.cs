using Cete.Program.Tests;
using Cete.Testing;

namespace Cete.Clients.Tests;

/// <summary>Programs of others at a node behind TLS: they are told whom to believe, and need nothing else.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly Certificates _authority = new();
    private TestNode _node = null!;

    private string Ca => _folder.At("ca.pem");

    private Uri Film => new(_node.Address, "/files/film.mkv");

    public async ValueTask InitializeAsync()
    {
        var (certificate, key) = _authority.Issue();
        _folder.WriteText("ca.pem", _authority.Pem);
        _folder.WriteText("cert.pem", certificate);
        _folder.WriteText("key.pem", key);
        _folder.Write("film.mkv", 5_000_000, 1);
        _node = await TestNode.CreateAsync(
            _folder.At("node"), "-D", $"cete.http.tls.certificate={_folder.At("cert.pem")}", "-D", $"cete.http.tls.key={_folder.At("key.pem")}");
        (await _node.CeteAsync("put", _folder.At("film.mkv"), "--ca", Ca)).Ended(0);
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("--http1.1", "1.1")]
    [InlineData("--http2", "2")]
    public async Task Curl_fetches_a_part_by_either_version(string option, string version)
    {
        string[] arguments = ["-sS", option, "--cacert", Ca, "-r", "1000-1999", "-o", "part", "-w", "%{http_version} %{http_code}", Film.AbsoluteUri];
        Assert.Equal($"{version} 206", await Foreign.RunAsync(_folder.Path, "curl", arguments));
        Assert.Equal(File.ReadAllBytes(_folder.At("film.mkv"))[1000..2000], File.ReadAllBytes(_folder.At("part")));
        await Foreign.RunAsync(_folder.Path, "curl", "-sSf", option, "--cacert", Ca, "-o", "whole", Film.AbsoluteUri);
        Disk.AssertSame(_folder.At("film.mkv"), _folder.At("whole"));
    }

    [Fact]
    public async Task Curl_refuses_whom_it_does_not_know()
    {
        // 60: the peer's certificate cannot be believed.
        Assert.Equal(60, (await Foreign.TryAsync(_folder.Path, "curl", "-sS", Film.AbsoluteUri)).Code);
    }

    [Fact]
    public async Task Wget_goes_on_where_it_stopped()
    {
        File.WriteAllBytes(_folder.At("half"), File.ReadAllBytes(_folder.At("film.mkv"))[..2_000_000]);
        await Foreign.RunAsync(_folder.Path, "wget", "-q", "-c", "--ca-certificate", Ca, "-O", "half", Film.AbsoluteUri);
        Disk.AssertSame(_folder.At("film.mkv"), _folder.At("half"));
    }

    [Fact]
    public async Task Aria2_fetches_by_a_metalink()
    {
        var metalink = new Uri(_node.Address, "/as/all.meta4?folder=%2F").AbsoluteUri;
        await Foreign.RunAsync(_folder.Path, "aria2c", "-q", "--no-conf", "--ca-certificate", Ca, "-d", _folder.At("out"), metalink);
        Disk.AssertSame(_folder.At("film.mkv"), Directory.EnumerateFiles(_folder.At("out"), "film.mkv", SearchOption.AllDirectories).Single());
    }
}
