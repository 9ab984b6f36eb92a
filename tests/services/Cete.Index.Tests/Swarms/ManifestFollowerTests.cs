using Cete.Core;
using Cete.Index.Swarms;
using Cete.Swarm;

namespace Cete.Index.Tests.Swarms;

/// <summary>A node with the index knows the manifest of every content in it.</summary>
public sealed class ManifestFollowerTests
{
    private readonly SteppingClock _clock = new();
    private readonly List<(long Number, Hash256 Root)> _index = [];
    private readonly Dictionary<Hash256, Manifest> _elsewhere = [];
    private readonly HashSet<Hash256> _here = [];
    private readonly List<Hash256> _asked = [];
    private readonly ManifestFollower _follower;

    public ManifestFollowerTests() => _follower = new ManifestFollower(
        (after, most, _) => Task.FromResult(Outcome.Of(_index.Where(one => one.Number > after).Take(most).ToList())), _here.Contains,
        manifest => _here.Add(manifest.Root), AskAsync, _clock);

    [Fact]
    public async Task WhatIsNotHereIsAskedForOnceAndWhatIsHereIsNot()
    {
        var manifests = Enumerable.Range(1, 1_200).Select(File).ToList();
        _here.Add(manifests[3].Root);
        Assert.True(await LookAsync());
        Assert.True(await LookAsync());
        Assert.False(await LookAsync());
        Assert.Equal(1_199, _asked.Count);
        Assert.Equal(manifests.Select(manifest => manifest.Root).ToHashSet(), _here);

        // What comes later is asked for then, and nothing twice.
        var late = File(1_201);
        await LookAsync();
        Assert.Equal(1_200, _asked.Count);
        Assert.Contains(late.Root, _here);
    }

    [Fact]
    public async Task WhatNobodyHasIsAskedForAgainLaterEachTime()
    {
        var lost = File(1);
        _elsewhere.Remove(lost.Root);
        for (var minute = 0; minute < 60; minute++)
        {
            await LookAsync();
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(_asked.Count, 5, 7);
        Assert.Equal(1, _follower.Missing);
        _elsewhere[lost.Root] = lost;
        _clock.Advance(TimeSpan.FromHours(1));
        await LookAsync();
        Assert.Contains(lost.Root, _here);
        Assert.Equal(0, _follower.Missing);
    }

    [Fact]
    public async Task NoMoreAreAskedForAgainThanMayBe()
    {
        for (var i = 1; i <= ManifestFollower.MissingMax + 600; i++)
        {
            _index.Add((i, Hash256.Of(BitConverter.GetBytes(i))));
        }

        while (await LookAsync())
        {
        }

        Assert.Equal(ManifestFollower.MissingMax, _follower.Missing);
    }

    private Task<bool> LookAsync() => _follower.LookAsync(TestContext.Current.CancellationToken);

    /// <summary>Files a content that another node knows.</summary>
    private Manifest File(int number)
    {
        var layer = new byte[2 * Hash256.Size];
        BitConverter.TryWriteBytes(layer, number);
        var manifest = Manifest.FromPieces(PieceLengths.Shortest + 1, PieceLengths.Shortest, new PieceLayer(layer));
        _index.Add((number, manifest.Root));
        _elsewhere[manifest.Root] = manifest;
        return manifest;
    }

    private Task<Outcome<Manifest>> AskAsync(Hash256 root, CancellationToken cancellation)
    {
        _asked.Add(root);
        return Task.FromResult<Outcome<Manifest>>(
            _elsewhere.TryGetValue(root, out var known) ? known : new Failure(FailureKind.NotFound, "nobody has it"));
    }
}
