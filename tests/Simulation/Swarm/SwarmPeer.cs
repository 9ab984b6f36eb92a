using Cete.Core;
using Cete.Swarm;
using Cete.Swarm.Download;
using Cete.Swarm.Seeding;

namespace Cete.Simulation.Swarm;

/// <summary>A piece on its way from one peer to another.</summary>
internal sealed class SwarmFlow(int from, int to, int run, int piece, long left)
{
    public int From { get; } = from;

    public int To { get; } = to;

    public int Run { get; } = run;

    public int Piece { get; } = piece;

    public long Left { get; set; } = left;

    public long Moved { get; set; }

    public bool IsGone { get; set; }
}

/// <summary>A peer with its links, its machine, and whom it serves.</summary>
internal sealed class SwarmPeer(int number, KeyId key, int pieces)
{
    public int Number { get; } = number;

    public KeyId Key { get; } = key;

    public long Up { get; set; }

    public long Down { get; set; }

    public PieceMap Map { get; set; } = new(pieces);

    public DownloadMachine? Machine { get; set; }

    public SuperSeeder? Seeder { get; set; }

    public UploadTurns? Turns { get; set; }

    public bool IsHere { get; set; }

    public bool IsLiar { get; set; }

    public bool IsRider { get; set; }

    public bool IsKilled { get; set; }

    /// <summary>When it was done; -1 while it is not.</summary>
    public long Done { get; set; } = -1;

    /// <summary>Whom it asked to tell what they have.</summary>
    public SortedSet<int> Heard { get; } = [];

    /// <summary>Who asked it.</summary>
    public SortedSet<int> Listeners { get; } = [];

    public List<int> News { get; } = [];

    public bool IsTelling { get; set; }

    public long ToldAt { get; set; } = long.MinValue / 2;

    public List<SwarmFlow> Active { get; } = [];

    public List<SwarmFlow> Waiting { get; } = [];

    public Dictionary<int, SwarmFlow> Coming { get; } = [];

    public List<KeyId> Liars { get; } = [];

    public int Turn { get; set; }

    public bool IsSending { get; set; }

    public long DownFree { get; set; }

    public long WakeAt { get; set; } = -1;

    public long Sent { get; set; }

    public long Received { get; set; }

    public EffectSink<DownloadEffect> Effects { get; } = new();
}
