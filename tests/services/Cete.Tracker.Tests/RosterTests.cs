using Cete.Core;
using Google.Protobuf;

namespace Cete.Tracker.Tests;

/// <summary>The roster as others get it: its versions, its bytes, and what hostile bytes can do.</summary>
public sealed class RosterTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_change_of_the_roster_brings_it_one_version_on_and_nothing_else_does()
    {
        using var bench = await Bench.FoundedAsync();
        var desk = bench.Desk;
        (Func<Task<Outcome<bool>>> Do, bool Changes)[] steps =
        [
            (() => bench.MakeTokenAsync(0, uses: 5), false),
            (async () => (await desk.AdmitAsync(0, 1)).Then(_ => true), true),
            (async () => (await desk.AdmitAsync(0, 1)).Then(_ => true), false),
            (() => desk.RecordAsync(1, 1, bench.Now + TimeSpan.FromDays(90)), true),
            (() => desk.SetRolesAsync(1, "tracker"), true),
            (() => desk.SetRolesAsync(1, "tracker"), false),
            (() => desk.RenameAsync(1, "attic"), true),
            (() => desk.AddIssuerAsync(1, 1, 7), true),
            (() => desk.AddIssuerAsync(1, 1, 8), true),
            (() => desk.RemoveIssuerAsync(0), true),
            (() => desk.RemoveAsync(0, "gone"), true),
            (() => desk.ReadmitAsync(0), true),
            (() => desk.RevokeAsync(0), false),
            (async () => (await desk.PruneAsync()).Then(_ => true), false),
        ];
        foreach (var (act, changes) in steps)
        {
            bench.Wait(TimeSpan.FromHours(1));
            var before = await desk.RosterAsync();
            Assert.True((await act()).Succeeded);
            var after = await desk.RosterAsync();
            Assert.Equal(before.Version + (changes ? 1 : 0), after.Version);
            Assert.Equal(changes ? bench.Now : before.ChangedAt, after.ChangedAt);
            Assert.Equal(changes, (await desk.Service.RosterSinceAsync(before.Version, Cancel)).Value is not null);
        }

        Assert.Null((await desk.Service.RosterSinceAsync(1_000, Cancel)).Value);
        Assert.NotNull((await desk.Service.RosterSinceAsync(0, Cancel)).Value);
    }

    [Fact]
    public async Task A_roster_goes_through_bytes_and_comes_back_whole()
    {
        using var bench = await Bench.WithNodesAsync(3);
        await bench.Desk.RecordAsync(1, 1, bench.Now + TimeSpan.FromDays(90));
        await bench.Desk.RemoveAsync(2, "noise");
        await bench.Desk.SetRolesAsync(3);
        var roster = await bench.Desk.RosterAsync();
        var bytes = RosterCodec.Encode(roster);
        var read = RosterCodec.Parse(bytes).Value;
        Assert.Equal(bytes, RosterCodec.Encode(read));
        Assert.Equal(roster with { Issuers = [], Nodes = [] }, read with { Issuers = [], Nodes = [] });
        Assert.Equal(roster.Nodes.Select(Show), read.Nodes.Select(Show));
        Assert.Equal(roster.Issuers.Select(Show), read.Issuers.Select(Show));
        var removed = Assert.Single(read.Nodes, node => node.IsRemoved);
        Assert.Equal((Desk.Key(2), "noise", bench.Now), (removed.Id, removed.Reason, removed.RemovedAt));
        Assert.Equal(bench.Now + TimeSpan.FromDays(90), Assert.Single(read.Nodes, node => node.CertificateNotAfter is not null).CertificateNotAfter);
    }

    [Fact]
    public async Task The_same_roster_has_the_same_bytes_in_whatever_order_its_parts_are_listed()
    {
        using var bench = await Bench.WithNodesAsync(5);
        await bench.Desk.AddIssuerAsync(1, 1, 1);
        var roster = await bench.Desk.RosterAsync();
        var turned = roster with { Issuers = [.. roster.Issuers.Reverse()], Nodes = [.. roster.Nodes.Reverse()] };
        Assert.Equal(RosterCodec.Encode(roster), RosterCodec.Encode(turned));
    }

    [Fact]
    public void The_largest_roster_is_within_its_bound()
    {
        string[] roles = [.. Enumerable.Range(0, TrackerLimits.RolesMax).Select(i => $"{new string('r', TrackerLimits.RoleLengthMax - 2)}{i:00}")];
        var (name, note) = (new string('n', TrackerLimits.NameBytesMax), new string('x', TrackerLimits.NoteBytesMax));
        var far = Instant.From(DateTimeOffset.MaxValue);
        var nodes = Enumerable.Range(0, TrackerLimits.NodesMax).Select(
            i => new RosterNode(Desk.Key(i), name, name, roles, far) { RemovedAt = far, Reason = note, CertificateNotAfter = far });
        var issuers = Enumerable.Range(0, TrackerLimits.IssuersMax).Select(
            i => new RosterIssuer(Desk.IssuerKey(i), new byte[TrackerLimits.CertificateBytesMax], Desk.Key(i)));
        var bytes = RosterCodec.Encode(new Roster(Desk.Key(0), name, TrackerLimits.VersionMax, far, [.. issuers], [.. nodes], int.MaxValue));
        Assert.InRange(bytes.Length, TrackerLimits.RosterBytesMax * 3 / 4, TrackerLimits.RosterBytesMax);
        Assert.Equal(TrackerLimits.NodesMax, RosterCodec.Parse(bytes).Value.Nodes.Count);
    }

    [Fact]
    public async Task What_a_newer_program_adds_is_passed_over()
    {
        using var bench = await Bench.WithNodesAsync(1);
        var bytes = RosterCodec.Encode(await bench.Desk.RosterAsync());
        var read = RosterCodec.Parse([.. bytes, .. Field(100, [1, 2, 3])]).Value;
        Assert.Equal(bytes, RosterCodec.Encode(read));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Bytes_that_were_tampered_with_are_a_roster_or_a_failure(ulong seed)
    {
        using var bench = await Bench.WithNodesAsync(3);
        await bench.Desk.RemoveAsync(1, "noise");
        var good = RosterCodec.Encode(await bench.Desk.RosterAsync());
        var chance = new Prng(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = good.AsSpan(0, chance.Chance(1, 3) ? chance.Next(good.Length + 1) : good.Length).ToArray();
            for (var i = chance.Next(4); i > 0 && bytes.Length > 0; i--)
            {
                bytes[chance.Next(bytes.Length)] = (byte)chance.NextBits();
            }

            if (RosterCodec.Parse(bytes) is { Succeeded: true, Value: var read })
            {
                // What is read can be shown, and told again.
                Assert.All(read.Nodes, node => Assert.NotEmpty($"{node.AdmittedAt.ToDateTimeOffset():O} {node.RemovedAt?.ToDateTimeOffset():O}"));
                Assert.True(RosterCodec.Parse(RosterCodec.Encode(read)).Succeeded);
            }
        }

        for (var round = 0; round < 5_000; round++)
        {
            var noise = new byte[chance.Next(100)];
            chance.Fill(noise);
            Assert.False(RosterCodec.Parse(noise).Succeeded);
        }
    }

    [Fact]
    public async Task Hostile_bytes_are_refused_with_a_reason()
    {
        using var bench = await Bench.WithNodesAsync(2);
        var roster = await bench.Desk.RosterAsync();
        var bytes = RosterCodec.Encode(roster);
        Refuse([], FailureKind.Invalid, "id of the community has 0 bytes");
        Refuse(new byte[TrackerLimits.RosterBytesMax + 1], FailureKind.TooLarge, "16777217 bytes");
        Refuse(bytes.AsSpan(0, bytes.Length - 1), FailureKind.Invalid, "no roster");

        // A length that promises more than there is, and groups without end.
        Refuse([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07], FailureKind.Invalid, "no roster");
        Refuse([.. Enumerable.Repeat((byte)0x5B, 100_000)], FailureKind.Invalid, "no roster");

        // Two bytes a node: the generated parser would make millions of objects of them.
        Refuse([.. Enumerable.Repeat<byte[]>([0x32, 0x00], 8_000_000).SelectMany(b => b)], FailureKind.Invalid, "id of the node has 0 bytes");
        Refuse([.. bytes, .. Field(6, new byte[10_001])], FailureKind.TooLarge, "10001 bytes");
        Refuse(RosterCodec.Encode(roster with { Nodes = [.. roster.Nodes, roster.Nodes[0]] }), FailureKind.Invalid, "stands there twice");
        Refuse(RosterCodec.Encode(roster with { Issuers = [.. roster.Issuers, roster.Issuers[0]] }), FailureKind.Invalid, "stands there twice");
        var many = Enumerable.Range(0, TrackerLimits.NodesMax + 1).Select(i => roster.Nodes[0] with { Id = Desk.Key(i) });
        Refuse(RosterCodec.Encode(roster with { Nodes = [.. many] }), FailureKind.TooLarge, "more than 10000 nodes");
        var issuers = Enumerable.Range(0, TrackerLimits.IssuersMax + 1).Select(i => roster.Issuers[0] with { Id = Desk.Key(i) });
        Refuse(RosterCodec.Encode(roster with { Issuers = [.. issuers] }), FailureKind.TooLarge, "more than 64 issuers");
        Refuse(RosterCodec.Encode(roster with { Version = 0 }), FailureKind.Invalid, "version 0");
        Refuse(RosterCodec.Encode(roster with { Version = -1 }), FailureKind.Invalid, "version -1");
        Refuse(RosterCodec.Encode(roster with { MinimumProtocol = 0 }), FailureKind.Invalid, "protocol 0");
        Refuse(RosterCodec.Encode(roster with { ChangedAt = new Instant(long.MaxValue) }), FailureKind.Invalid, "year 9999");
        Refuse(RosterCodec.Encode(roster with { Name = new string('x', 256) }), FailureKind.TooLarge, "256 bytes");
        RefuseNode(node => node with { Name = "a\u001Bb" }, FailureKind.Invalid, "control");
        RefuseNode(node => node with { Name = "" }, FailureKind.Invalid, "is empty");
        RefuseNode(node => node with { Owner = new string('x', 65) }, FailureKind.TooLarge, "65 bytes");
        RefuseNode(node => node with { Reason = new string('x', 201) }, FailureKind.TooLarge, "201 bytes");
        RefuseNode(node => node with { Roles = ["a", "a"] }, FailureKind.Invalid, "out of order");
        RefuseNode(node => node with { Roles = ["A"] }, FailureKind.Invalid, "no role");
        RefuseNode(node => node with { AdmittedAt = new Instant(-1) }, FailureKind.Invalid, "an admission");
        RefuseNode(node => node with { RemovedAt = new Instant(0) }, FailureKind.Invalid, "removed without a time");
        RefuseNode(node => node with { CertificateNotAfter = new Instant(long.MaxValue) }, FailureKind.Invalid, "a certificate's end");

        void RefuseNode(Func<RosterNode, RosterNode> spoil, FailureKind kind, string text) =>
            Refuse(RosterCodec.Encode(roster with { Nodes = [spoil(roster.Nodes[0])] }), kind, text);
    }

    private static void Refuse(ReadOnlySpan<byte> bytes, FailureKind kind, string text) => RosterCodec.Parse(bytes).Refused(kind, text);

    private static byte[] Field(int number, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }

        return stream.ToArray();
    }

    private static string Show(RosterNode node) => (node with { Roles = [] }) + string.Join(' ', node.Roles);

    private static string Show(RosterIssuer issuer) => $"{issuer.Id} {issuer.Node} {Convert.ToHexString(issuer.Certificate.Span)}";
}
