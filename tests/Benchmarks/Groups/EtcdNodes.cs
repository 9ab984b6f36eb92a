using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using Cete.Benchmarks.Groups.Proto;
using Google.Protobuf;

namespace Cete.Benchmarks.Groups;

/// <summary>Three members of etcd (https://etcd.io), TLS with certificates on both sides everywhere, asked by gRPC over HTTP/2.</summary>
internal sealed class EtcdNodes : IKeyValueNodes
{
    private const string Program = "/usr/bin/etcd";
    private static readonly MediaTypeHeaderValue Grpc = new("application/grpc");
    private readonly string _folder;
    private readonly EtcdCertificates _certificates;
    private readonly int[] _ports;
    private readonly Process?[] _members = new Process?[3];
    private readonly HttpMessageInvoker[] _clients;

    /// <param name="folder">For its data and certificates.</param>
    /// <param name="clients">How many ask it.</param>
    public EtcdNodes(string folder, int clients)
    {
        _folder = folder;
        _certificates = new EtcdCertificates(folder);
        _ports = Ports.Free(6);
        _clients = [.. Enumerable.Range(0, clients).Select(_ => Connect())];
    }

    public static bool IsThere => File.Exists(Program);

    public string Name => "etcd";

    public int Count => 3;

    /// <summary>Clients share so many connections: whichever is faster for it.</summary>
    public int Connections { get; set; } = 1;

    public TimeSpan Used => Ports.Used(_members);

    public Task StartAsync(int node)
    {
        var data = Path.Combine(_folder, $"n{node}");
        var state = Directory.Exists(data) ? "existing" : "new";
        string[] own = ["--name", $"n{node}", "--data-dir", data, "--logger", "zap", "--log-level", "fatal"];
        string[] cluster =
        [
            "--initial-cluster", string.Join(',', Enumerable.Range(0, 3).Select(other => $"n{other}={Peer(other)}")),
            "--initial-cluster-state", state, "--heartbeat-interval", "100", "--election-timeout", "1000",
        ];
        string[] urls =
        [
            "--listen-client-urls", Client(node), "--advertise-client-urls", Client(node),
            "--listen-peer-urls", Peer(node), "--initial-advertise-peer-urls", Peer(node),
        ];
        string[] tls =
        [
            "--cert-file", _certificates.Certificate, "--key-file", _certificates.Key, "--trusted-ca-file", _certificates.Authority, "--client-cert-auth",
            "--peer-cert-file", _certificates.Certificate, "--peer-key-file", _certificates.Key, "--peer-trusted-ca-file", _certificates.Authority,
            "--peer-client-cert-auth",
        ];
        var start = new ProcessStartInfo(Program, [.. own, .. cluster, .. urls, .. tls]) { RedirectStandardError = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        _members[node] = process;
        return Task.CompletedTask;
    }

    public void Kill(int node) => Ports.Kill(ref _members[node]);

    public async Task<bool> IsRootAsync(int node)
    {
        var answer = await CallAsync(node, 0, "Maintenance/Status", new StatusRequest(), StatusResponse.Parser);
        return answer is { Leader: not 0 } && answer.Leader == answer.Header.MemberId;
    }

    public async Task<bool> PutAsync(int node, int client, byte[] key, byte[] value)
    {
        var request = new PutRequest { Key = UnsafeByteOperations.UnsafeWrap(key), Value = UnsafeByteOperations.UnsafeWrap(value) };
        return await CallAsync(node, client % Connections, "KV/Put", request, StatusResponse.Parser) is not null;
    }

    public ValueTask DisposeAsync()
    {
        for (var node = 0; node < 3; node++)
        {
            Kill(node);
        }

        Array.ForEach(_clients, client => client.Dispose());
        _certificates.Dispose();
        return ValueTask.CompletedTask;
    }

    private string Client(int node) => $"https://127.0.0.1:{_ports[node]}";

    private string Peer(int node) => $"https://127.0.0.1:{_ports[node + 3]}";

    private HttpMessageInvoker Connect() => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificates = [_certificates.Own],
            CertificateChainPolicy = _certificates.Trust,
        },
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
    });

    /// <summary>A unary call as gRPC frames it: a flag, four bytes of length, the message; the status comes behind the answer.</summary>
    private async Task<T?> CallAsync<T>(int node, int connection, string method, IMessage message, MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        var frame = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - 5);
        message.WriteTo(frame.AsSpan(5));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Client(node)}/etcdserverpb.{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame) { Headers = { ContentType = Grpc } },
        };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        try
        {
            using var response = await _clients[connection].SendAsync(request, CancellationToken.None);
            var body = await response.Content.ReadAsByteArrayAsync();
            return response.TrailingHeaders.TryGetValues("grpc-status", out var status) && status.First() == "0" ? parser.ParseFrom(body.AsSpan(5)) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
