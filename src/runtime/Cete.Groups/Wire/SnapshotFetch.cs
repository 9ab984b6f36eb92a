using Cete.Core;
using Cete.Groups.Proto;
using Cete.Ports;

namespace Cete.Groups.Wire;

/// <summary>
/// Fetches a snapshot of a group piece by piece from a node that has it. A piece that does not come is asked for again; a sender that has dropped
/// that snapshot meanwhile is asked for another one.
/// </summary>
internal sealed class SnapshotFetch(
    GroupNetwork network, IStateStores stores, TimeProvider clock, GroupId group, KeyId from, long index, GroupMailbox owner)
{
    /// <summary>Tries of one piece, and of beginning anew.</summary>
    private const int TriesMax = 5;

    /// <summary>Bytes of a snapshot: no service keeps more in one small database (DESIGN.md §5).</summary>
    private const long LengthMax = 64L << 30;

    private static readonly TimeSpan PieceDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public async Task RunAsync()
    {
        try
        {
            var fetched = await FetchAsync();
            owner.Tell(fetched.Succeeded
                ? new GroupMessage.SnapshotFetched(fetched.Value.Index, fetched.Value.Snapshot)
                : new GroupMessage.SnapshotNotFetched(fetched.Failure));
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            owner.Tell(new GroupMessage.SnapshotNotFetched(new Failure(FailureKind.Unavailable, error.Message)));
        }
    }

    private async Task<Outcome<(long Index, Stream Snapshot)>> FetchAsync()
    {
        var scratch = stores.CreateScratch();
        if (!scratch.Succeeded)
        {
            return scratch.Failure;
        }

        var file = scratch.Value;
        var (id, tries) = (0L, 0);
        Failure? last = null;
        while (tries < TriesMax)
        {
            var request = new GroupRequest { Group = group.Name, Snapshot = new SnapshotPiece { Id = id, Offset = file.Length } };
            var answer = await network.AskAsync(from, request, PieceDeadline, CancellationToken.None);
            if (!answer.Succeeded || (id != 0 && answer.Value.SnapshotId != id))
            {
                last = answer.Failure ?? new Failure(FailureKind.Damaged, $"node {from} sent a piece of another snapshot");
                tries++;
                if (answer.Failure is { Kind: FailureKind.NotFound } or null)
                {
                    id = 0;
                    file.SetLength(0);
                }

                await Task.Delay(Pause, clock);
                continue;
            }

            var piece = answer.Value;
            if (piece.Index < index || piece.SnapshotLength is < 1 or > LengthMax || piece.Piece.IsEmpty || file.Length + piece.Piece.Length > piece.SnapshotLength)
            {
                last = new Failure(FailureKind.Damaged, $"node {from} sent a snapshot that is not what was asked for");
                break;
            }

            (id, tries) = (piece.SnapshotId, 0);
            file.Position = file.Length;
            piece.Piece.WriteTo(file);
            if (file.Length == piece.SnapshotLength)
            {
                file.Position = 0;
                return (piece.Index, file);
            }
        }

        await file.DisposeAsync();
        return last!;
    }
}
