using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>A node behind TLS, and the verbs that speak with it.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Certificates _authority = new();

    public TlsTests() => _folder.WriteText("ca.pem", _authority.Pem);

    private string Ca => _folder.At("ca.pem");

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task EveryVerbWorksOverHttps()
    {
        await using var node = await StartAsync();
        Assert.Equal("https", node.Address.Scheme);
        var large = _folder.Write("in/large", 3_000_000, 1);
        for (var i = 0; i < 20; i++)
        {
            _folder.Write($"in/small/{i}", 1_000 + i, 100 + (ulong)i);
        }

        (await node.CeteAsync("put", _folder.At("in"), "--ca", Ca)).Ended(0);
        var entry = (await node.CeteAsync("ls", "/in/large", "--json", "--ca", Ca)).Ended(0).Json;
        Assert.Contains("/in/small/7", (await node.CeteAsync("search", "small", "--ca", Ca)).Ended(0).Out, StringComparison.Ordinal);
        (await node.CeteAsync("get", "/in", "--to", _folder.At("out"), "--ca", Ca)).Ended(0);
        Assert.Equal(Disk.List(_folder.At("in")), Disk.List(_folder.At("out", "in")));

        // The address of an ID file names node and content; CETE_CA stands for --ca. The same node without TLS says so of itself.
        var idFile = new Uri(node.Address, entry.GetProperty("idFile").GetString()!).AbsoluteUri;
        (await CeteProcess.RunAsync(["get", idFile, "--to", _folder.At("by id")], variable: ("CETE_CA", Ca))).Ended(0);
        Disk.AssertSame(large, _folder.At("by id", "large"));
        (await CeteProcess.RunAsync(["get", idFile.Replace("https:", "http:", StringComparison.Ordinal), "--to", _folder.At("plain")])).Ended(0);
        Disk.AssertSame(large, _folder.At("plain", "large"));
        (await node.EndAsync(CeteProcess.Terminate)).Ended(0);
    }

    [Fact]
    public async Task WhoIsNotBelievedGetsAndGivesNothing()
    {
        await using var node = await StartAsync();
        var file = _folder.Write("in/file", 300_000, 1);
        (await node.CeteAsync("put", file, "--ca", Ca)).Ended(0);
        string[][] runs = [["get", "/file", "--to", _folder.At("out")], ["put", file, "--to", "/other"], ["ls"], ["search", "file"]];
        foreach (var arguments in runs)
        {
            var ran = (await node.CeteAsync(arguments)).Ended(5);
            Assert.Contains($"{node.Address}: its certificate comes from 'CN=A community's own', which", ran.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", ran.Error, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(_folder.At("out")));
        Assert.DoesNotContain("other", (await node.CeteAsync("ls", "--ca", Ca)).Ended(0).Out, StringComparison.Ordinal);
        var named = new UriBuilder(node.Address) { Host = "localhost" }.Uri.AbsoluteUri;
        var wrong = (await CeteProcess.RunAsync(["ls", "--node", named, "--ca", Ca])).Ended(5);
        Assert.Contains("its certificate is for 127.0.0.1, not for localhost", wrong.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none.pem", "there is no file")]
    [InlineData("key.pem", "holds no certificate as PEM text")]
    [InlineData("", "it is empty")]
    public async Task AFileThatIsNoCertificateIsRefused(string name, string words)
    {
        _folder.WriteText("key.pem", _authority.Issue().Key);
        var ran = await CeteProcess.RunAsync(["ls", "--ca", name.Length == 0 ? string.Empty : _folder.At(name)]);
        Assert.Contains("--ca: ", ran.Ended(2).Error, StringComparison.Ordinal);
        Assert.Contains(words, ran.Error, StringComparison.Ordinal);
        var set = await CeteProcess.RunAsync(["ls"], variable: ("CETE_CA", _folder.At("none.pem")));
        Assert.Contains("CETE_CA: there is no file", set.Ended(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotServeIsSaidAtTheStart()
    {
        var (certificate, key) = _authority.Issue();
        _folder.WriteText("cert.pem", certificate);
        _folder.WriteText("key.pem", key);
        _folder.WriteText("other.pem", _authority.Issue().Key);
        _folder.WriteText("encrypted.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        _folder.WriteText("words", "no PEM");
        await RefusedAsync("none", "key.pem", 3, "cete.http.tls: there is no file ");
        await RefusedAsync("cert.pem", "none", 3, "cete.http.tls: there is no file ");
        await RefusedAsync("words", "key.pem", 2, "holds no certificate as PEM text");
        await RefusedAsync("cert.pem", "words", 2, "holds no private key as PEM text");
        await RefusedAsync("cert.pem", null, 2, "holds no private key as PEM text");
        await RefusedAsync("cert.pem", "other.pem", 2, "does not fit");
        await RefusedAsync("cert.pem", "encrypted.pem", 2, "is encrypted");
        await RefusedAsync(null, "key.pem", 2, "cete.http.tls.key needs cete.http.tls.certificate beside it");
    }

    [Fact]
    public async Task AnExpiredCertificateIsWarnedOfAndRefusedByClients()
    {
        var past = new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await using var node = await StartAsync(_authority.Issue(from: past, until: past.AddDays(30)));
        Assert.Contains("cete.http.tls: warning: the certificate in ", node.Process.ErrorSoFar, StringComparison.Ordinal);
        Assert.Contains("expired at 2021-01-31 00:00 UTC", node.Process.ErrorSoFar, StringComparison.Ordinal);
        Assert.Contains("not valid now", (await node.CeteAsync("ls", "--ca", Ca)).Ended(5).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARenewedCertificateIsShownWithoutARestartAndAWrongOneNever()
    {
        await using var node = await StartAsync();
        Write(_authority.Issue("later.example"));
        await SaysAsync(node, "cete.http.tls: the certificate is now CN=later.example, valid until 2120-01-01");
        Assert.Equal("CN=later.example", await ShownAsync(node));

        // Its key is another's: the one before stays. Paths count from the data folder, so 'pair.pem' is the one there.
        Write((_authority.Issue("wrong.example").Certificate, _authority.Issue().Key));
        await SaysAsync(node, "the certificate in use stays");
        Assert.Contains("cete.http.tls: the key in ", node.Process.ErrorSoFar, StringComparison.Ordinal);
        Assert.Equal("CN=later.example", await ShownAsync(node));

        Write(_authority.Issue("127.0.0.1"));
        node.Process.Signal(CeteProcess.HangUp);
        await SaysAsync(node, "the certificate is now CN=127.0.0.1");
        (await node.CeteAsync("ls", "--ca", Ca)).Ended(0);
        (await node.EndAsync(CeteProcess.Terminate)).Ended(0);
    }

    private static Task SaysAsync(TestNode node, string words) =>
        Eventually.TrueAsync(() => node.Process.ErrorSoFar.Contains(words, StringComparison.Ordinal), $"the node says '{words}'");

    /// <summary>Whom the certificate names that the node shows.</summary>
    private static async Task<string> ShownAsync(TestNode node)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, node.Address.Port);
        await using var stream = new SslStream(client.GetStream(), false, (_, shown, _, _) => shown is not null);
        await stream.AuthenticateAsClientAsync("localhost");
        return stream.RemoteCertificate!.Subject;
    }

    private Task<TestNode> StartAsync() => StartAsync(_authority.Issue());

    private async Task<TestNode> StartAsync((string Certificate, string Key) pair)
    {
        Directory.CreateDirectory(_folder.At("tls"));
        Write(pair);
        return await TestNode.CreateAsync(_folder.At("node"), "-D", "cete.http.tls.certificate=../tls/pair.pem");
    }

    private void Write((string Certificate, string Key) pair)
    {
        var path = _folder.WriteText("tls/new", pair.Certificate + pair.Key);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.Move(path, _folder.At("tls", "pair.pem"), overwrite: true);
    }

    private async Task RefusedAsync(string? certificate, string? key, int code, string words)
    {
        string[] set = [.. Define("certificate", certificate), .. Define("key", key)];
        var ran = await CeteProcess.RunAsync(["node", "--create", "x", "--data", _folder.At($"{certificate} {key}"), "--http", "127.0.0.1:0", .. set]);
        Assert.Contains(words, ran.Ended(code).Error, StringComparison.Ordinal);
        Assert.Empty(ran.Out);
    }

    private string[] Define(string name, string? file) => file is null ? [] : ["-D", $"cete.http.tls.{name}={_folder.At(file)}"];
}
