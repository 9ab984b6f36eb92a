using System.Net;
using Cete.Api;
using Cete.Core;
using Cete.Net.Tls;
using Cete.Ports;
using Cete.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Cete.Net.Tests.Tls;

/// <summary>Whom the clients believe, and what they say of those they do not.</summary>
public sealed class TlsClientTests : IAsyncLifetime
{
    private TlsNode _node = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _node = await TlsNode.StartAsync();

    public async ValueTask DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task AnAuthorityOfTheFileIsBelieved() => Assert.Null(await AskAsync(_node.Trust));

    [Fact]
    public async Task SoIsOneOfSeveralAndOneBelowItThatTheServerSends()
    {
        using var other = new Certificates("Other");
        using var between = _node.Authority.Between();
        var (certificate, key) = between.Issue();
        _node.Show((certificate + between.Pem, key));
        Assert.Null(await AskAsync(_node.TrustIn(other.Pem + _node.Authority.Pem)));
        Assert.Contains("does not trust", (await AskAsync(_node.TrustIn(other.Pem)))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SoIsAServersOwnCertificate()
    {
        var own = Certificates.SelfSigned("127.0.0.1");
        _node.Show(own);
        Assert.Null(await AskAsync(_node.TrustIn(own.Certificate)));
        var issued = _node.Authority.Issue();
        _node.Show(issued);
        Assert.Null(await AskAsync(_node.TrustIn(issued.Certificate)));
        Assert.NotNull(await AskAsync(_node.TrustIn(own.Certificate)));
    }

    [Fact]
    public async Task WhoIsUnknownIsRefusedWithWhatToDo()
    {
        var failure = await AskAsync(TlsTrust.OfSystem);
        Assert.Equal(FailureKind.Unavailable, failure!.Kind);
        Assert.Contains($"{_node.Address}: its certificate comes from 'CN=A community's own', which this", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--ca FILE", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherNameIsRefusedWithTheNamesThatItHas()
    {
        _node.Show(_node.Authority.Issue("cooks.example"));
        Assert.Contains("is for cooks.example, not for 127.0.0.1", (await AskAsync(_node.Trust))!.Message, StringComparison.Ordinal);
        _node.Show(Certificates.SelfSigned("cooks.example"));
        Assert.Contains("is for cooks.example, not for 127.0.0.1", (await AskAsync(_node.Trust))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNotValidNowIsRefusedEvenWhenItIsNamed()
    {
        var day = new DateTimeOffset(2021, 5, 4, 0, 0, 0, TimeSpan.Zero);
        var expired = _node.Authority.Issue(from: day, until: day.AddDays(1));
        _node.Show(expired);
        Assert.Contains("not valid now; its own is from 2021-05-04 to 2021-05-05", (await AskAsync(_node.Trust))!.Message, StringComparison.Ordinal);
        Assert.Contains("not valid now", (await AskAsync(_node.TrustIn(expired.Certificate)))!.Message, StringComparison.Ordinal);
        Assert.Contains("not valid now", (await AskAsync(TlsTrust.OfSystem))!.Message, StringComparison.Ordinal);
        _node.Show(_node.Authority.Issue(from: day.AddYears(80)));
        Assert.Contains("not valid now", (await AskAsync(_node.Trust))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerWithoutTlsIsToldApart()
    {
        await using var plain = await TestNode.StartAsync();
        await using var client = new NodeClient(new UriBuilder(plain.Address) { Scheme = "https" }.Uri, "s", TlsTrust.OfSystem);
        var answer = await client.GetAsync("/api/status", ApiJson.Default.NodeStatus, Cancel);
        Assert.Contains("does not speak TLS", answer.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ContentComesVerifiedAndFromNobodyWhoIsNotBelieved()
    {
        var content = _node.Node.Put(1_000_000);
        using var target = _node.Node.Contents.Begin(TestContent.Make(1_000_000, 2).Manifest).Value;
        using var stranger = new HttpContentClient(TimeSpan.FromMinutes(1), TimeProvider.System, TlsTrust.OfSystem);
        var refused = await stranger.FetchAsync(new PieceRun(_node.Address, content.Manifest, 0, 4), target, _ => { }, Cancel);
        Assert.Equal((RunEnd.Refused, FailureKind.Unavailable, 0), (refused.How, refused.Failure!.Kind, target.Pieces.Have));
        Assert.Contains("--ca FILE", refused.Failure.Message, StringComparison.Ordinal);

        await using var elsewhere = await TestNode.StartAsync();
        using var here = elsewhere.Contents.Begin(content.Manifest).Value;
        using var friend = new HttpContentClient(TimeSpan.FromMinutes(1), TimeProvider.System, _node.Trust);
        var whole = await friend.FetchAsync(new PieceRun(_node.Address, content.Manifest, 0, 4), here, _ => { }, Cancel);
        Assert.Equal((RunEnd.Completed, true), (whole.How, here.IsWhole));
    }

    [Fact]
    public async Task BundlesComeToo()
    {
        var content = TestContent.Make(1_000, 3);
        Assert.True(_node.Node.Contents.PutSmall(content.Bytes.ToArray()).Succeeded);
        List<int> came = [];
        using var friend = new HttpBundleClient(TimeSpan.FromMinutes(1), TimeProvider.System, _node.Trust);
        Assert.Null(await friend.FetchAsync(_node.Address, [content.Root], TakeAsync, Cancel));
        Assert.Equal([0], came);
        using var stranger = new HttpBundleClient(TimeSpan.FromMinutes(1), TimeProvider.System, TlsTrust.OfSystem);
        var failure = await stranger.FetchAsync(_node.Address, [content.Root], TakeAsync, Cancel);
        Assert.Contains("does not trust", failure!.Message, StringComparison.Ordinal);

        Task TakeAsync(int number, ReadOnlyMemory<byte> bytes)
        {
            came.Add(number);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task NobodyIsSentElsewhere()
    {
        await using var plain = new LyingServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(
            IPAddress.Loopback, 0, listen => listen.UseTls([_node.Door], TimeSpan.FromMinutes(1), isPlainToo: false)));
        await using var app = builder.Build();
        app.Run(context => Task.Run(() => context.Response.Redirect(plain.Address.AbsoluteUri)));
        await app.StartAsync(Cancel);
        var address = new Uri(app.Urls.Single());
        Assert.Equal("https", address.Scheme);

        await using var client = new NodeClient(address, "s", _node.Trust);
        Assert.False((await client.GetAsync("/api/status", ApiJson.Default.NodeStatus, Cancel)).Succeeded);
        using var contents = new HttpContentClient(TimeSpan.FromMinutes(1), TimeProvider.System, _node.Trust);
        using var target = _node.Node.Contents.Begin(TestContent.Make(600_000, 5).Manifest).Value;
        var result = await contents.FetchAsync(new PieceRun(address, TestContent.Make(600_000, 5).Manifest, 0, 3), target, _ => { }, Cancel);
        Assert.Equal(RunEnd.Refused, result.How);
        Assert.Empty(plain.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void AFileWithoutCertificatesIsNoneToTrust(string text)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, text);
        var trust = TlsTrust.Read(path);
        File.Delete(path);
        Assert.Equal(new Failure(FailureKind.Invalid, $"{path} holds no certificate as PEM text"), trust.Failure);
        Assert.Equal(FailureKind.NotFound, TlsTrust.Read(path).Failure!.Kind);
    }

    /// <summary>Why the node is not believed; null when it answers.</summary>
    private async Task<Failure?> AskAsync(TlsTrust trust)
    {
        await using var client = new NodeClient(_node.Address, "s", trust);
        return (await client.GetAsync("/api/status", ApiJson.Default.NodeStatus, Cancel)).Failure;
    }
}
