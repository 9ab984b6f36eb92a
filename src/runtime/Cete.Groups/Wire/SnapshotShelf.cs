using Cete.Core;
using Cete.Groups.Proto;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Groups.Wire;

/// <summary>
/// The newest snapshot of a replica that others fetch, kept while somebody does: those who come at the same time get the same one, piece by piece.
/// </summary>
internal sealed class SnapshotShelf(Group group, IStateStores stores, TimeProvider clock) : IDisposable
{
    /// <summary>Bytes of a piece: an eighth of what one message may be.</summary>
    private const int PieceBytes = 1024 * 1024;

    /// <summary>A snapshot that is older is made anew for whoever begins to fetch one.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(30);

    /// <summary>One that nobody has asked for a piece of for so long is dropped.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly byte[] _buffer = new byte[PieceBytes];
    private (long Id, long Index, Stream File, long MadeAt)? _snapshot;
    private ITimer? _timer;
    private long _askedAt;
    private long _lastId;

    /// <summary>A piece of the snapshot of that id, or the first one of any where the id is 0.</summary>
    public async Task<Outcome<GroupResponse>> ReadAsync(long id, long offset, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            _askedAt = clock.GetTimestamp();
            if (id == 0 && await RenewAsync(cancellation) is { } failure)
            {
                return failure;
            }

            if (_snapshot is not { } snapshot || (id != 0 && snapshot.Id != id))
            {
                return new Failure(FailureKind.NotFound, "that snapshot is not kept any more; begin with another one");
            }

            if (offset < 0 || offset >= snapshot.File.Length)
            {
                return new Failure(FailureKind.Invalid, "an offset beyond the snapshot");
            }

            snapshot.File.Position = offset;
            var count = await snapshot.File.ReadAsync(_buffer, cancellation);
            return new GroupResponse
            {
                SnapshotId = snapshot.Id,
                SnapshotLength = snapshot.File.Length,
                Index = snapshot.Index,
                Piece = ByteString.CopyFrom(_buffer.AsSpan(0, count)),
            };
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _snapshot?.File.Dispose();
        _gate.Dispose();
    }

    private async Task<Failure?> RenewAsync(CancellationToken cancellation)
    {
        if (_snapshot is { } old && clock.GetElapsedTime(old.MadeAt) < FreshFor)
        {
            return null;
        }

        var file = stores.CreateScratch();
        if (!file.Succeeded)
        {
            return file.Failure;
        }

        var made = await group.SnapshotAsync(file.Value, cancellation);
        if (!made.Succeeded)
        {
            await file.Value.DisposeAsync();
            return made.Failure;
        }

        Drop();
        _lastId = Math.Max(_lastId + 1, Instant.From(clock.GetUtcNow()).Microseconds);
        _snapshot = (_lastId, made.Value, file.Value, clock.GetTimestamp());
        _timer ??= clock.CreateTimer(_ => DropOld(), null, KeptFor, KeptFor);
        return null;
    }

    private void DropOld()
    {
        // Whoever reads a piece right now is not waited for: its time has not run out.
        if (_gate.Wait(0))
        {
            if (clock.GetElapsedTime(_askedAt) >= KeptFor)
            {
                Drop();
            }

            _gate.Release();
        }
    }

    private void Drop()
    {
        _snapshot?.File.Dispose();
        _snapshot = null;
    }
}
