using Cete.Core;
using Cete.Index.Swarms;
using Cete.Ports.Swarms;
using Cete.Swarm;

namespace Cete.Index.Tests.Swarms;

/// <summary>Peers tell what they have whole; whoever wants one of these contents is sent to them.</summary>
public sealed class HoldingTests
{
    private const int Pieces = 20;
    private static readonly KeyId Community = KeyId.Of("community"u8);
    private static readonly Hash256 Root = Hash256.Of("content"u8);
    private readonly SteppingClock _clock = new();
    private readonly SwarmRegistry _registry;

    public HoldingTests() => _registry = new SwarmRegistry(Community, _clock, 1);

    [Fact]
    public void WhoWantsAContentIsSentToThoseWhoToldThatTheyHaveIt()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            Assert.Equal(HoldingRegistry.Valid, Tell(name, [Root, Hash256.Of("other"u8)]).Value.Valid);
        }

        Assert.Equal(["a", "b", "c"], Wanting("ann"));
        Assert.Equal(3, Holders());

        // They told it, and did not say that they are there now: whom the ID file names is asked as well.
        Assert.False(Want("ann").HasSource);
        Assert.Empty(Wanting("ann", Hash256.Of("third"u8)));
    }

    [Fact]
    public void ItIsForgottenWhenItWasNotToldAgainOrIsGoneOrItsPeerLeft()
    {
        Tell("a", [Root]);
        Tell("b", [Root]);
        Tell("c", [Root]);
        Tell("a", [], gone: [Root]);
        Tell("b", [], isLeaving: true);
        Assert.Equal(["c"], Wanting("ann"));
        _clock.Advance(HoldingRegistry.Valid);
        Assert.Equal(0, Holders());
        Assert.Empty(Wanting("ben"));

        // Who left may come again.
        Tell("b", [Root]);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["b"], Wanting("cleo"));
    }

    [Fact]
    public void FewAreTriedAtATimeAndOnlyThoseStayThatSomebodyReaches()
    {
        var names = Enumerable.Range(0, 30).Select(i => $"holder {i}").ToList();
        foreach (var name in names)
        {
            Tell(name, [Root]);
        }

        var tried = Want("ann").Neighbours.Select(peer => peer.Key).ToHashSet();
        Assert.Equal(ToldHolders.AtOnceMax, tried.Count);
        var there = tried.First();
        HashSet<KeyId> seen = [.. tried];
        for (var second = 0; second < 60; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            var named = Announce("ann", new PieceMap(Pieces), neighbours: [there]).Neighbours.Select(peer => peer.Key).ToList();
            Assert.Contains(there, named);
            Assert.InRange(named.Count, 1, ToldHolders.AtOnceMax);
            seen.UnionWith(named);
        }

        // Others had their turn, and when nobody is left those who tell it anew are tried again.
        Assert.Equal(30, seen.Count);
        Assert.Equal([there], Announce("ann", new PieceMap(Pieces), neighbours: [there]).Neighbours.Select(peer => peer.Key));
        Tell(names[7], [Root]);
        Assert.Contains(Key(names[7]), Announce("ann", new PieceMap(Pieces), neighbours: [there]).Neighbours.Select(peer => peer.Key));
    }

    [Fact]
    public void WhoAnnouncesAContentHimselfIsBelievedThat()
    {
        Tell("a", [Root]);
        var partly = new PieceMap(Pieces);
        partly.Set(3);
        Announce("a", partly);
        Assert.DoesNotContain("a", Wanting("ann").Except(["a"]));
        Assert.False(Want("ann").HasSource);
        Announce("a", PieceMap.Full(Pieces));
        Assert.True(Want("ann").HasSource);

        // He goes out of the swarm, and has it nevertheless.
        Announce("ben", PieceMap.Full(Pieces));
        Announce("a", PieceMap.Full(Pieces), isLeaving: true);
        Announce("ben", PieceMap.Full(Pieces), isLeaving: true);
        Assert.Contains("a", Wanting("cleo"));
    }

    [Fact]
    public void NobodyFillsAListWithKeysThatHeMadeUpNorSpeaksForThoseOfOthers()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(i < 16, Tell($"made up {i}", [Root], account: "mallory").Succeeded);
        }

        Assert.Equal(HoldingRegistry.OfOneReporterMax, Holders());
        Assert.True(Tell("a", [Root]).Succeeded);
        Assert.Equal(FailureKind.Forbidden, Tell("a", [], isLeaving: true, account: "mallory").Failure?.Kind);
        Assert.Equal(HoldingRegistry.OfOneReporterMax + 1, Holders());
    }

    [Fact]
    public void HoldersOfAContentAndContentsOfAHolderAreBounded()
    {
        var registry = new HoldingRegistry();
        var now = Instant.From(_clock.GetUtcNow());
        for (var i = 0; i < 100; i++)
        {
            Assert.Null(registry.Tell(Report($"p{i}", [Root]), Asker($"p{i}"), Place, now));
        }

        Assert.Equal(HoldingRegistry.HoldersMax, registry.Of(Root, now).Count());
        for (var page = 0; page < 30; page++)
        {
            var roots = Enumerable.Range(page * 1_000, 1_000).Select(i => Hash256.Of(BitConverter.GetBytes(i))).ToList();
            Assert.Null(registry.Tell(Report("much", roots), Asker("much"), Place, now));
        }

        Assert.Equal(HoldingReport.OfOneMax + 1, registry.Count);

        // What was told once and never again leaves nothing behind.
        now += HoldingRegistry.Valid + TimeSpan.FromMinutes(6);
        Assert.Null(registry.Tell(Report("last", []), Asker("last"), Place, now));
        Assert.Equal(0, registry.Count);
    }

    [Fact]
    public void WhatNodesSayToEachOtherIsReadAsItWasMeantAndNothingElse()
    {
        var report = Report("a", [Root, Hash256.Of("other"u8)]) with { Gone = [Hash256.Of("gone"u8)], Uplink = 7, IsLeaving = true };
        var bytes = HoldingsCodec.Write(report, new SwarmAsker("10.0.0.1", "ann"));
        var read = HoldingsCodec.Read(bytes).Value;
        Assert.Equivalent(report, read.Report);
        Assert.Equal(new SwarmAsker("10.0.0.1", "ann"), read.Asker);
        Assert.Equal(FailureKind.Damaged, HoldingsCodec.Read(bytes[..^1]).Failure?.Kind);
        var many = Report("a", [.. Enumerable.Repeat(Root, HoldingReport.ContentsMax + 1)]);
        Assert.Equal(FailureKind.Damaged, HoldingsCodec.Read(HoldingsCodec.Write(many, new SwarmAsker("10.0.0.1", "ann"))).Failure?.Kind);
    }

    private static PeerPlace Place { get; } = PeerPlace.Read("10.0.0.1", ["10.0.0.1:4000"])!;

    private static KeyId Key(string name) => KeyId.Of(System.Text.Encoding.UTF8.GetBytes(name));

    private static SwarmAsker Asker(string account) => new("10.0.0.1", account);

    private static HoldingReport Report(string name, IReadOnlyList<Hash256> contents) => new(Key(name), contents) { Addresses = ["10.0.0.1:4000"] };

    private Outcome<HoldingAdvice> Tell(
        string name, IReadOnlyList<Hash256> contents, IReadOnlyList<Hash256>? gone = null, bool isLeaving = false, string? account = null) =>
        _registry.Tell(Report(name, contents) with { Gone = gone ?? [], IsLeaving = isLeaving }, Asker(account ?? name));

    private SwarmAdvice Announce(
        string name, PieceMap have, bool isLeaving = false, Hash256? root = null, IReadOnlyList<KeyId>? neighbours = null) => _registry.Announce(
        root ?? Root,
        new SwarmReport(Key(name), have)
        {
            Addresses = ["10.0.0.1:4000"],
            NeighboursMax = 20,
            Slots = 1,
            IsLeaving = isLeaving,
            Neighbours = neighbours ?? [],
        },
        Asker(name)).Value;

    private SwarmAdvice Want(string name, Hash256? root = null) => Announce(name, new PieceMap(Pieces), root: root);

    private IEnumerable<string> Wanting(string name, Hash256? root = null) =>
    [
        .. Want(name, root).Neighbours.Select(peer => ((string[])["a", "b", "c", "ann", "ben", "cleo"]).First(known => Key(known) == peer.Key)).Order(),
    ];

    private int Holders() => _registry.HoldersOf(Root, Asker("anybody")).Count;
}
