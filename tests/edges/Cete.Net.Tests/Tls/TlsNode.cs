using Cete.Net.Tls;
using Cete.Testing;

namespace Cete.Net.Tests.Tls;

/// <summary>A node behind TLS, with an authority of its own.</summary>
internal sealed class TlsNode : IAsyncDisposable
{
    private readonly string _folder;

    private TlsNode(TestNode node, Certificates authority, WebTlsDoor door, string folder) =>
        (Node, Authority, Door, _folder) = (node, authority, door, folder);

    public TestNode Node { get; }

    public Certificates Authority { get; }

    public WebTlsDoor Door { get; }

    public Uri Address => Node.Address;

    /// <summary>Believes its authority.</summary>
    public TlsTrust Trust => TrustIn(Authority.Pem);

    public static async Task<TlsNode> StartAsync(TimeSpan? handshakeTimeout = null, bool isPlainToo = true, params TlsDoor[] before)
    {
        var folder = Directory.CreateTempSubdirectory("cete-tls-").FullName;
        var authority = new Certificates();
        var door = new WebTlsDoor(Read(folder, authority.Issue()));
        var node = await TestNode.StartAsync(tls: listen => listen.UseTls([.. before, door], handshakeTimeout ?? TimeSpan.FromMinutes(5), isPlainToo));
        return new TlsNode(node, authority, door, folder);
    }

    /// <summary>Shows another certificate from now on.</summary>
    public void Show((string Certificate, string Key) pair) => Door.Show(Read(_folder, pair));

    public TlsTrust TrustIn(string pem)
    {
        var path = Path.Combine(_folder, "ca.pem");
        File.WriteAllText(path, pem);
        return TlsTrust.Read(path).Value;
    }

    public static TlsCertificate Read(string folder, (string Certificate, string Key) pair)
    {
        var path = Path.Combine(folder, "pair.pem");
        File.WriteAllText(path, pair.Certificate + pair.Key);
        return TlsCertificate.Of(TlsFiles.Read(path, path)).Value;
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        Authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
