using Cete.Actors;
using Cete.Core;
using Cete.Formats;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Transfer.Digests;

/// <summary>
/// Makes the hashes that older formats want, of contents that this node holds: in the background for what comes in, first of all for what
/// somebody waits for, and one content at a time, so that serving goes on.
/// </summary>
public sealed class Digester
{
    private const int MailboxCapacity = 32_768;
    private readonly IContentStore _contents;
    private readonly IDigestStore _kept;
    private readonly ActorRef<DigestMessage> _actor;

    public Digester(ActorSystem system, IContentStore contents, IDigestStore kept)
    {
        (_contents, _kept) = (contents, kept);
        _actor = system.Spawn("digests", () => new DigestActor(contents, kept), new ActorOptions { MailboxCapacity = MailboxCapacity });
    }

    /// <summary>What was made already; null when it has to be made first.</summary>
    public ContentDigests? Find(in Hash256 root, int pieceLength) => _kept.Find(root, pieceLength);

    /// <summary>The digests of a content that is here whole; waits until they are made.</summary>
    /// <param name="root">The content.</param>
    /// <param name="pieceLength">Bytes of a piece; null for that of its manifest.</param>
    /// <param name="cancellation">Ends the waiting; the work goes on for whoever asks next.</param>
    public async Task<Outcome<ContentDigests>> GetAsync(Hash256 root, int? pieceLength, CancellationToken cancellation)
    {
        int pieces;
        using (var content = _contents.Find(root))
        {
            if (content is not { IsWhole: true })
            {
                return new Failure(FailureKind.NotFound, $"this node does not have all of the content {root}; ask one that does");
            }

            pieces = pieceLength ?? content.PieceLength;
            if (content.Length <= PieceLengths.Shortest)
            {
                return await DigestActor.MakeAsync(content, pieces, cancellation);
            }
        }

        if (_kept.Find(root, pieces) is { } found)
        {
            return found;
        }

        var made = new TaskCompletionSource<Outcome<ContentDigests>>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_actor.Tell(new DigestMessage.Want(root, pieces, made)))
        {
            return DigestActor.Busy;
        }

        return await made.Task.WaitAsync(cancellation);
    }

    /// <summary>Has the digests made of a content that came in, when there is nothing else to do. Not certain: they are also made when asked for.</summary>
    public void Prepare(in Hash256 root, long length)
    {
        if (length > PieceLengths.Shortest)
        {
            _actor.Tell(new DigestMessage.Prepare(root));
        }
    }
}
