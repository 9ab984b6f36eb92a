using System.Globalization;
using Cete.Cluster.Health;
using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Groups;
using Cete.Membership;
using Cete.Trust;

namespace Cete.Cluster.Tests.Health;

/// <summary>Each check of the doctor: where all is well, and where it is not.</summary>
public sealed class HealthChecksTests
{
    private static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private const long Gibibyte = 1L << 30;

    private static ClusterMember Member(
        int number, MemberState state = MemberState.Alive, string version = "1.2.0", bool keeps = true, long roster = 7, params string[] fabric)
    {
        var id = Id(number);
        var certificate = new PeerCertificate(id, default, RoleSet.From(["tracker"]).Value, Now, Now + TimeSpan.FromDays(90), Id(201), "01");
        var facts = new NodeFacts
        {
            Reachability = Reachability.Direct,
            Name = string.Create(CultureInfo.InvariantCulture, $"node-{number}"),
            Version = version,
            Fabric = fabric.Length > 0 ? fabric : ["203.0.113.7:2384"],
            Groups = keeps ? [new GroupClaim("tracker", 1, number == 1, 10, 1)] : [],
            RosterVersion = roster,
        };
        return new ClusterMember(id, state, facts, certificate, null, 1, 1);
    }

    private static ClusterMember Reached(Reachability reachability, params KeyId[] via)
    {
        var self = Member(1);
        return self with { Facts = self.Facts with { Reachability = reachability, Via = via } };
    }

    private static KeyId Id(int number)
    {
        Span<byte> bytes = stackalloc byte[KeyId.Size];
        bytes.Fill((byte)number);
        return new KeyId(bytes);
    }

    private static HealthFacts Well(params ClusterMember[] members) => new()
    {
        Now = Now,
        View = new ClusterView(Id(1), members.Length > 0 ? members : [Member(1), Member(2), Member(3)]),
        Certificate = new CertificateFacts(Now + TimeSpan.FromDays(60), Now + TimeSpan.FromDays(30), null),
        Preset = "wan",
        RosterVersion = 7,
        Groups = [("index", new GroupStatus(true, 1, 5, 5, 1, null))],
        Web = new WebFacts("127.0.0.1:2383", true, null),
        Disk = new DiskFacts("/srv/cete", 100 * Gibibyte, 200 * Gibibyte, null, TimeSpan.FromMilliseconds(3)),
        Log = new LogFacts(Gibibyte / 2, 64 << 20, 2),
        OpenFiles = new OpenFilesFacts(200, 65_536),
        Clocks = [new ClockOffset(Id(2), "node-2", TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(30))],
    };

    private static Finding Find(HealthFacts facts, string check) => Assert.Single(HealthChecks.Look(facts), finding => finding.Check == check);

    private static void Is(FindingLevel level, string seen, Finding finding)
    {
        Assert.Equal(level, finding.Level);
        Assert.Contains(seen, finding.Seen, StringComparison.Ordinal);

        // What is wrong comes with its mend, and what is not with none.
        Assert.True(level switch
        {
            FindingLevel.Ok => finding.Mend.Length == 0,
            FindingLevel.Note => true,
            _ => finding.Mend.Length > 0,
        });
    }

    [Fact]
    public void Two_groups_of_one_name_are_a_problem_and_a_replica_that_has_nothing_yet_is_none()
    {
        var (own, other) = (new Lineage(1, 2), new Lineage(1, 3));
        (string, GroupStatus)[] replicas = [("tracker", new GroupStatus(true, 1, 5, 5, 1, null) { Lineage = own })];
        HealthFacts Seen(GroupClaim claim) => Well(Member(1), Claiming(2, claim)) with { Groups = replicas };
        var claim = new GroupClaim("tracker", 1, true, 10, 1);
        var two = Find(Seen(claim with { Lineage = other }), "groups.identity");
        Is(FindingLevel.Problem, "two groups are called 'tracker': that of this node, and that of node-2", two);
        Is(FindingLevel.Problem, "node-2", Find(Seen(claim), "groups.identity"));
        GroupClaim[] well = [claim with { Lineage = own }, claim with { Level = 0 }];
        Assert.All(well, one => Assert.DoesNotContain(HealthChecks.Look(Seen(one)), finding => finding.Check == "groups.identity"));

        static ClusterMember Claiming(int number, GroupClaim claim)
        {
            var member = Member(number);
            return member with { Facts = member.Facts with { Groups = [claim] } };
        }
    }

    [Fact]
    public void A_group_is_claimed_by_whoever_else_has_something_of_it_be_it_gone()
    {
        var blank = new GroupClaim("index", 0, false, 0, 0);
        Assert.False(IsClaimed(2, blank));
        Assert.True(IsClaimed(2, blank with { Lineage = new Lineage(1, 2) }));
        Assert.True(IsClaimed(2, blank with { Level = 1 }));
        Assert.True(IsClaimed(2, blank with { Term = 1 }));
        Assert.True(IsClaimed(2, blank with { Votes = true }));
        Assert.True(IsClaimed(2, blank with { Level = 1 }, MemberState.Dead));
        Assert.False(IsClaimed(2, blank with { Group = "tracker", Level = 1 }));
        Assert.False(IsClaimed(1, blank with { Level = 1 }));

        static bool IsClaimed(int number, GroupClaim claim, MemberState state = MemberState.Alive)
        {
            var member = Member(number);
            var view = new ClusterView(Member(1).Id, [member with { State = state, Facts = member.Facts with { Groups = [claim] } }]);
            return GroupIdentity.IsClaimed(view, "index");
        }
    }

    [Fact]
    public void A_replica_waits_that_has_nothing_and_was_told_nothing()
    {
        var waiting = new GroupStatus(false, 0, 0, 0, 0, null) { IsOpen = true };
        Assert.True(GroupIdentity.IsWaiting(waiting));
        GroupStatus[] others =
        [
            waiting with { IsOpen = false }, waiting with { Failure = new Failure(FailureKind.Full, "no room") }, waiting with { Applied = 1 },
            waiting with { Level = 1 }, waiting with { Lineage = new Lineage(1, 2) }, waiting with { Forgotten = 7 },
            waiting with { Members = Consensus.Members.Sole(KeyId.Of([1])) },
        ];
        Assert.All(others, status => Assert.False(GroupIdentity.IsWaiting(status)));
    }

    [Fact]
    public void An_old_copy_of_a_data_folder_is_a_problem_until_it_has_caught_up()
    {
        var old = new GroupStatus(false, 1, 5, 5, 1, null) { Forgotten = 70, FoundOld = 70 };
        Is(FindingLevel.Problem, "'index' lacks what it had acknowledged, up to 70", Find(Well() with { Groups = [("index", old)] }, "groups.copies"));
        var well = Well() with { Groups = [("index", old with { Forgotten = null })] };
        Assert.DoesNotContain(HealthChecks.Look(well), finding => finding.Check == "groups.copies");
    }

    [Fact]
    public void Where_all_is_well_every_check_says_so()
    {
        var findings = HealthChecks.Look(Well());
        Assert.Equal(15, findings.Count);
        Assert.All(findings, finding => Assert.Equal((FindingLevel.Ok, string.Empty), (finding.Level, finding.Mend)));
    }

    [Fact]
    public void What_was_not_measured_is_not_judged_and_the_worst_comes_first()
    {
        var facts = Well(Member(1)) with { Disk = null, Log = null, OpenFiles = null, Clocks = null, Web = null, Groups = [] };
        var findings = HealthChecks.Look(facts);
        Assert.Equal(7, findings.Count);
        Assert.Equal("roster.keepers", findings[0].Check);
    }

    [Theory]
    [InlineData(0, FindingLevel.Problem)]
    [InlineData(1, FindingLevel.Warning)]
    [InlineData(2, FindingLevel.Warning)]
    [InlineData(3, FindingLevel.Ok)]
    public void So_many_must_keep_the_roster(int keepers, FindingLevel level)
    {
        var members = Enumerable.Range(1, 4).Select(number => Member(number, keeps: number <= keepers)).ToArray();
        Assert.Equal(level, Find(Well(members), "roster.keepers").Level);
    }

    [Fact]
    public void A_keeper_that_is_gone_does_not_count() =>
        Is(FindingLevel.Warning, "2 nodes keep", Find(Well(Member(1), Member(2), Member(3, MemberState.Dead)), "roster.keepers"));

    [Fact]
    public void A_group_that_stands_still_is_a_problem()
    {
        var status = new GroupStatus(false, 1, 5, 4, 1, new Failure(FailureKind.Full, "no room on the disk"));
        Is(FindingLevel.Problem, "'index' stands still: no room", Find(Well() with { Groups = [("index", status)] }, "groups"));
    }

    [Fact]
    public void Members_that_do_not_answer_are_named()
    {
        Is(FindingLevel.Warning, "node-3 does not answer", Find(Well(Member(1), Member(2), Member(3, MemberState.Suspect)), "members"));
        Is(FindingLevel.Problem, "node-2, node-3 do not", Find(Well(Member(1), Member(2, MemberState.Dead), Member(3, MemberState.Dead)), "members"));
        Assert.Equal(FindingLevel.Ok, Find(Well(Member(1), Member(2, MemberState.Left)), "members").Level);
    }

    [Fact]
    public void A_roster_behind_the_others_is_noted() =>
        Is(FindingLevel.Note, "knows version 7 of the roster, others 9", Find(Well(Member(1), Member(2, roster: 9)), "roster.version"));

    [Fact]
    public void Who_meets_nobody_is_told_why_and_which_clock_to_look_at()
    {
        Assert.DoesNotContain(HealthChecks.Look(Well()), finding => finding.Check == "meeting");
        var late = Well(Member(1, keeps: false)) with { Refusal = new Failure(FailureKind.Expired, "the certificate of node x expired 2 years ago") };
        Is(FindingLevel.Problem, "expired 2 years ago", Find(late, "meeting"));
        Assert.Contains("clock", Find(late, "meeting").Mend, StringComparison.Ordinal);
        Assert.DoesNotContain("recover-ca", Find(late, "roster.keepers").Mend, StringComparison.Ordinal);
        var removed = late with { Refusal = new Failure(FailureKind.Forbidden, "this node was removed") };
        Assert.Contains("readmit", Find(removed, "meeting").Mend, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_years_off_is_told_in_days_and_a_node_without_a_record_of_its_own_compares_no_versions()
    {
        var jumped = Well() with { Clocks = [new ClockOffset(Id(2), "node-2", TimeSpan.FromDays(-1_095), TimeSpan.FromMilliseconds(30))] };
        Is(FindingLevel.Problem, "1095 days ahead of", Find(jumped, "clock"));
        Assert.DoesNotContain(HealthChecks.Look(Well(Member(2))), finding => finding.Check == "versions");
    }

    [Fact]
    public void Other_versions_are_noted_and_newer_ones_warn()
    {
        Is(FindingLevel.Note, "node-2 1.1.9", Find(Well(Member(1), Member(2, version: "1.1.9")), "versions"));
        var warned = Find(Well(Member(1), Member(2, version: "1.10.0")), "versions");
        Is(FindingLevel.Warning, "node-2 1.10.0", warned);
        Assert.Contains("update this node", warned.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wan", "127.0.0.1:2384", FindingLevel.Warning)]
    [InlineData("lan", "[::1]:2384", FindingLevel.Warning)]
    [InlineData("local", "127.0.0.1:2384", FindingLevel.Ok)]
    [InlineData("wan", "192.168.1.5:2384", FindingLevel.Note)]
    [InlineData("wan", "172.31.0.1:2384", FindingLevel.Note)]
    [InlineData("wan", "172.32.0.1:2384", FindingLevel.Ok)]
    [InlineData("wan", "100.64.3.4:2384", FindingLevel.Note)]
    [InlineData("wan", "[fd00::1]:2384", FindingLevel.Note)]
    [InlineData("lan", "10.0.0.1:2384", FindingLevel.Ok)]
    [InlineData("wan", "cete.example.org:2384", FindingLevel.Ok)]
    [InlineData("wan", "[2001:db8::1]:2384", FindingLevel.Ok)]
    public void Addresses_must_fit_where_the_others_are(string preset, string address, FindingLevel level)
    {
        var facts = Well(Member(1, fabric: address), Member(2)) with { Preset = preset };
        Is(level, address, Find(facts, "addresses"));
    }

    [Fact]
    public void A_node_alone_may_be_on_loopback() =>
        Assert.Equal(FindingLevel.Note, Find(Well(Member(1, fabric: "127.0.0.1:2384")), "addresses").Level);

    [Fact]
    public void The_verdict_of_others_on_reaching_this_node_is_said()
    {
        Is(FindingLevel.Warning, "do not reach", Find(Well(Reached(Reachability.None), Member(2)), "reachability"));
        Is(FindingLevel.Note, "through node-2 alone", Find(Well(Reached(Reachability.None, Id(2)), Member(2)), "reachability"));
        Is(FindingLevel.Note, "not tested", Find(Well(Reached(Reachability.Unknown), Member(2)), "reachability"));
    }

    [Theory]
    [InlineData(1_900, 10, FindingLevel.Ok)]
    [InlineData(-3_000, 10, FindingLevel.Warning)]
    [InlineData(3_000, 3_000, FindingLevel.Ok)]
    [InlineData(25_000, 10, FindingLevel.Problem)]
    public void A_clock_that_is_off_is_told_with_its_doubt(int offsetMs, int tripMs, FindingLevel level)
    {
        var (offset, trip) = (TimeSpan.FromMilliseconds(offsetMs), TimeSpan.FromMilliseconds(tripMs));
        Is(level, offsetMs > 0 ? "behind" : "ahead of", Find(Well() with { Clocks = [new ClockOffset(Id(2), "b", offset, trip)] }, "clock"));
    }

    [Fact]
    public void One_wrong_clock_among_others_is_not_this_ones()
    {
        var clocks = new[] { 60_000, 10, -10 }.Select(ms => new ClockOffset(Id(2), "b", TimeSpan.FromMilliseconds(ms), TimeSpan.Zero));
        Assert.Equal(FindingLevel.Ok, Find(Well() with { Clocks = [.. clocks] }, "clock").Level);
        Is(FindingLevel.Note, "no other member", Find(Well() with { Clocks = [] }, "clock"));
    }

    [Theory]
    [InlineData(-1, 5, null, FindingLevel.Problem, "has ended")]
    [InlineData(1, 5, null, FindingLevel.Problem, "ends 2026-06-02")]
    [InlineData(30, -1, null, FindingLevel.Warning, "ends 2026-07-01")]
    [InlineData(30, 5, "nobody answers", FindingLevel.Warning, "could not be renewed: nobody answers")]
    [InlineData(60, 30, null, FindingLevel.Ok, "is renewed from 2026-07-01")]
    public void A_certificate_must_be_renewed_in_time(int daysLeft, int daysToRenewal, string? failure, FindingLevel level, string seen)
    {
        var failed = failure is null ? null : new Failure(FailureKind.Unavailable, failure);
        var certificate = new CertificateFacts(Now + TimeSpan.FromDays(daysLeft), Now + TimeSpan.FromDays(daysToRenewal), failed);
        Is(level, seen, Find(Well() with { Certificate = certificate }, "certificate"));
    }

    [Theory]
    [InlineData(true, null, FindingLevel.Ok, "this machine alone")]
    [InlineData(false, null, FindingLevel.Problem, "plain HTTP to other machines")]
    [InlineData(false, 90, FindingLevel.Ok, "speaks TLS")]
    [InlineData(true, 3, FindingLevel.Warning, "ends 2026-06-04")]
    [InlineData(false, -1, FindingLevel.Problem, "has ended")]
    public void The_web_door_is_safe(bool isLoopback, int? daysLeft, FindingLevel level, string seen)
    {
        var ends = daysLeft is { } days ? Now + TimeSpan.FromDays(days) : (Instant?)null;
        Is(level, seen, Find(Well() with { Web = new WebFacts("127.0.0.1:2383", isLoopback, ends) }, "web.tls"));
    }

    [Fact]
    public void A_disk_that_is_full_slow_or_refuses_is_told()
    {
        var disk = Well().Disk!;
        var refused = disk with { WriteFailure = new Failure(FailureKind.Unavailable, "read-only file system"), SyncTime = null };
        Is(FindingLevel.Problem, "read-only", Find(Well() with { Disk = refused }, "disk.writable"));
        Assert.DoesNotContain(HealthChecks.Look(Well() with { Disk = refused }), finding => finding.Check == "disk.speed");
        Is(FindingLevel.Problem, "0.1 GiB", Find(Well() with { Disk = disk with { FreeBytes = Gibibyte / 10 } }, "disk.free"));
        Is(FindingLevel.Warning, "1.0 GiB", Find(Well() with { Disk = disk with { FreeBytes = Gibibyte } }, "disk.free"));
        Is(FindingLevel.Warning, "80.0 ms", Find(Well() with { Disk = disk with { SyncTime = TimeSpan.FromMilliseconds(80) } }, "disk.speed"));
        Is(FindingLevel.Problem, "900.0 ms", Find(Well() with { Disk = disk with { SyncTime = TimeSpan.FromMilliseconds(900) } }, "disk.speed"));
    }

    [Fact]
    public void A_log_that_only_grows_is_told() =>
        Is(FindingLevel.Warning, "the log takes 9.0 GiB", Find(Well() with { Log = new LogFacts(9 * Gibibyte, 64 << 20, 2) }, "log.size"));

    [Theory]
    [InlineData(100, 1_024, FindingLevel.Warning)]
    [InlineData(5_000, 6_000, FindingLevel.Warning)]
    [InlineData(5_900, 6_000, FindingLevel.Problem)]
    [InlineData(100, long.MaxValue, FindingLevel.Ok)]
    public void Descriptors_must_suffice(long open, long limit, FindingLevel level) =>
        Assert.Equal(level, Find(Well() with { OpenFiles = new OpenFilesFacts(open, limit) }, "open-files").Level);
}
