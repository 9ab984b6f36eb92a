using System.Collections.Concurrent;
using System.Security.Cryptography;
using Cete.App.Agent;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm;
using Cete.Transfer;
using Cete.Transfer.Payments;
using Cete.Transfer.Swarms;

namespace Cete.App.Verbs.Get;

/// <summary>Fetches files, several at once: what is there already is left alone, what was begun is gone on with.</summary>
internal sealed class Fetcher(
    Downloader downloader, IBundleClient bundles, ILocalTargets targets, GetRequest request, Payer? payer = null,
    CommunityPeers? swarms = null)
{
    private const int SwarmPiecesMin = 4;

    private readonly ConcurrentDictionary<string, Hash256> _claimed = new(StringComparer.Ordinal);
    private long _total;
    private long _done;
    private long _fetched;
    private int _files;
    private int _alreadyThere;

    /// <summary>What could not be fetched.</summary>
    public ConcurrentQueue<PublishProblem> Problems { get; } = new();

    /// <summary>Files that are whole now.</summary>
    public int Files => _files;

    /// <summary>Of them, those that were before.</summary>
    public int AlreadyThere => _alreadyThere;

    /// <summary>Bytes of all files named so far.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>Bytes of them that are verified here.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>Bytes that had to be fetched.</summary>
    public long Fetched => Interlocked.Read(ref _fetched);

    /// <summary>Its files, and who gives and gets what.</summary>
    public FetchWatch Watch { get; } = new(TimeProvider.System, swarms);

    /// <summary>A file in hand.</summary>
    public string Current { get; private set; } = "looking";

    public Task FetchAllAsync(IAsyncEnumerable<Wanted> files, CancellationToken stop) => Parallel.ForEachAsync(
        Batches.OfAsync(files),
        new ParallelOptions { MaxDegreeOfParallelism = request.AtOnce },
        async (batch, _) =>
        {
            var claimed = batch.Where(wanted => !stop.IsCancellationRequested && Claim(wanted)).ToList();
            if (claimed.Count > 1)
            {
                claimed = await FetchTogetherAsync(claimed, stop);
            }

            foreach (var wanted in claimed.Where(_ => !stop.IsCancellationRequested))
            {
                Current = Path.GetFileName(wanted.Path);
                Note(wanted, await FetchAsync(wanted, stop));
            }
        });

    /// <summary>Whether nobody else fetches it to the same place.</summary>
    private bool Claim(Wanted wanted)
    {
        if (_claimed.TryAdd(wanted.Path, wanted.Manifest.Root))
        {
            Interlocked.Add(ref _total, wanted.Manifest.Length);
            Watch.Begin(wanted);
            return true;
        }

        if (_claimed[wanted.Path] != wanted.Manifest.Root)
        {
            var twice = new Failure(FailureKind.Conflict, "is asked for twice with different content; fetch one of them to another folder with --to");
            Problems.Enqueue(new PublishProblem(wanted.Path, twice));
        }

        return false;
    }

    private void Note(Wanted wanted, Outcome<bool> outcome)
    {
        Watch.End(wanted, outcome.Succeeded);
        if (outcome.Succeeded)
        {
            Interlocked.Increment(ref _files);
        }
        else
        {
            Problems.Enqueue(new PublishProblem(wanted.Path, outcome.Failure));
        }
    }

    /// <summary>Fetches small files in one answer of their source; those that did not come are left to be fetched one by one, with all patience.</summary>
    private async Task<List<Wanted>> FetchTogetherAsync(List<Wanted> files, CancellationToken stop)
    {
        List<Wanted> absent = [];
        foreach (var wanted in files)
        {
            var state = await CheckAsync(wanted, stop);
            if (state is { Succeeded: true, Value: false })
            {
                absent.Add(wanted);
            }
            else
            {
                Note(wanted, state);
            }
        }

        var came = new bool[absent.Count];
        if (absent.Count > 0)
        {
            Current = Path.GetFileName(absent[0].Path);
            await bundles.FetchAsync(absent[0].Sources[0], [.. absent.Select(wanted => wanted.Manifest.Root)], Take, stop);
        }

        return [.. absent.Where((_, i) => !came[i])];

        async Task Take(int number, ReadOnlyMemory<byte> content)
        {
            var wanted = absent[number];
            came[number] = true;
            Interlocked.Add(ref _fetched, content.Length);
            Interlocked.Add(ref _done, content.Length);
            Watch.Came(wanted.Sources[0], content.Length);
            Note(wanted, await targets.PutSmallAsync(wanted.Path, wanted.Manifest, content, wanted.Modified, request.Overwrite, stop));
        }
    }

    /// <summary>Whether the file is there already; a failure when something else is in its place.</summary>
    private async Task<Outcome<bool>> CheckAsync(Wanted wanted, CancellationToken stop)
    {
        var state = await targets.CheckAsync(wanted.Path, wanted.Manifest, stop);
        if (!state.Succeeded)
        {
            return state.Failure;
        }

        if (state.Value == TargetState.Same)
        {
            Interlocked.Increment(ref _alreadyThere);
            Interlocked.Add(ref _done, wanted.Manifest.Length);
            return true;
        }

        return state.Value == TargetState.Different && (!request.Overwrite || Directory.Exists(wanted.Path))
            ? new Failure(FailureKind.Conflict, "is there already with other content; use --overwrite, or another folder with --to")
            : false;
    }

    private async Task<Outcome<bool>> FetchAsync(Wanted wanted, CancellationToken stop)
    {
        var state = await CheckAsync(wanted, stop);
        if (!state.Succeeded || state.Value)
        {
            return state;
        }

        var opened = targets.Open(wanted.Path, wanted.Manifest);
        if (!opened.Succeeded)
        {
            return opened.Failure;
        }

        var finished = await FillAndFinishAsync(wanted, opened.Value, stop);
        if (swarms is not null)
        {
            await (finished.Succeeded ? swarms.FinishAsync(wanted.Manifest, wanted.Path, request.IsPrivate) : swarms.LeaveAsync(wanted.Manifest.Root));
        }

        return finished;
    }

    private async Task<Outcome<bool>> FillAndFinishAsync(Wanted wanted, IContentFile opened, CancellationToken stop)
    {
        using (var file = opened)
        {
            Outcome<bool> outcome;
            Watch.Open(wanted, file);
            try
            {
                outcome = await FillAsync(wanted, file, stop);
            }
            finally
            {
                Watch.Close(wanted);
            }

            if (!outcome.Succeeded)
            {
                return outcome.Failure;
            }

            if (file.Sync() is { } failure)
            {
                return failure;
            }
        }

        return await targets.FinishAsync(wanted.Path, wanted.Manifest, wanted.Modified, request.Overwrite, stop);
    }

    /// <summary>Content of a few pieces is there before a swarm has met.</summary>
    private async Task<INeighbourhood?> JoinAsync(Wanted wanted, IContentFile file) =>
        swarms is not null && (wanted.Manifest.PieceCount >= SwarmPiecesMin || wanted.Sources.All(source => source.Scheme == PeerAddress.Scheme))
            ? await swarms.JoinAsync(wanted.Manifest, file, wanted.Peers.Count > 0 ? wanted.Peers : wanted.Sources, request.IsPrivate)
            : null;

    private async Task<Outcome<bool>> FillAsync(Wanted wanted, IContentFile file, CancellationToken stop)
    {
        var here = file.Pieces;
        var missing = wanted.Manifest.Length;
        for (var piece = here.NextPresent(0); piece < here.Count; piece = here.NextPresent(piece + 1))
        {
            Interlocked.Add(ref _done, wanted.Manifest.LengthOfPiece(piece));
            missing -= wanted.Manifest.LengthOfPiece(piece);
        }

        payer?.Want(missing);

        if (here.IsFull)
        {
            return true;
        }

        var swarm = await JoinAsync(wanted, file);
        var outcome = await DownloadAsync(wanted, file, swarm, stop);

        // A small file is asked of the node without looking who has it; where that is somebody's agent alone, the planner knows.
        return outcome.Failure is { Kind: FailureKind.NotFound } && swarm is null && swarms is not null
            ? await DownloadAsync(wanted, file, await swarms.JoinAsync(wanted.Manifest, file, [], request.IsPrivate), stop)
            : outcome;
    }

    private Task<Outcome<bool>> DownloadAsync(Wanted wanted, IContentFile file, INeighbourhood? swarm, CancellationToken stop) => downloader.DownloadAsync(
        new DownloadOrder(wanted.Manifest, wanted.Sources, file, request.Patience)
        {
            Neighbours = swarm,
            Gave = Watch.Came,
            Urgent = Watch.Find(wanted)?.Urgent,
            Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
        },
        bytes =>
        {
            Interlocked.Add(ref _done, bytes);
            Interlocked.Add(ref _fetched, bytes);
        },
        stop);
}
