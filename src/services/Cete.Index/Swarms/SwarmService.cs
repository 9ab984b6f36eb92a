using Cete.Core;
using Cete.Ports;
using Cete.Ports.Swarms;
using Cete.Swarm;

namespace Cete.Index.Swarms;

/// <summary>
/// Where peers announce, on any node with the index: the root plans, the others pass on to it. What is not in the index is planned for by nobody.
/// </summary>
/// <param name="index">The index.</param>
/// <param name="registry">The planners, for the time that this node is the root.</param>
/// <param name="fabric">To the root.</param>
/// <param name="community">Stands in the addresses of peers.</param>
/// <param name="others">Other nodes with the index.</param>
/// <param name="refuse">Why nobody plans for a content that was taken down; null where nothing is against it.</param>
public sealed class SwarmService(
    IndexService index, SwarmRegistry registry, IFabric fabric, KeyId community, Func<IReadOnlyList<KeyId>> others, Func<Hash256, Failure?>? refuse = null)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    /// <summary>A peer reports, and is told whom to ask.</summary>
    /// <param name="content">Root of the content.</param>
    /// <param name="report">What it tells; its map may have up to seven bits more than the content has pieces, since bytes have eight.</param>
    /// <param name="asker">Who it is.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Outcome<SwarmAdvice>> AnnounceAsync(Hash256 content, SwarmReport report, SwarmAsker asker, CancellationToken cancellation)
    {
        if (refuse?.Invoke(content) is { } refused)
        {
            return refused;
        }

        if (index.Status is { IsRoot: false, Root: var root })
        {
            if (root is not { } there)
            {
                return NoRoot;
            }

            var answer = await fabric.AskAsync(there, FabricTopic.Swarm, SwarmCodec.Write(content, report, asker), Deadline, cancellation);
            return answer.Succeeded ? SwarmCodec.ReadAdvice(answer.Value, community) : answer.Failure;
        }

        return await AnnounceHereAsync(content, pieces => Fit(report, pieces), asker, cancellation);
    }

    /// <summary>
    /// A peer tells what it has, whether or not somebody wants it now. Every node with the index remembers it, so that a new root knows it at once; one that is
    /// not to be reached now is told when the peer tells it again.
    /// </summary>
    /// <param name="report">What it tells.</param>
    /// <param name="asker">Who it is.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Outcome<HoldingAdvice>> TellAsync(HoldingReport report, SwarmAsker asker, CancellationToken cancellation)
    {
        var told = registry.Tell(report, asker);
        if (told.Succeeded)
        {
            var body = HoldingsCodec.Write(report, asker);
            await Task.WhenAll(others().Select(node => fabric.AskAsync(node, FabricTopic.Holdings, body, Deadline, cancellation)));
        }

        return told;
    }

    /// <summary>Those who have all of a content, as far as this node knows: the root knows more than others.</summary>
    public IReadOnlyList<PeerAddress> HoldersOf(Hash256 content, SwarmAsker asker) =>
        refuse?.Invoke(content) is null ? registry.HoldersOf(content, asker) : [];

    /// <summary>What people ask for; the root alone knows.</summary>
    public async Task<Outcome<IReadOnlyList<WantedContent>>> WantedAsync(CancellationToken cancellation)
    {
        if (!index.Status.IsRoot)
        {
            return NoRoot;
        }

        List<WantedContent> wanted = [];
        foreach (var (root, asked, wanting, whole) in registry.Wanted(WantedContent.CountMax))
        {
            var entries = await index.EntriesOfAsync(root, cancellation);
            var holders = await index.ProvidersAsync(root, cancellation);
            if (entries is { Succeeded: true, Value: [var entry, ..] } && holders.Succeeded)
            {
                var keys = holders.Value.Select(text => KeyId.TryParse(text, out var key) ? key : (KeyId?)null).OfType<KeyId>();
                wanted.Add(new WantedContent(root, entry.Length, asked, wanting, whole, [.. keys.Take(WantedContent.HoldersMax)]));
            }
        }

        return wanted;
    }

    /// <summary>Answers a request of <see cref="FabricTopic.Swarm"/>.</summary>
    public async ValueTask<Outcome<ReadOnlyMemory<byte>>> AnswerAsync(FabricRequest request, CancellationToken cancellation)
    {
        if (request.Peer is null)
        {
            return new Failure(FailureKind.Forbidden, "only nodes of the community announce here");
        }

        var read = SwarmCodec.Read(request.Body);
        return SwarmCodec.Write(
            !read.Succeeded ? read.Failure
            : !index.Status.IsRoot ? NoRoot
            : await AnnounceHereAsync(read.Value.Root, read.Value.Report, read.Value.Asker, cancellation));
    }

    /// <summary>Answers a request of <see cref="FabricTopic.Holdings"/>.</summary>
    public Outcome<ReadOnlyMemory<byte>> AnswerHoldings(FabricRequest request)
    {
        if (request.Peer is null)
        {
            return new Failure(FailureKind.Forbidden, "only nodes of the community tell here");
        }

        var read = HoldingsCodec.Read(request.Body);
        var told = read.Succeeded ? registry.Tell(read.Value.Report, read.Value.Asker) : read.Failure;
        return told.Then(_ => ReadOnlyMemory<byte>.Empty);
    }

    private static Failure NoRoot { get; } = new(FailureKind.Unavailable, "nobody plans now, since the index has no root; go on with those you know");

    private async Task<Outcome<SwarmAdvice>> AnnounceHereAsync(
        Hash256 root, Func<int, Outcome<SwarmReport>> read, SwarmAsker asker, CancellationToken cancellation)
    {
        if (refuse?.Invoke(root) is { } refused)
        {
            return refused;
        }

        var pieces = registry.PieceCountOf(root);
        if (pieces is null)
        {
            var entries = await index.EntriesOfAsync(root, cancellation);
            if (!entries.Succeeded)
            {
                return entries.Failure;
            }

            if (entries.Value is not [var entry, ..])
            {
                return new Failure(FailureKind.NotFound, $"the content {root} is not in the index");
            }

            pieces = Manifest.CountPieces(entry.Length, entry.PieceLength);
        }

        var report = read(pieces.Value);
        return !report.Succeeded ? report.Failure : registry.Announce(root, report.Value, asker);
    }

    private static Outcome<SwarmReport> Fit(SwarmReport report, int pieces)
    {
        var bytes = report.Have.ToBytes();
        return bytes.Length == (pieces + 7) / 8
            ? report with { Have = PieceMap.FromBytes(pieces, bytes) }
            : new Failure(FailureKind.Conflict, $"the content has {pieces} pieces, which is another number than the map is for");
    }
}
