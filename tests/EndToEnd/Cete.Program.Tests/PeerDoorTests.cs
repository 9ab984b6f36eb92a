using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json.Nodes;
using Cete.Core;
using Cete.Testing;
using Cete.Trust;
using static Cete.Program.Tests.Community;

namespace Cete.Program.Tests;

/// <summary>The door of the http port at which nodes of a community get contents from each other.</summary>
public sealed class PeerDoorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NodesGetContentsAndNothingElse()
    {
        await using var first = await TestNode.CreateAsync(_folder.At("first"), Local);
        await using var second = await JoinAsync(first, _folder, "second");
        await SameListAsync(2, first, second);
        var file = _folder.Write("in/file", 100_000, 1);
        (await first.CeteAsync("put", file)).Ended(0);
        var listed = (await first.CeteAsync("ls", "-r", "--json", "/")).Ended(0).Lines;
        var root = listed.Single(line => line.TryGetProperty("root", out _)).GetProperty("root").GetString()!;

        var (community, identity) = Identity(second);
        using var own = identity;
        using var peer = Client(first, community, identity);
        Assert.Equal(File.ReadAllBytes(file), await peer.GetByteArrayAsync(new Uri($"content/{root}", UriKind.Relative), Cancel));
        foreach (var path in (string[])["", "api/entries?folder=/", "api/tokens", "search?q=x"])
        {
            using var refused = await peer.GetAsync(new Uri(path, UriKind.Relative), Cancel);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        using var put = await peer.PutAsync(new Uri($"content/{root}", UriKind.Relative), new ByteArrayContent([1]), Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, put.StatusCode);

        // Removed while its connection stands, it is refused on it, and gets no other.
        (await AdministerAsync(first, "community", "remove", identity.Id.ToString())).Ended(0);
        await Eventually.TrueAsync(() => AliveAsync(first).Result.Count == 1, "the removal is known");
        using var late = await peer.GetAsync(new Uri($"content/{root}", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        using var again = Client(first, community, identity);
        await Assert.ThrowsAsync<HttpRequestException>(() => again.GetAsync(new Uri($"content/{root}", UriKind.Relative), Cancel));
    }

    [Fact]
    [SuppressMessage("Security", "CA5359", Justification = "It is the server that is to refuse.")]
    public async Task StrangersDoNotComeIn()
    {
        await using var first = await TestNode.CreateAsync(_folder.At("first"), Local);
        await using var other = await TestNode.CreateAsync(_folder.At("other"), Local);
        var (community, identity) = Identity(first);
        var (_, foreign) = Identity(other);
        using var own = identity;
        using var others = foreign;

        // Without a certificate, with one of another community, and by another name.
        await Assert.ThrowsAnyAsync<Exception>(() => SayAsync(first, new SslClientAuthenticationOptions
        {
            TargetHost = $"peer.{community}.invalid",
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        }));
        var wrong = new NodeHandshake(foreign, new CertificateVerifier(community, TimeProvider.System)).AsClient();
        wrong.TargetHost = $"peer.{community}.invalid";
        await Assert.ThrowsAnyAsync<Exception>(() => SayAsync(first, wrong));
        var elsewhere = new NodeHandshake(identity, new CertificateVerifier(community, TimeProvider.System)).AsClient();
        elsewhere.TargetHost = "peer.example.org";
        await Assert.ThrowsAnyAsync<Exception>(() => SayAsync(first, elsewhere));
    }

    [Fact]
    public async Task AgentsGetContentsByTicketsOfAnotherNode()
    {
        await using var first = await TestNode.CreateAsync(_folder.At("first"), Local);
        await using var second = await JoinAsync(first, _folder, "second");
        await SameListAsync(2, first, second);
        var file = _folder.Write("in/file", 300_000, 1);
        var other = _folder.Write("in/other", 100_000, 2);
        (await first.CeteAsync("put", file, other)).Ended(0);
        await Eventually.TrueAsync(() => second.CeteAsync("ls", "/", "--json").Result.Out.Contains("other", StringComparison.Ordinal), "the mirror has it");
        var roots = (await first.CeteAsync("ls", "-r", "--json", "/")).Ended(0).Lines.Where(line => line.TryGetProperty("root", out _))
            .ToDictionary(line => line.GetProperty("name").GetString()!, line => line.GetProperty("root").GetString()!);

        // By the ID file of one node, in a session at another one: the content comes from the first, which is shown a ticket.
        using var http = new HttpClient();
        var idFile = JsonNode.Parse(await http.GetStringAsync(new Uri(first.Address, $"api/contents/{roots["file"]}/id-file"), Cancel))!.AsObject();
        Assert.StartsWith("cete://", idFile["peers"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        idFile["sources"] = new JsonArray();
        File.WriteAllText(_folder.At("file.cete"), idFile.ToJsonString());
        (await second.CeteAsync("get", _folder.At("file.cete"), "--to", _folder.At("out"))).Ended(0);
        Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(_folder.At("out/file")));

        // Another program in the place of the peer is not believed.
        var moved = idFile["peers"]![0]!.GetValue<string>().Replace($":{first.Address.Port}", $":{second.Address.Port}", StringComparison.Ordinal);
        idFile["peers"] = new JsonArray(moved);
        File.WriteAllText(_folder.At("moved.cete"), idFile.ToJsonString());
        var refused = await first.CeteAsync("get", _folder.At("moved.cete"), "--to", _folder.At("moved"), "--patience", "5");
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("may have changed hands", refused.Error, StringComparison.Ordinal);

        // A ticket opens its content to its key, and nothing else.
        var (community, identity) = Identity(first);
        using var own = identity;
        using var key = OwnKey.Create(TimeProvider.System);
        using var thief = OwnKey.Create(TimeProvider.System);
        var ticket = await TicketAsync(http, first, roots["file"], key);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(first, community, key, $"content/{roots["file"]}", ticket));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(first, community, key, $"content/{roots["file"]}", null));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(first, community, key, $"content/{roots["other"]}", ticket));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(first, community, thief, $"content/{roots["file"]}", ticket));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(first, community, key, "api/servers", ticket));
        await using var foreign = await TestNode.CreateAsync(_folder.At("foreign"), Local);
        var others = await TicketAsync(http, foreign, roots["file"], key);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(first, community, key, $"content/{roots["file"]}", others));
    }

    [Fact]
    public async Task WhoeverComesFromElsewhereIsAnsweredByTlsAlone()
    {
        Assert.SkipUnless(Networks.Missing is null, Networks.Missing ?? string.Empty);
        using var networks = Networks.Make(2);
        await using var node = CeteProcess.Start(
            [
                "node", "--create", "cooks", "--data", _folder.At("node"), "--json", "--http", "0.0.0.0:2383", "-D", "cete.http.tls.certificate=generated",
                .. Local,
            ],
            network: networks.NameOf(0));
        var ready = JsonNode.Parse(await node.FirstLine)!;
        var fingerprint = ready["certificate"]!.GetValue<string>();
        var (there, password) = ($"{Networks.AddressOf(0)}:2383", _folder.Write("password", 20, 3));
        File.WriteAllText(password, "a long password\n");
        (await CeteProcess.RunAsync(["ls"], network: networks.NameOf(0))).Ended(0);
        var plain = (await CeteProcess.RunAsync(["ls", "--node", $"http://{there}"], network: networks.NameOf(1))).Error;
        Assert.Contains("use https", plain, StringComparison.Ordinal);

        // Whose it is nobody vouches for, or not at an address that came up later than the node.
        var unknown = (await CeteProcess.RunAsync(["ls", "--node", $"https://{there}"], network: networks.NameOf(1))).Ended(5).Error;
        Assert.Contains("its certificate", unknown, StringComparison.Ordinal);
        var wrong = await CeteProcess.RunAsync(["ls", "--node", $"https://{there}", "--ca", "sha256:" + new string('0', 64)], network: networks.NameOf(1));
        Assert.Contains(fingerprint, wrong.Error, StringComparison.Ordinal);

        // By the fingerprint that the node showed, somebody registers from elsewhere, puts in and fetches.
        (string, string) settings = ("CETE_SETTINGS", _folder.At("settings"));
        string[] at = ["--node", $"https://{there}", "--ca", fingerprint];
        (await CeteProcess.RunAsync(["register", "anna", "--password-file", password, .. at], variable: settings, network: networks.NameOf(1))).Ended(0);
        var file = _folder.Write("in/file", 100_000, 1);
        (await CeteProcess.RunAsync(["put", file, "--to", "/annas", .. at], variable: settings, network: networks.NameOf(1))).Ended(0);
        (await CeteProcess.RunAsync(["get", "/annas/file", "--to", _folder.At("out"), .. at], variable: settings, network: networks.NameOf(1))).Ended(0);
        Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(_folder.At("out/file")));
    }

    private static async Task<string> TicketAsync(HttpClient http, TestNode node, string root, OwnKey key)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(node.Address, "api/tickets"), new { content = root, key = key.Id.ToString() }, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!["ticket"]!.GetValue<string>();
    }

    /// <summary>How a node answers somebody who shows a key of his own at its peer door.</summary>
    private static async Task<HttpStatusCode> StatusAsync(TestNode node, KeyId community, OwnKey key, string path, string? ticket)
    {
        var verifier = new CertificateVerifier(community, TimeProvider.System);
        using var client = Client(node, community, new SslClientAuthenticationOptions
        {
            ClientCertificates = [key.Certificate],
            RemoteCertificateValidationCallback = (_, shown, chain, _) => verifier.Verify(shown, chain).Succeeded,
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (ticket is not null)
        {
            request.Headers.Add("Cete-Ticket", ticket);
        }

        using var answer = await client.SendAsync(request, Cancel);
        return answer.StatusCode;
    }

    /// <summary>The identity of a node, as its folder has it.</summary>
    private static (KeyId Community, NodeIdentity Identity) Identity(TestNode node)
    {
        using var facts = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(node.Data, "cete.json")));
        var text = facts.RootElement.EnumerateObject().Single(p => p.Name.Equals("communityId", StringComparison.OrdinalIgnoreCase)).Value.GetString();
        Assert.True(KeyId.TryParse(text, out var community));
        return (community, NodeIdentity.FromPem(File.ReadAllText(Path.Combine(node.Data, "trust", "node.pem")), community).Value);
    }

    private static HttpClient Client(TestNode node, KeyId community, NodeIdentity identity) =>
        Client(node, community, new NodeHandshake(identity, new CertificateVerifier(community, TimeProvider.System)).AsClient());

    private static HttpClient Client(TestNode node, KeyId community, SslClientAuthenticationOptions options)
    {
        options.TargetHost = $"peer.{community}.invalid";
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancel) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, node.Address.Port, cancel);
                var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
                await tls.AuthenticateAsClientAsync(options, cancel);
                return tls;
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri($"http://peer.{community}.invalid/") };
    }

    /// <summary>Says a request behind a handshake; throws where either fails.</summary>
    private static async Task SayAsync(TestNode node, SslClientAuthenticationOptions options)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, node.Address.Port, Cancel);
        await using var tls = new SslStream(new NetworkStream(socket));
        await tls.AuthenticateAsClientAsync(options, Cancel);
        await tls.WriteAsync("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Cancel);
        if (await tls.ReadAsync(new byte[1], Cancel) == 0)
        {
            throw new AuthenticationException("the connection was ended");
        }
    }
}
