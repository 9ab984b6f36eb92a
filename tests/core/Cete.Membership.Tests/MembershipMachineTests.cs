using Cete.Core;
using static Cete.Membership.Tests.Cluster;

namespace Cete.Membership.Tests;

public sealed class MembershipMachineTests
{
    [Fact]
    public void All_who_join_by_one_node_see_each_other_within_a_second()
    {
        var cluster = new Cluster(16);
        cluster.JoinAll();
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.All(cluster.Nodes.Values, node => Assert.Equal(16, node.Machine.Present));
    }

    [Fact]
    public void A_member_that_stopped_is_found_by_all_and_nobody_else_is_suspected()
    {
        var cluster = Joined(16);
        cluster.Nodes[7].IsStopped = true;
        cluster.Run(TimeSpan.FromSeconds(12));
        foreach (var node in cluster.Nodes.Values.Where(node => !node.IsStopped))
        {
            Assert.Equal(MemberState.Dead, node.Sees(7));
            Assert.All(node.Changes.Where(change => change.Change is MemberChange.Failed), change => Assert.Equal(Id(7), change.Id));
        }
    }

    [Fact]
    public void A_refused_connection_finds_a_dead_member_in_the_shortest_suspicion()
    {
        var cluster = Joined(16);
        cluster.Nodes[7].IsStopped = true;
        Refuse(cluster, 7);
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.All(cluster.Nodes.Values.Where(node => !node.IsStopped), node => Assert.Equal(MemberState.Dead, node.Sees(7)));
    }

    [Fact]
    public void One_whom_only_one_other_cannot_reach_stays_alive()
    {
        var cluster = Joined(8);
        cluster.Drops = (from, to, _) => (from, to) == (Id(1), Id(2)) || (from, to) == (Id(2), Id(1));
        cluster.Run(TimeSpan.FromMinutes(2));
        Assert.All(cluster.Nodes.Values, node => Assert.DoesNotContain(node.Changes, change => change.Change is MemberChange.Suspected));
    }

    [Fact]
    public void An_accused_member_refutes_by_a_greater_incarnation()
    {
        var cluster = Joined(5);
        cluster.Nodes[0].Hear(4, new MemberUpdate(Record(3, 1), MemberState.Suspect, Id(4)));
        Assert.Equal(MemberState.Suspect, cluster.Nodes[0].Sees(3));
        cluster.Run(TimeSpan.FromSeconds(3));
        Assert.All(cluster.Nodes.Values.Where(node => node.Id != Id(3)), node =>
        {
            Assert.Equal(MemberState.Alive, node.Sees(3));
            Assert.Equal(2, node.Machine.Find(Id(3))!.Record.Incarnation);
        });
    }

    [Fact]
    public void A_liar_that_calls_everybody_dead_kills_nobody()
    {
        var cluster = Joined(8);
        for (var second = 0; second < 60; second++)
        {
            foreach (var node in cluster.Nodes.Values.Skip(1))
            {
                node.Hear(0, [.. Enumerable.Range(1, 7).Select(number =>
                    new MemberUpdate(cluster.Nodes[number].Machine.Self!, MemberState.Dead, Id(number % 7 + 1)))]);
            }

            cluster.Run(TimeSpan.FromSeconds(1));
        }

        Assert.All(cluster.Nodes.Values, node => Assert.DoesNotContain(node.Changes, change => change.Change is MemberChange.Failed));
    }

    [Fact]
    public void What_is_older_than_what_is_known_changes_nothing()
    {
        var cluster = Joined(4);
        var node = cluster.Nodes[0];
        node.Hear(1, new MemberUpdate(Record(2, 5), MemberState.Alive, Id(2)));
        node.Hear(1, new MemberUpdate(Record(2, 4), MemberState.Dead, Id(1)), new MemberUpdate(Record(2, 3, isLeaving: true), MemberState.Left, Id(2)));
        Assert.Equal(MemberState.Alive, node.Sees(2));
        Assert.Equal(5, node.Machine.Find(Id(2))!.Record.Incarnation);
    }

    [Fact]
    public void One_who_is_dead_by_hearsay_alone_lives_by_anybody_elses_word()
    {
        var cluster = Joined(3);
        var node = cluster.Nodes[0];
        node.Hear(1, new MemberUpdate(Record(9, 1), MemberState.Dead, Id(1)));
        Assert.Equal(MemberState.Dead, node.Sees(9));
        node.Hear(2, new MemberUpdate(Record(9, 1), MemberState.Alive, Id(9)));
        Assert.Equal(MemberState.Alive, node.Sees(9));
        cluster.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(MemberState.Dead, node.Sees(9));
        node.Hear(2, new MemberUpdate(Record(9, 1), MemberState.Alive, Id(9)));
        Assert.Equal(MemberState.Dead, node.Sees(9));
    }

    [Fact]
    public void A_member_that_leaves_is_seen_to_leave_and_is_not_called_dead()
    {
        var cluster = Joined(10);
        cluster.Nodes[4].Step(MembershipInput.Leave.Instance);
        cluster.Run(TimeSpan.FromSeconds(3));
        Assert.Contains(cluster.Nodes[4].Others, effect => effect is MembershipEffect.LeaveTold);
        cluster.Nodes[4].IsStopped = true;
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.All(cluster.Nodes.Values.Where(node => node.Id != Id(4)), node =>
        {
            Assert.Equal(MemberState.Left, node.Sees(4));
            Assert.DoesNotContain((Id(4), MemberChange.Failed), node.Changes);
        });
    }

    [Fact]
    public void Who_starts_anew_is_told_what_it_said_before_ahead_of_all_else()
    {
        var cluster = Joined(4);
        cluster.Nodes[2].Step(MembershipInput.FactsChanged.Instance);
        cluster.Run(TimeSpan.FromSeconds(2));
        var before = cluster.Nodes[2].Machine.Self!;
        var again = cluster.Start(2, instance: 2, incarnation: 1_000);
        again.Step(new MembershipInput.Join(Id(0)));
        cluster.Run(TimeSpan.FromSeconds(3));
        var told = again.Others.Where(effect => effect is MembershipEffect.Remembered or MembershipEffect.Exchanged).ToList();
        Assert.Equal(before, Assert.IsType<MembershipEffect.Remembered>(told[0]).Record);
        Assert.Single(told, effect => effect is MembershipEffect.Exchanged);

        // Of its own present start it is told nothing.
        Assert.All(told.OfType<MembershipEffect.Remembered>(), effect => Assert.Equal(1UL, effect.Record.Instance));
    }

    [Fact]
    public void A_restarted_member_is_known_by_its_new_start_though_its_count_began_anew()
    {
        var cluster = Joined(6);
        cluster.Nodes[2].Step(MembershipInput.FactsChanged.Instance);
        cluster.Nodes[2].Step(MembershipInput.FactsChanged.Instance);
        cluster.Run(TimeSpan.FromSeconds(2));
        var again = cluster.Start(2, instance: 2);
        again.Step(new MembershipInput.Join(Id(0)));
        cluster.Run(TimeSpan.FromSeconds(3));
        Assert.All(cluster.Nodes.Values.Where(node => node.Id != Id(2)), node => Assert.Equal(2UL, node.Machine.Find(Id(2))!.Record.Instance));
        Assert.DoesNotContain(again.Others, effect => effect is MembershipEffect.IdentityClash);
    }

    [Fact]
    public void Two_nodes_with_one_key_find_that_out()
    {
        var cluster = Joined(6);
        var twin = cluster.Start(40, instance: 9);
        var rival = new TestNode(cluster, Id(2), 9, new MembershipMachine(Id(2), MembershipSettings.Lan, 5));
        cluster.Nodes[41] = rival;
        rival.Step(new MembershipInput.Announced(Record(2, 1, instance: 9)));
        rival.Step(new MembershipInput.Join(Id(0)));
        twin.IsStopped = true;

        // Both are reached: what is sent to their name comes to one, then to the other.
        var turn = 0;
        cluster.Drops = (from, to, message) =>
        {
            (cluster.Nodes[2].IsStopped, rival.IsStopped) = (turn % 2 == 0, turn++ % 2 == 1);
            return false;
        };
        cluster.Run(TimeSpan.FromSeconds(20));
        Assert.Contains(cluster.Nodes[2].Others.Concat(rival.Others), effect => effect is MembershipEffect.IdentityClash);
    }

    [Fact]
    public void A_removed_node_is_forgotten_and_what_it_says_is_not_heard()
    {
        var cluster = Joined(5);
        var node = cluster.Nodes[0];
        node.Step(new MembershipInput.Removed(new HashSet<KeyId> { Id(3) }));
        Assert.Null(node.Sees(3));
        Assert.Contains((Id(3), MemberChange.Forgotten), node.Changes);
        node.Hear(3, new MemberUpdate(Record(30, 1), MemberState.Alive, Id(30)));
        node.Hear(2, new MemberUpdate(Record(3, 9), MemberState.Alive, Id(3)));
        Assert.Null(node.Sees(3));
        Assert.Null(node.Sees(30));
    }

    [Fact]
    public void A_node_that_stood_still_accuses_nobody_when_it_goes_on()
    {
        var cluster = Joined(8);
        var stalled = cluster.Nodes[5];
        stalled.IsStopped = true;
        cluster.Run(TimeSpan.FromSeconds(2));
        stalled.IsStopped = false;
        stalled.Changes.Clear();
        cluster.Run(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(stalled.Changes, change => change.Change is MemberChange.Suspected);
        Assert.All(cluster.Nodes.Values, node => Assert.Equal(8, node.Machine.Present));
    }

    [Fact]
    public void Both_halves_of_a_healed_partition_see_each_other_within_seconds()
    {
        var cluster = Joined(12);
        cluster.Drops = (from, to, _) => Half(from) != Half(to);
        cluster.Run(TimeSpan.FromMinutes(2));
        Assert.All(cluster.Nodes.Values, node => Assert.Equal(6, node.Machine.Present));
        cluster.Drops = (_, _, _) => false;
        cluster.Run(TimeSpan.FromSeconds(3));
        Assert.All(cluster.Nodes.Values, node => Assert.Equal(12, node.Machine.Present));

        static bool Half(KeyId id) => id.ToArray()[0] < 6;
    }

    [Fact]
    public void A_message_carries_no_more_news_than_its_bound()
    {
        var cluster = Joined(2);
        var node = cluster.Nodes[0];
        node.Hear(1, [.. Enumerable.Range(10, 400).Select(number => new MemberUpdate(Record(number, 1), MemberState.Alive, Id(number)))]);
        cluster.Run(TimeSpan.FromSeconds(2));
        var most = node.Sent.Where(sent => sent.Message is not MembershipMessage.Sync).Max(sent => sent.Message.Updates.Sum(update => update.Record.Cost));
        Assert.InRange(most, 8_000, MembershipSettings.Lan.UpdateBytesMax + 200);
    }

    [Fact]
    public void No_more_members_are_taken_up_than_the_bound()
    {
        var cluster = new Cluster(1, MembershipSettings.Lan with { MembersMax = 50 });
        cluster.Nodes[0].Hear(1, [.. Enumerable.Range(10, 400).Select(number => new MemberUpdate(Record(number, 1), MemberState.Alive, Id(number)))]);
        Assert.Equal(50, cluster.Nodes[0].Machine.Present);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(MemberRecord.IncarnationMax)]
    [InlineData(long.MaxValue)]
    public void Incarnations_beyond_all_reason_are_not_believed(long incarnation)
    {
        var cluster = Joined(3);
        var before = cluster.Nodes[0].Machine.Self;
        cluster.Nodes[0].Hear(
            1,
            new MemberUpdate(Record(0, incarnation), MemberState.Suspect, Id(1)),
            new MemberUpdate(Record(2, incarnation), MemberState.Alive, Id(2)));
        Assert.Equal(before, cluster.Nodes[0].Machine.Self);
        Assert.Equal(1, cluster.Nodes[0].Machine.Find(Id(2))!.Record.Incarnation);
    }

    [Fact]
    public void Round_trips_are_measured()
    {
        var cluster = Joined(3);
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.All(cluster.Nodes[0].Machine.Others, member => Assert.Equal(2, member.RoundTrip!.Value.TotalMilliseconds));
    }

    [Fact]
    public void The_dead_are_forgotten_after_a_day()
    {
        var cluster = Joined(3);
        cluster.Nodes[2].IsStopped = true;
        cluster.Run(TimeSpan.FromHours(23));
        Assert.Equal(MemberState.Dead, cluster.Nodes[0].Sees(2));
        cluster.Run(TimeSpan.FromHours(2));
        Assert.Null(cluster.Nodes[0].Sees(2));
    }

    [Fact]
    public void One_who_says_something_outdated_of_a_member_is_told_by_it_at_once()
    {
        var cluster = Joined(4);
        var node = cluster.Nodes[2];
        node.Step(MembershipInput.FactsChanged.Instance);
        cluster.Run(TimeSpan.FromSeconds(30));
        node.Sent.Clear();
        node.Step(new MembershipInput.Received(Id(1), new MembershipMessage.Ping(7, [new MemberUpdate(Record(2, 1), MemberState.Suspect, Id(1))])));
        var (to, message) = Assert.Single(node.Sent);
        Assert.Equal(Id(1), to);
        Assert.Equal(node.Machine.Self, Assert.Single(Assert.IsType<MembershipMessage.Ack>(message).Updates).Record);

        // What another one said since is told as well.
        node = cluster.Nodes[0];
        node.Sent.Clear();
        node.Hear(1, new MemberUpdate(Record(2, 1), MemberState.Dead, Id(1)));
        Assert.Equal(2, Assert.Single(Assert.Single(node.Sent).Message.Updates).Record.Incarnation);
    }

    [Fact]
    public void One_who_is_known_by_others_but_knows_nobody_asks_them()
    {
        var cluster = Joined(4);
        var again = cluster.Start(2, instance: 2, incarnation: 9);
        cluster.Nodes[0].Hear(1, new MemberUpdate(Record(2, 9, instance: 2), MemberState.Alive, Id(2)));
        cluster.Run(TimeSpan.FromSeconds(8));
        Assert.Equal(4, again.Machine.Present);
    }

    [Fact]
    public void The_dead_of_whom_one_only_heard_are_not_passed_on()
    {
        var cluster = Joined(3);
        var node = cluster.Nodes[0];
        node.Hear(1, new MemberUpdate(Record(9, 1), MemberState.Dead, Id(1)));
        node.Hear(1, new MemberUpdate(Record(8, 1, isLeaving: true), MemberState.Left, Id(8)));
        node.Sent.Clear();
        node.Step(new MembershipInput.Join(Id(1)));
        Assert.Equal(3, node.Sent.Last().Message.Updates.Count);
    }

    [Fact]
    public void One_who_passes_a_suspicion_on_with_its_view_is_no_accuser()
    {
        var cluster = Joined(4);
        var node = cluster.Nodes[0];
        node.Hear(1, new MemberUpdate(cluster.Nodes[3].Machine.Self!, MemberState.Suspect, Id(1)));
        node.Sent.Clear();
        node.Step(new MembershipInput.Join(Id(2)));
        Assert.Equal(Id(1), node.Sent.Last().Message.Updates.Single(update => update.State == MemberState.Suspect).Accuser);
    }

    [Fact]
    public void A_newcomer_does_not_tell_a_cluster_what_it_just_heard_from_it()
    {
        var cluster = new Cluster(1);
        var node = cluster.Nodes[0];
        node.Step(new MembershipInput.Join(Id(1)));
        node.Step(new MembershipInput.Received(Id(1), new MembershipMessage.Sync(0, false, [.. Enumerable.Range(1, 100).Select(
            number => new MemberUpdate(Record(number, 1), MemberState.Alive, Id(number)))])));
        Assert.Equal(101, node.Machine.Present);
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.All(node.Sent, sent => Assert.DoesNotContain(
            sent.Message.Updates, update => update.State == MemberState.Alive && update.Record.Id != Id(0)));
    }

    [Fact]
    public void A_suspect_is_asked_once_more_before_it_counts_as_dead()
    {
        var cluster = new Cluster(30, MembershipSettings.Lan with { SuspicionMaxFactor = 1 });
        cluster.JoinAll();
        cluster.Run(TimeSpan.FromSeconds(3));
        var node = cluster.Nodes[0];
        cluster.Nodes[3].Step(MembershipInput.FactsChanged.Instance);

        // This one alone hears nothing that others say of the third one.
        cluster.Drops = (_, to, message) => to == Id(0) && message is not MembershipMessage.Ack;
        cluster.Run(TimeSpan.FromSeconds(1));
        node.Hear(4, new MemberUpdate(node.Machine.Find(Id(3))!.Record, MemberState.Suspect, Id(4)));
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Contains((Id(3), MemberChange.Recovered), node.Changes);
        Assert.DoesNotContain((Id(3), MemberChange.Failed), node.Changes);
    }

    [Fact]
    public void Several_words_of_an_earlier_start_are_no_rival()
    {
        var cluster = Joined(3);
        for (var incarnation = 5; incarnation < 17; incarnation += 3)
        {
            cluster.Nodes[0].Hear(1, new MemberUpdate(Record(0, incarnation, instance: 0), MemberState.Alive, Id(0)));
        }

        Assert.DoesNotContain(cluster.Nodes[0].Others, effect => effect is MembershipEffect.IdentityClash);
        Assert.Equal(15, cluster.Nodes[0].Machine.Self!.Incarnation);
    }

    [Fact]
    public void Newcomers_beyond_some_are_told_a_sample_by_which_they_come_to_know_all()
    {
        const int Members = 1_000;
        const int Newcomers = 100;
        var cluster = new Cluster(1);
        var node = cluster.Nodes[0];
        node.Hear(1, [.. Enumerable.Range(1, Members).Select(number => new MemberUpdate(Large(number), MemberState.Alive, Id(number)))]);
        var told = Enumerable.Range(Members + 1, Newcomers).Select(Ask).ToList();
        var (whole, samples) = (told.Where(count => count > Members).ToList(), told.Where(count => count <= Members).ToList());
        Assert.InRange(whole.Count, 5, 10);
        Assert.All(samples, count => Assert.InRange(count, 16, 18));

        // Later there is room again, for one who comes by itself.
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.True(Ask(Members + Newcomers + 1) > Members);

        int Ask(int newcomer)
        {
            node.Sent.Clear();
            MemberUpdate[] own = [new MemberUpdate(Large(newcomer), MemberState.Alive, Id(newcomer))];
            node.Step(new MembershipInput.Received(Id(newcomer), new MembershipMessage.Sync(0, true, own)));
            return node.Sent.Where(sent => sent.To == Id(newcomer) && sent.Message is MembershipMessage.Sync).Sum(sent => sent.Message.Updates.Count);
        }

        static MemberRecord Large(int number) => new(Id(number), 1, 1, false, new byte[900]);
    }

    [Fact]
    public void Who_hears_from_one_that_it_calls_dead_soon_compares_views_with_others()
    {
        var cluster = Joined(8);
        cluster.Nodes[7].IsStopped = true;
        cluster.Run(TimeSpan.FromMinutes(5));
        var node = cluster.Nodes[0];
        Assert.Equal(MemberState.Dead, node.Sees(7));
        node.Sent.Clear();
        cluster.Run(TimeSpan.FromSeconds(2));
        Assert.DoesNotContain(node.Sent, Compares);

        MemberUpdate[] told = [new MemberUpdate(Record(7, 5), MemberState.Alive, Id(7))];
        node.Step(new MembershipInput.Received(Id(7), new MembershipMessage.Sync(0, false, told)));
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.Contains(node.Sent, Compares);

        static bool Compares((KeyId To, MembershipMessage Message) sent) => sent.Message is MembershipMessage.Sync { IsAnswerWanted: true, Updates.Count: 0 };
    }

    private static Cluster Joined(int count)
    {
        var cluster = new Cluster(count);
        cluster.JoinAll();
        cluster.Run(TimeSpan.FromSeconds(3));
        Assert.All(cluster.Nodes.Values, node => Assert.Equal(count, node.Machine.Present));
        return cluster;
    }

    /// <summary>The kernel of the dead one's machine answers that nobody listens there.</summary>
    private static void Refuse(Cluster cluster, int dead)
    {
        cluster.Drops = (from, to, _) =>
        {
            if (to == Id(dead))
            {
                cluster.Refused.Enqueue((cluster.Nodes.Values.First(node => node.Id == from), to));
            }

            return to == Id(dead);
        };
        foreach (var node in cluster.Nodes.Values.Where(node => !node.IsStopped))
        {
            node.Step(new MembershipInput.Unreachable(Id(dead)));
        }
    }
}
