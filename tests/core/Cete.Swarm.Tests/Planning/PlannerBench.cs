using Cete.Core;
using Cete.Swarm.Planning;

namespace Cete.Swarm.Tests.Planning;

/// <summary>A planner with a clock, and peers by number.</summary>
internal sealed class PlannerBench(int pieces, PlannerSettings? settings = null, ulong seed = 1)
{
    public SwarmPlanner Planner { get; } = new(pieces, settings ?? new PlannerSettings(), seed);

    public Instant Now { get; set; } = new(1_000_000_000);

    public static KeyId Key(int number)
    {
        var bytes = new byte[KeyId.Size];
        BitConverter.TryWriteBytes(bytes, number);
        BitConverter.TryWriteBytes(bytes.AsSpan(4), ~number);
        return new KeyId(bytes);
    }

    public static int NumberOf(KeyId key) => BitConverter.ToInt32(key.ToArray());

    public PlannerAnswer Announce(int peer, PeerReport report) => Planner.Announce(Key(peer), report, Now);

    public PlannerAnswer Announce(int peer, params int[] have) => Announce(peer, Report(have));

    public PlannerAnswer Whole(int peer, int slots = 0) =>
        Announce(peer, new PeerReport { Have = PieceMap.Full(pieces), Slots = slots, Uplink = 1_000_000, Reporter = $"a{peer}" });

    public PeerReport Report(params int[] have)
    {
        var map = new PieceMap(pieces);
        foreach (var piece in have)
        {
            map.Set(piece);
        }

        return new PeerReport { Have = map, Uplink = 1_000_000 };
    }

    public static int[] Numbers(PlannerAnswer answer) => [.. answer.Neighbours.Select(NumberOf).Order()];
}
