using Cete.Core;
using Cete.Groups.Proto;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Groups.Wire;

/// <summary>
/// The newest snapshot of a replica that others fetch, kept while somebody does: those who come at the same time get the same one, piece by piece.
/// </summary>
/// <param name="group">Whose.</param>
/// <param name="stores">Where it can lie.</param>
/// <param name="clock">The time.</param>
/// <param name="seed">Where the numbers of snapshots begin: those of a process that was there before are not to be taken for these.</param>
/// <param name="make">Writes one, and tells the applied index that it stands at.</param>
internal sealed class SnapshotShelf(
    GroupId group, IStateStores stores, TimeProvider clock, ulong seed, Func<Stream, CancellationToken, Task<Outcome<long>>> make) : IDisposable
{
    /// <summary>Bytes of a piece: an eighth of what one message may be.</summary>
    private const int PieceBytes = 1024 * 1024;

    /// <summary>A snapshot that is older is made anew for whoever begins to fetch one, unless others are still at it.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(30);

    /// <summary>Whoever asked for a piece within this time is still at it.</summary>
    private static readonly TimeSpan BusyFor = TimeSpan.FromSeconds(15);

    /// <summary>One that nobody has asked for a piece of for so long is dropped.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _gate = new(1);
    private (long Id, long Index, Stream File, long MadeAt)? _snapshot;
    private ITimer? _timer;
    private long _askedAt;
    private long _lastId = (long)(seed >> 2);
    private volatile bool _isClosed;

    /// <summary>A piece of a snapshot.</summary>
    /// <param name="asked">Which: the first piece of any that stands at an index or later where the id is 0.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<GroupResponse>> ReadAsync(SnapshotPiece asked, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            return _isClosed ? new Failure(FailureKind.Unavailable, $"group '{group}' is stopping") : await ReadAloneAsync(asked, cancellation);
        }
        finally
        {
            if (_isClosed)
            {
                Drop();
            }

            _gate.Release();
        }
    }

    /// <summary>Whoever reads a piece right now ends first, and drops what is left.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _timer?.Dispose();
        if (_gate.Wait(0))
        {
            Drop();
            _gate.Release();
        }
    }

    private async Task<Outcome<GroupResponse>> ReadAloneAsync(SnapshotPiece asked, CancellationToken cancellation)
    {
        if (asked.Id == 0 && await RenewAsync(asked.Index, cancellation) is { } failure)
        {
            return failure;
        }

        if (_snapshot is not { } snapshot || (asked.Id != 0 && snapshot.Id != asked.Id))
        {
            return new Failure(FailureKind.NotFound, "that snapshot is not kept any more; begin with another one");
        }

        if (asked.Offset < 0 || asked.Offset >= snapshot.File.Length)
        {
            return new Failure(FailureKind.Invalid, "an offset beyond the snapshot");
        }

        _askedAt = clock.GetTimestamp();
        snapshot.File.Position = asked.Offset;
        var piece = new byte[Math.Min(PieceBytes, snapshot.File.Length - asked.Offset)];
        await snapshot.File.ReadExactlyAsync(piece, cancellation);
        return new GroupResponse
        {
            SnapshotId = snapshot.Id,
            SnapshotLength = snapshot.File.Length,
            Index = snapshot.Index,
            Piece = UnsafeByteOperations.UnsafeWrap(piece),
        };
    }

    private async Task<Failure?> RenewAsync(long index, CancellationToken cancellation)
    {
        if (_snapshot is { } old && old.Index >= index
            && (clock.GetElapsedTime(old.MadeAt) < FreshFor || clock.GetElapsedTime(_askedAt) < BusyFor))
        {
            return null;
        }

        var scratch = stores.CreateScratch();
        if (!scratch.Succeeded)
        {
            return scratch.Failure;
        }

        var file = scratch.Value;
        var isMade = false;
        try
        {
            var made = await make(file, cancellation);
            if (!made.Succeeded)
            {
                return made.Failure;
            }

            isMade = true;
            Drop();
            _snapshot = (++_lastId, made.Value, file, clock.GetTimestamp());
            _timer ??= clock.CreateTimer(_ => DropOld(), null, KeptFor, KeptFor);
            return null;
        }
        finally
        {
            if (!isMade)
            {
                await file.DisposeAsync();
            }
        }
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
