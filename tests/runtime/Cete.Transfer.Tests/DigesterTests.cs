using System.Collections.Concurrent;
using System.Security.Cryptography;
using Cete.Actors;
using Cete.Core;
using Cete.Formats;
using Cete.Ports;
using Cete.Swarm;
using Cete.Transfer.Digests;

namespace Cete.Transfer.Tests;

public sealed class DigesterTests : IAsyncDisposable
{
    private const int Large = (3 * PieceLengths.Shortest) + 5;
    private readonly ActorSystem _system = new("test", new ActorSystemOptions());
    private readonly ReadContents _contents = new();
    private readonly MemoryDigests _kept = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _contents.Gate.TrySetResult();
        await _system.StopAsync();
    }

    [Fact]
    public async Task Digests_are_made_once_and_kept()
    {
        var digester = Start(open: true);
        var root = _contents.Add(Large);
        var both = await Task.WhenAll(digester.GetAsync(root, null, Cancel), digester.GetAsync(root, PieceLengths.Shortest, Cancel));
        Assert.All(both, made => Assert.Equal(SHA256.HashData(ReadContents.BytesOf(Large)), made.Value.Sha256.ToArray()));
        Assert.Same(both[0].Value, both[1].Value);
        Assert.NotNull(digester.Find(root, PieceLengths.Shortest));
        Assert.Equal([root], _contents.Begun);
        Assert.True((await digester.GetAsync(root, null, Cancel)).Succeeded);
        Assert.Equal([root], _contents.Begun);
        Assert.Equal(2 * PieceLengths.Shortest, (await digester.GetAsync(root, 2 * PieceLengths.Shortest, Cancel)).Value.PieceLength);
    }

    [Fact]
    public async Task Small_contents_need_no_turn()
    {
        var digester = Start(open: false);
        var waiting = digester.GetAsync(_contents.Add(Large), null, Cancel);
        _contents.IsGated = false;
        var small = await digester.GetAsync(_contents.Add(PieceLengths.Shortest), null, Cancel);
        Assert.Equal(PieceLengths.Shortest, small.Value.Length);
        digester.Prepare(_contents.Add(7), 7);
        _contents.Gate.SetResult();
        Assert.True((await waiting).Succeeded);
        Assert.Single(_kept.Keys);
    }

    [Fact]
    public async Task One_content_at_a_time_and_who_waits_goes_first()
    {
        var digester = Start(open: false);
        var roots = Enumerable.Range(0, 6).Select(i => _contents.Add(Large + i)).ToArray();
        digester.Prepare(roots[0], Large);
        await _contents.Reading.Task.WaitAsync(Cancel);
        digester.Prepare(roots[1], Large);
        digester.Prepare(roots[2], Large);
        var wanted = new[] { roots[3], roots[4], roots[5] }.Select(root => digester.GetAsync(root, null, Cancel)).ToArray();
        _contents.Gate.SetResult();
        await Task.WhenAll(wanted);
        await Testing.Eventually.TrueAsync(() => _kept.Keys.Count == 6, "all are made");
        Assert.Equal([roots[0], roots[3], roots[4], roots[5], roots[1], roots[2]], _contents.Begun);
        Assert.Equal(1, _contents.ActiveMost);
    }

    [Fact]
    public async Task What_is_not_here_whole_is_said_at_once()
    {
        var digester = Start(open: true);
        Assert.Equal(FailureKind.NotFound, (await digester.GetAsync(Hash256.Of("x"u8), null, Cancel)).Failure!.Kind);
        Assert.Equal(FailureKind.NotFound, (await digester.GetAsync(_contents.Add(Large, isWhole: false), null, Cancel)).Failure!.Kind);
    }

    [Fact]
    public async Task A_failure_reaches_who_waits_and_the_next_goes_on()
    {
        var digester = Start(open: true);
        var (short1, broken, thrown, good) = (_contents.Add(Large), _contents.Add(Large + 1), _contents.Add(Large + 2), _contents.Add(Large + 3));
        _contents.WhenReading = root => root == short1 ? 0
            : root == broken ? throw new IOException("the disk is gone")
            : root == thrown ? throw new InvalidOperationException("a bug")
            : null;
        Assert.Equal(FailureKind.Damaged, (await digester.GetAsync(short1, null, Cancel)).Failure!.Kind);
        Assert.NotNull((await digester.GetAsync(broken, null, Cancel)).Failure);
        Assert.Contains("a bug", (await digester.GetAsync(thrown, null, Cancel)).Failure!.Message, StringComparison.Ordinal);
        _kept.WhenKeeping = new Failure(FailureKind.Full, "no room");
        Assert.Equal(FailureKind.Full, (await digester.GetAsync(good, null, Cancel)).Failure!.Kind);
        _kept.WhenKeeping = null;
        Assert.True((await digester.GetAsync(good, null, Cancel)).Succeeded);
    }

    [Fact]
    public async Task Who_waits_when_the_node_stops_is_told()
    {
        var digester = Start(open: false);
        var (one, two) = (digester.GetAsync(_contents.Add(Large), null, Cancel), digester.GetAsync(_contents.Add(Large + 1), null, Cancel));
        await _contents.Reading.Task.WaitAsync(Cancel);
        await _system.StopAsync();
        Assert.Equal(FailureKind.Unavailable, (await one).Failure!.Kind);
        Assert.Equal(FailureKind.Unavailable, (await two).Failure!.Kind);
        Assert.NotNull((await digester.GetAsync(_contents.Add(Large + 2), null, Cancel)).Failure);
    }

    [Fact]
    public async Task Who_waits_no_longer_does_not_end_the_work()
    {
        var digester = Start(open: false);
        var root = _contents.Add(Large);
        using var impatient = new CancellationTokenSource();
        var waiting = digester.GetAsync(root, null, impatient.Token);
        await _contents.Reading.Task.WaitAsync(Cancel);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _contents.Gate.SetResult();
        await Testing.Eventually.TrueAsync(() => _kept.Keys.Count == 1, "it is made for who asks next");
    }

    [Fact]
    public async Task While_a_content_is_read_more_are_taken_up_to_a_bound()
    {
        var digester = Start(open: false);
        var root = _contents.Add(Large);
        List<Task<Outcome<ContentDigests>>> waiting = [digester.GetAsync(root, null, Cancel)];
        await _contents.Reading.Task.WaitAsync(Cancel);
        using var stop = new CancellationTokenSource();
        for (var i = 0; i < 20_000; i++)
        {
            waiting.Add(digester.GetAsync(_contents.Add(Large + 1 + i), null, stop.Token));
        }

        // The one that is over the bound is answered while the first is still being read.
        Assert.Equal(FailureKind.Unavailable, (await await Task.WhenAny(waiting)).Failure!.Kind);
        await _system.StopAsync();
        Assert.All(await Task.WhenAll(waiting), made => Assert.False(made.Succeeded));
    }

    private Digester Start(bool open)
    {
        _contents.IsGated = !open;
        return new Digester(_system, _contents, _kept);
    }

    private sealed class MemoryDigests : IDigestStore
    {
        private readonly ConcurrentDictionary<(Hash256 Root, int PieceLength), ContentDigests> _kept = new();

        public ICollection<(Hash256 Root, int PieceLength)> Keys => _kept.Keys;

        public Failure? WhenKeeping { get; set; }

        public ContentDigests? Find(in Hash256 root, int pieceLength) => _kept.GetValueOrDefault((root, pieceLength));

        public Hash256? FindSha256(in Hash256 root, int pieceLength) => Find(root, pieceLength)?.Sha256;

        public Failure? Keep(in Hash256 root, ContentDigests digests)
        {
            if (WhenKeeping is null)
            {
                _kept[(root, digests.PieceLength)] = digests;
            }

            return WhenKeeping;
        }
    }
}
