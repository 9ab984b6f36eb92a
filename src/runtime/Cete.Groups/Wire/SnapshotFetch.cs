using Cete.Actors;
using Cete.Core;
using Cete.Groups.Proto;
using Cete.Ports;

namespace Cete.Groups.Wire;

/// <summary>What the actor that fetches snapshots understands.</summary>
internal abstract record FetchMessage
{
    private FetchMessage()
    {
    }

    /// <summary>
    /// Fetch one of this index or a later one: answered by <see cref="GroupMessage.SnapshotFetched"/> or
    /// <see cref="GroupMessage.SnapshotNotFetched"/>.
    /// </summary>
    public sealed record Begin(KeyId From, long Index) : FetchMessage;

    /// <summary>To itself: a piece, or why there is none.</summary>
    public sealed record Answered(Outcome<GroupResponse> Answer) : FetchMessage;

    /// <summary>To itself: asks once more.</summary>
    public sealed record Again : FetchMessage;
}

/// <summary>
/// Fetches a snapshot of a group piece by piece from a node that has it, on the blocking dispatcher. A piece that does not come is asked for
/// again; a sender that has dropped that snapshot meanwhile is asked for another one.
/// </summary>
internal sealed class SnapshotFetch(GroupId group, GroupNetwork network, IStateStores stores, GroupMailbox owner) : Actor<FetchMessage>
{
    /// <summary>Tries of one piece, and of beginning anew.</summary>
    private const int TriesMax = 5;

    /// <summary>Bytes of a snapshot: no service keeps more in one small database (DESIGN.md §5).</summary>
    private const long LengthMax = 64L << 30;

    private static readonly TimeSpan PieceDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private FetchMessage.Begin _asked = null!;
    private Stream? _file;
    private long _id;
    private int _tries;
    private int _restarts;

    protected override void Receive(FetchMessage message)
    {
        try
        {
            switch (message)
            {
                case FetchMessage.Begin begin:
                    Begin(begin);
                    break;
                case FetchMessage.Answered answered:
                    Take(answered.Answer);
                    break;
                case FetchMessage.Again:
                    Ask();
                    break;
            }
        }
        catch (IOException error)
        {
            Fail(DiskFailure.From(error, $"fetching a snapshot of group '{group}'"));
        }
    }

    protected override void Stopped() => _file?.Dispose();

    private void Begin(FetchMessage.Begin begin)
    {
        Check.That(_file is null, "one snapshot is fetched at a time");
        (_asked, _id, _tries, _restarts) = (begin, 0, 0, 0);
        var scratch = stores.CreateScratch();
        if (!scratch.Succeeded)
        {
            Fail(scratch.Failure);
            return;
        }

        _file = scratch.Value;
        Ask();
    }

    private void Ask()
    {
        var request = new GroupRequest { Group = group.Name, Snapshot = new SnapshotPiece { Id = _id, Offset = _file!.Length, Index = _asked.Index } };
        Context.PipeTo(
            network.AskAsync(_asked.From, request, PieceDeadline, CancellationToken.None),
            answer => new FetchMessage.Answered(answer),
            error => new FetchMessage.Answered(new Failure(FailureKind.Unavailable, error.Message)));
    }

    private void Take(Outcome<GroupResponse> answer)
    {
        if (!answer.Succeeded)
        {
            TryAgain(answer.Failure, isGone: answer.Failure.Kind == FailureKind.NotFound);
        }
        else if (_id != 0 && answer.Value.SnapshotId != _id)
        {
            TryAgain(new Failure(FailureKind.Damaged, $"node {_asked.From} sent a piece of another snapshot"), isGone: true);
        }
        else
        {
            TakePiece(answer.Value);
        }
    }

    private void TakePiece(GroupResponse piece)
    {
        var file = _file!;
        if (piece.Index < _asked.Index || piece.SnapshotId == 0 || piece.SnapshotLength is < 1 or > LengthMax || piece.Piece.IsEmpty
            || file.Length + piece.Piece.Length > piece.SnapshotLength)
        {
            Fail(new Failure(FailureKind.Damaged, $"node {_asked.From} sent a snapshot that is not what was asked for"));
            return;
        }

        (_id, _tries) = (piece.SnapshotId, 0);
        file.Position = file.Length;
        piece.Piece.WriteTo(file);
        if (file.Length < piece.SnapshotLength)
        {
            Ask();
            return;
        }

        (file.Position, _file) = (0, null);
        if (!owner.Tell(new GroupMessage.SnapshotFetched(piece.Index, file)))
        {
            file.Dispose();
        }
    }

    private void TryAgain(Failure failure, bool isGone)
    {
        if (isGone && _id != 0)
        {
            // Pieces came, and then their snapshot went: that may not go on for ever either.
            _id = 0;
            _restarts++;
            _file!.SetLength(0);
        }

        if (++_tries >= TriesMax || _restarts >= TriesMax)
        {
            Fail(failure);
            return;
        }

        Context.Timers.StartSingle(nameof(FetchMessage.Again), new FetchMessage.Again(), Pause);
    }

    private void Fail(Failure failure)
    {
        _file?.Dispose();
        _file = null;
        owner.Tell(new GroupMessage.SnapshotNotFetched(failure));
    }
}
