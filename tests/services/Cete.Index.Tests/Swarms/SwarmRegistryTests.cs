using Cete.Core;
using Cete.Index.Swarms;
using Cete.Ports.Swarms;
using Cete.Swarm;

namespace Cete.Index.Tests.Swarms;

/// <summary>Peers announce, and are told whom to ask and where those are reached.</summary>
public sealed class SwarmRegistryTests
{
    private const int Pieces = 20;
    private static readonly KeyId Community = KeyId.Of("community"u8);
    private static readonly Hash256 Root = Hash256.Of("content"u8);
    private readonly SteppingClock _clock = new();
    private readonly SwarmRegistry _registry;

    public SwarmRegistryTests() => _registry = new SwarmRegistry(Community, _clock, 1);

    [Fact]
    public void ANewcomerIsSentToTheSourceAndEachIsTheOthersNeighbour()
    {
        var source = Announce("source", "10.0.0.1", isWhole: true).Value;
        Assert.Empty(source.Neighbours);
        var first = Announce("first", "10.0.0.2").Value;
        Assert.Equal(["source"], Names(first));
        Assert.True(first.HasSource);
        Assert.Equal(["first"], Names(Announce("source", "10.0.0.1", isWhole: true).Value));
        Assert.Equal(2, first.Peers);
    }

    [Fact]
    public void WhereAllSlotsAreTakenANewcomerIsSentToThoseWhoAreStillDownloading()
    {
        Announce("source", "10.0.0.1", isWhole: true, slots: 1);
        Assert.Equal(["source"], Names(Announce("first", "10.0.0.2").Value));
        Announce("source", "10.0.0.1", isWhole: true, slots: 0);
        Assert.Contains("first", Names(Announce("second", "10.0.0.3").Value));
    }

    [Fact]
    public void WhoLeavesIsNamedNoLonger()
    {
        Announce("source", "10.0.0.1", isWhole: true);
        Announce("first", "10.0.0.2");

        // While nobody else has what it has, it is asked to stay.
        Assert.True(Announce("source", "10.0.0.1", isWhole: true, isLeaving: true).Value.IsAskedToStay);
        Announce("other", "10.0.0.3", isWhole: true);
        Assert.False(Announce("source", "10.0.0.1", isWhole: true, isLeaving: true).Value.IsAskedToStay);
        Assert.DoesNotContain("source", Names(Announce("third", "10.0.0.4").Value));
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.2", "10.0.0.1")]
    [InlineData("127.0.0.1", "127.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.1", "10.0.0.2", "192.168.0.7")]
    [InlineData("10.0.0.1", "10.0.0.1", "192.168.0.7")]
    [InlineData("10.0.0.1", "127.0.0.1", "10.0.0.1")]
    public void APeerIsNamedByTheAddressThatLeadsThereFromWhereTheAskerIs(string source, string asker, string named)
    {
        Announce("source", source, isWhole: true);
        var neighbour = Assert.Single(Announce("asker", asker).Value.Neighbours);
        Assert.Equal((named, 4_000, KeyId.Of("source"u8), Community), (neighbour.Host, neighbour.Port, neighbour.Key, neighbour.Community));
    }

    [Theory]
    [InlineData("name.example:4000")]
    [InlineData("10.0.0.1")]
    [InlineData("10.0.0.1:0")]
    [InlineData("10.0.0.1:99999")]
    [InlineData("10.0.0.1:4000", "10.0.0.1:4001")]
    [InlineData]
    public void AddressesThatMakeNoSenseAreRefused(params string[] addresses)
    {
        var report = new SwarmReport(KeyId.Of("a"u8), new PieceMap(Pieces)) { Addresses = addresses };
        Assert.Equal(FailureKind.Invalid, _registry.Announce(Root, report, new SwarmAsker("10.0.0.1", "a")).Failure?.Kind);
    }

    [Fact]
    public void AnotherNumberOfPiecesIsAnotherContent()
    {
        Announce("source", "10.0.0.1", isWhole: true);
        var report = new SwarmReport(KeyId.Of("a"u8), new PieceMap(Pieces + 1)) { Addresses = ["10.0.0.2:4000"] };
        Assert.Equal(FailureKind.Conflict, _registry.Announce(Root, report, new SwarmAsker("10.0.0.2", "a")).Failure?.Kind);
        Assert.Equal(Pieces, _registry.PieceCountOf(Root));
        Assert.Null(_registry.PieceCountOf(Hash256.Of("other"u8)));
        Assert.Single(_registry.PeersOf(Root));
    }

    [Fact]
    public void SwarmsAreBoundedAndThoseThatNobodyAsksAboutGiveWay()
    {
        for (var i = 0; i < SwarmRegistry.SwarmsMax; i++)
        {
            Assert.True(Announce("a", "10.0.0.1", root: Hash256.Of(BitConverter.GetBytes(i))).Succeeded);
        }

        Assert.Equal(FailureKind.Full, Announce("a", "10.0.0.1", root: Root).Failure?.Kind);
        _clock.Advance(SwarmRegistry.ForgottenAfter + TimeSpan.FromSeconds(1));
        Assert.True(Announce("a", "10.0.0.1", root: Root).Succeeded);
    }

    [Fact]
    public void WhatNodesSayToEachOtherIsReadAsItWasMeantAndNothingElse()
    {
        var report = new SwarmReport(KeyId.Of("a"u8), PieceMap.Full(Pieces))
        {
            Addresses = ["10.0.0.1:4000"],
            Uplink = 5,
            Slots = 2,
            IsLeaving = true,
            NeighboursMax = 7,
            Neighbours = [KeyId.Of("b"u8)],
            Liars = [KeyId.Of("c"u8)],
        };
        var bytes = SwarmCodec.Write(Root, report, new SwarmAsker("10.0.0.1", "ann"));
        var read = SwarmCodec.Read(bytes).Value;
        Assert.Equal((Root, new SwarmAsker("10.0.0.1", "ann")), (read.Root, read.Asker));
        Assert.Equivalent(report, read.Report(Pieces).Value);
        Assert.Equal(FailureKind.Damaged, read.Report(Pieces + 8).Failure?.Kind);
        Assert.Equal(FailureKind.Damaged, SwarmCodec.Read(bytes[..^1]).Failure?.Kind);

        var advice = Announce("x", "10.0.0.9").Value with { Rarest = [3, 1], IsAskedToStay = true, IsSuperSeeding = true };
        Assert.Equivalent(advice, SwarmCodec.ReadAdvice(SwarmCodec.Write(advice), Community).Value);
        var refused = new Failure(FailureKind.NotFound, "no");
        Assert.Equal(refused, SwarmCodec.ReadAdvice(SwarmCodec.Write(refused), Community).Failure);
        Assert.Equal(FailureKind.Damaged, SwarmCodec.ReadAdvice(new byte[] { 1, 2, 3 }, Community).Failure?.Kind);
    }

    [Fact]
    public void NewcomersAreCountedOnceEachAndThoseOfOneAccountUpToABound()
    {
        Announce("source", "10.0.0.1", isWhole: true);
        Assert.Empty(_registry.Wanted(10));
        Announce("first", "10.0.0.2");
        Announce("first", "10.0.0.2");
        Announce("second", "10.0.0.3");
        Assert.Equal([(Root, 2, 2, 1)], _registry.Wanted(10));
        for (var i = 0; i < 20; i++)
        {
            Announce($"key{i}", "10.0.0.4", reporter: "one");
        }

        Assert.Equal((6, 22), _registry.Wanted(10).Select(one => (one.Asked, one.Wanting)).Single());
        Announce("other", "10.0.0.5", root: Hash256.Of("another"u8));
        Assert.Equal(Hash256.Of("another"u8), Assert.Single(_registry.Wanted(1)).Root);
        _clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Empty(_registry.Wanted(10));
    }

    [Fact]
    public void WhatCachesAreToldIsReadAsItWasMeantAndNothingElse()
    {
        Assert.Null(WantedCodec.ReadRequest(WantedCodec.Ask(null)).Value);
        Assert.Equal(Root, WantedCodec.ReadRequest(WantedCodec.Ask(Root)).Value);
        IReadOnlyList<WantedContent> wanted = [new WantedContent(Root, 5, 4, 3, 2, [KeyId.Of("a"u8)]), new WantedContent(Root, 0, 0, 0, 0, [])];
        Assert.Equivalent(wanted, WantedCodec.ReadWanted(WantedCodec.Write(Outcome.Of(wanted))).Value);
        Outcome<IReadOnlyList<WantedContent>> tooMany = Enumerable.Repeat(wanted[0], WantedContent.CountMax + 1).ToList();
        Assert.Equal(FailureKind.Damaged, WantedCodec.ReadWanted(WantedCodec.Write(tooMany)).Failure?.Kind);

        var manifest = Manifest.OfOnePiece(5, Merkle.HashContent("hello"u8));
        var bytes = WantedCodec.Write(Outcome.Of(manifest));
        Assert.Equal(5, WantedCodec.ReadManifest(bytes, manifest.Root).Value.Length);
        Assert.False(WantedCodec.ReadManifest(bytes, Root).Succeeded);
        var refused = new Failure(FailureKind.NotFound, "no");
        Assert.Equal(refused, WantedCodec.ReadManifest(WantedCodec.Write((Outcome<Manifest>)refused), Root).Failure);
        Assert.Equal(FailureKind.Damaged, WantedCodec.ReadWanted(new byte[] { 1, 2, 3 }).Failure?.Kind);
    }

    private static IEnumerable<string> Names(SwarmAdvice advice) => advice.Neighbours.Select(
        peer => ((string[])["source", "first", "second", "third", "other"]).First(name => KeyId.Of(System.Text.Encoding.UTF8.GetBytes(name)) == peer.Key));

    private Outcome<SwarmAdvice> Announce(
        string name, string host, bool isWhole = false, int slots = 4, bool isLeaving = false, Hash256? root = null,
        string? reporter = null) =>
        _registry.Announce(
            root ?? Root,
            new SwarmReport(KeyId.Of(System.Text.Encoding.UTF8.GetBytes(name)), isWhole ? PieceMap.Full(Pieces) : new PieceMap(Pieces))
            {
                Addresses = ["127.0.0.1:4000", "192.168.0.7:4000"],
                Slots = slots,
                NeighboursMax = 20,
                IsLeaving = isLeaving,
            },
            new SwarmAsker(host, reporter ?? name));
}
