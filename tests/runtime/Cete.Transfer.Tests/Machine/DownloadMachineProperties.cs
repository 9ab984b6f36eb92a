using Cete.Core;
using Cete.Swarm;
using Cete.Swarm.Download;

namespace Cete.Transfer.Tests.Machine;

public sealed class DownloadMachineProperties
{
    private const int Runs = 400;

    [Fact]
    public void WithOneHonestSourceThatStaysItAlwaysBecomesWhole() => ForSeeds(1, (seed, chance) =>
    {
        var swarm = NewSwarm(seed, chance, TimeSpan.FromHours(10));
        swarm.Add(0, Manner.Honest, TimeSpan.Zero);
        AddOthers(swarm, chance);
        swarm.Run();
        Assert.Equal(DownloadEnd.Whole, swarm.End);
    });

    [Fact]
    public void OneThatBreaksOftenIsEnoughWhenThePatienceIsLong() => ForSeeds(2, (seed, chance) =>
    {
        var swarm = NewSwarm(seed, chance, TimeSpan.FromHours(10));
        swarm.Add(0, Manner.Breaking, TimeSpan.Zero);
        AddOthers(swarm, chance);
        swarm.Run();
        Assert.Equal(DownloadEnd.Whole, swarm.End);
    });

    [Fact]
    public void WhenAllLeaveItEndsByItsPatienceAndNotBefore() => ForSeeds(3, (seed, chance) =>
    {
        var patience = TimeSpan.FromSeconds(20 + chance.Next(600));
        var swarm = NewSwarm(seed, chance, patience);
        for (var i = 0; i < 1 + chance.Next(5); i++)
        {
            swarm.Add(i, Manner.Leaving, TimeSpan.FromMilliseconds(chance.Next(500)));
        }

        swarm.Run();
        if (swarm.End == DownloadEnd.Whole)
        {
            return;
        }

        Assert.Equal(DownloadEnd.Stalled, swarm.End);
        var waited = swarm.EndedAt - swarm.LastPiece;
        Assert.InRange(waited, patience, patience + TimeSpan.FromSeconds(5));
    });

    [Fact]
    public void WithoutAnybodyWhoHasItItEndsAsNoSource() => ForSeeds(4, (seed, chance) =>
    {
        var swarm = NewSwarm(seed, chance, TimeSpan.FromHours(1));
        for (var i = 0; i < 1 + chance.Next(5); i++)
        {
            swarm.Add(i, Manner.Empty, TimeSpan.Zero);
        }

        swarm.Run();
        Assert.Equal(DownloadEnd.NoSource, swarm.End);
        Assert.Equal(0, swarm.Taken);
    });

    [Fact]
    public void HonestSourcesNeverBringAPieceTwice() => ForSeeds(5, (seed, chance) =>
    {
        var swarm = NewSwarm(seed, chance, TimeSpan.FromHours(1));
        for (var i = 0; i < 1 + chance.Next(8); i++)
        {
            swarm.Add(i, Manner.Honest, i == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(chance.Next(5_000)));
        }

        swarm.Run();
        Assert.Equal(DownloadEnd.Whole, swarm.End);
        Assert.Equal(0, swarm.Wasted);
    });

    private static void AddOthers(SimulatedSwarm swarm, Prng chance)
    {
        for (var i = 1; i <= chance.Next(8); i++)
        {
            swarm.Add(i, (Manner)chance.Next(5), TimeSpan.FromMilliseconds(chance.Next(10_000)));
        }
    }

    private static SimulatedSwarm NewSwarm(ulong seed, Prng chance, TimeSpan patience)
    {
        var have = new PieceMap(1 + chance.Next(chance.Chance(1, 2) ? 20 : 200));
        for (var piece = 0; piece < have.Count - 1; piece++)
        {
            if (chance.Chance(1, 4))
            {
                have.Set(piece);
            }
        }

        return new SimulatedSwarm(seed, have, patience);
    }

    private static void ForSeeds(ulong kind, Action<ulong, Prng> check)
    {
        for (var i = 0UL; i < Runs; i++)
        {
            var seed = (kind << 32) | i;
            try
            {
                check(seed, new Prng(seed));
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}: {error.Message}");
            }
        }
    }
}
