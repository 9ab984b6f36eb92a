using System.Buffers;
using Cete.Actors;
using Cete.Core;
using Cete.Formats;
using Cete.Ports;

namespace Cete.Transfer.Digests;

internal abstract record DigestMessage
{
    private DigestMessage()
    {
    }

    public sealed record Want(Hash256 Root, int PieceLength, TaskCompletionSource<Outcome<ContentDigests>> Made) : DigestMessage;

    public sealed record Prepare(Hash256 Root) : DigestMessage;

    public sealed record Done(Hash256 Root, int? PieceLength, Outcome<ContentDigests> Result) : DigestMessage;
}

/// <summary>Decides which content is next: one that is waited for, in the order of the asking, else one that came in.</summary>
internal sealed class DigestActor(IContentStore contents, IDigestStore kept) : Actor<DigestMessage>
{
    public static readonly Failure Busy = new(FailureKind.Unavailable, "too many contents wait for their digests; try again later");

    private const int ReadSize = 128 * 1024;
    private const int WantedMax = 20_000;
    private const int PreparedMax = 10_000;

    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<(Hash256 Root, int PieceLength)> _wanted = new();
    private readonly Queue<Hash256> _prepared = new();
    private readonly Dictionary<(Hash256 Root, int PieceLength), List<TaskCompletionSource<Outcome<ContentDigests>>>> _waiting = [];
    private bool _isWorking;

    /// <summary>Makes the digests of a whole content.</summary>
    public static async Task<Outcome<ContentDigests>> MakeAsync(IContentFile content, int pieceLength, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            using var maker = new ContentDigests.Maker(content.Length, pieceLength);
            for (long offset = 0; offset < content.Length;)
            {
                var wanted = (int)Math.Min(ReadSize, Math.Min(content.Length - offset, pieceLength - (offset % pieceLength)));
                var count = await content.ReadAsync(buffer.AsMemory(0, wanted), offset, cancellation);
                if (count == 0)
                {
                    return new Failure(FailureKind.Damaged, "the content lost a piece while it was read; fetch it again");
                }

                maker.Append(buffer.AsSpan(0, count));
                offset += count;
            }

            return maker.Finish();
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, "reading content for its digests");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override void Receive(DigestMessage message)
    {
        switch (message)
        {
            case DigestMessage.Want want:
                Note(want);
                break;
            case DigestMessage.Prepare prepare when _prepared.Count < PreparedMax:
                _prepared.Enqueue(prepare.Root);
                break;
            case DigestMessage.Done made:
                _isWorking = false;
                if (made.PieceLength is { } pieceLength)
                {
                    Answer((made.Root, pieceLength), made.Result);
                }

                break;
        }

        WorkOn();
    }

    protected override void Stopped()
    {
        _stop.Cancel();
        foreach (var key in _waiting.Keys.ToArray())
        {
            Answer(key, new Failure(FailureKind.Unavailable, "the node is stopping"));
        }
    }

    private void Note(DigestMessage.Want want)
    {
        var key = (want.Root, want.PieceLength);
        if (_waiting.TryGetValue(key, out var others))
        {
            others.Add(want.Made);
        }
        else if (_waiting.Count >= WantedMax)
        {
            want.Made.TrySetResult(Busy);
        }
        else
        {
            _waiting.Add(key, [want.Made]);
            _wanted.Enqueue(key);
        }
    }

    private void Answer((Hash256 Root, int PieceLength) key, Outcome<ContentDigests> result)
    {
        if (_waiting.Remove(key, out var waiting))
        {
            waiting.ForEach(one => one.TrySetResult(result));
        }
    }

    private void WorkOn()
    {
        if (_isWorking || Next() is not { } next)
        {
            return;
        }

        _isWorking = true;
        Context.PipeTo(
            Task.Run(() => MakeAndKeepAsync(next.Root, next.PieceLength)),
            result => new DigestMessage.Done(next.Root, next.PieceLength, result),
            error => new DigestMessage.Done(next.Root, next.PieceLength, new Failure(FailureKind.Unavailable, $"digests could not be made: {error.Message}")));
    }

    private (Hash256 Root, int? PieceLength)? Next() =>
        _wanted.TryDequeue(out var wanted) ? wanted
        : _prepared.TryDequeue(out var root) ? (root, null)
        : null;

    private async Task<Outcome<ContentDigests>> MakeAndKeepAsync(Hash256 root, int? asked)
    {
        using var content = contents.Find(root);
        if (content is not { IsWhole: true })
        {
            return new Failure(FailureKind.NotFound, $"this node does not have all of the content {root} any more");
        }

        var pieceLength = asked ?? content.PieceLength;
        if (kept.Find(root, pieceLength) is { } known)
        {
            return known;
        }

        var made = await MakeAsync(content, pieceLength, _stop.Token);
        return made.Succeeded && kept.Keep(root, made.Value) is { } failure ? failure : made;
    }
}
