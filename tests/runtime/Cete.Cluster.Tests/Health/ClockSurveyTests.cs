using Cete.Actors.Tests;
using Cete.Cluster.Health;
using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Membership;
using Cete.Ports;
using Cete.Trust;

namespace Cete.Cluster.Tests.Health;

public sealed class ClockSurveyTests
{
    private static readonly KeyId Self = Id(1);
    private readonly ManualTime _clock = new();

    private static KeyId Id(int number)
    {
        Span<byte> bytes = stackalloc byte[KeyId.Size];
        bytes.Fill((byte)number);
        return new KeyId(bytes);
    }

    private static ClusterView View(params KeyId[] nodes)
    {
        var certificate = new PeerCertificate(Self, default, RoleSet.Empty, default, default, Self, "01");
        return new ClusterView(Self, [.. nodes.Select(id => new ClusterMember(id, MemberState.Alive, new NodeFacts(), certificate, null, 1, 1))]);
    }

    [Fact]
    public async Task The_quickest_answer_counts_and_half_its_way_is_taken_off()
    {
        var trips = new Queue<int>([800, 40, 100]);
        var fabric = new ClockFabric(_clock, _ => (TimeSpan.FromSeconds(7), TimeSpan.FromMilliseconds(trips.Dequeue())));
        var offset = Assert.Single(await ClockSurvey.AskAsync(View(Self, Id(2)), fabric, _clock, TestContext.Current.CancellationToken));
        Assert.Equal(Id(2), offset.Node);
        Assert.Equal(TimeSpan.FromMilliseconds(40), offset.RoundTrip);
        Assert.Equal(TimeSpan.FromSeconds(7), offset.Offset);
    }

    [Fact]
    public async Task Who_does_not_answer_or_answers_nonsense_is_left_out()
    {
        var fabric = new ClockFabric(_clock, node => node == Id(3) ? (TimeSpan.FromSeconds(-1), TimeSpan.Zero) : null);
        var offsets = await ClockSurvey.AskAsync(View(Self, Id(2), Id(3)), fabric, _clock, TestContext.Current.CancellationToken);
        Assert.Equal((Id(3), TimeSpan.FromSeconds(-1)), offsets.Select(offset => (offset.Node, offset.Offset)).Single());
        fabric.Garbles = true;
        Assert.Empty(await ClockSurvey.AskAsync(View(Self, Id(3)), fabric, _clock, TestContext.Current.CancellationToken));
        Assert.Empty(await ClockSurvey.AskAsync(View(Self), fabric, _clock, TestContext.Current.CancellationToken));
    }

    /// <summary>Members whose clocks are off by so much and so far away; null does not answer.</summary>
    private sealed class ClockFabric(ManualTime clock, Func<KeyId, (TimeSpan Offset, TimeSpan Trip)?> member) : IFabric
    {
        public bool Garbles { get; set; }

        public KeyId Self => ClockSurveyTests.Self;

        public bool Post(KeyId to, FabricTopic topic, ReadOnlySpan<byte> body, FabricLane lane = FabricLane.Control) => false;

        public Task<Outcome<ReadOnlyMemory<byte>>> AskAsync(
            KeyId to, FabricTopic topic, ReadOnlyMemory<byte> body, TimeSpan deadline, CancellationToken cancellation, FabricLane lane = FabricLane.Control)
        {
            Assert.Equal(FabricTopic.Clock, topic);
            if (member(to) is not { } known)
            {
                return Task.FromResult<Outcome<ReadOnlyMemory<byte>>>(new Failure(FailureKind.Unavailable, "nobody is there"));
            }

            clock.Advance(known.Trip / 2);
            var answer = ClockSurvey.Answer(new Shifted(clock, known.Offset));
            clock.Advance(known.Trip / 2);
            return Task.FromResult(Garbles ? Outcome.Of<ReadOnlyMemory<byte>>(new byte[3]) : answer);
        }

        public Task<Outcome<FabricPeer>> ConnectAsync(string address, CancellationToken cancellation) => throw new NotSupportedException();

        public void Disconnect(KeyId peer, Failure reason)
        {
        }
    }

    private sealed class Shifted(TimeProvider clock, TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + by;
    }
}
