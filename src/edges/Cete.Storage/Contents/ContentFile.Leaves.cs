using System.Buffers;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Storage.Contents;

/// <summary>
/// How pieces come in leaf by leaf, and what their leaves' hashes are. Of pieces that are not whole only this process knows: after a restart they begin anew.
/// </summary>
public sealed partial class ContentFile
{
    /// <summary>Pieces that may be begun at a time, and bytes of their hashes: pieces of 64 MiB have 128 KiB each.</summary>
    private const int PartialsMax = 256;
    private const int PartialBytesMax = 4 * 1024 * 1024;

    /// <summary>Pieces whose leaves' hashes are in memory; of long pieces none but those that are begun.</summary>
    private const int KnownMax = 32;
    private const int KnownBytesMax = 4_096;

    private readonly Dictionary<int, PartialPiece> _partials = [];
    private readonly LeafHashes?[] _known = new LeafHashes?[KnownMax];
    private long _touches;

    public Outcome<bool> WriteLeaves(LeafHashes leaves, int first, ReadOnlySpan<byte> data)
    {
        if (Manifest is not { } manifest || (uint)leaves.Piece >= (uint)manifest.PieceCount || leaves.PieceHash != manifest.Pieces[leaves.Piece]
            || leaves.Length != manifest.LengthOfPiece(leaves.Piece) || !leaves.AreLeaves(first, data.Length))
        {
            return new Failure(FailureKind.Invalid, $"{data.Length} bytes from leaf {first} of piece {leaves.Piece} on do not belong to {_path}");
        }

        var good = leaves.CountVerified(first, data);
        try
        {
            var isThere = good > 0 && WriteGood(leaves, first, first + good, data);
            return good == LeafHashes.CountLeaves(data.Length)
                ? isThere
                : new Failure(FailureKind.Damaged, $"leaf {first + good} of piece {leaves.Piece} of {manifest.Root} does not match its hash");
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"writing {_path}");
        }
    }

    public Outcome<LeafHashes> LeavesOf(int piece)
    {
        if (Manifest is not { } manifest || (uint)piece >= (uint)manifest.PieceCount)
        {
            return new Failure(FailureKind.Invalid, $"there is no piece {piece}");
        }

        var hashes = new byte[LeafHashes.CountLeaves(manifest.LengthOfPiece(piece)) * Hash256.Size];
        try
        {
            lock (_gate)
            {
                if (!_sidecar.Map[piece])
                {
                    return _partials.TryGetValue(piece, out var begun)
                        ? begun.Leaves
                        : new Failure(FailureKind.NotFound, $"nothing of piece {piece} is here");
                }

                if (_known[piece % KnownMax] is { } known && known.Piece == piece)
                {
                    return known;
                }

                _ = _sidecar.ReadLeaves(piece, hashes);
            }

            var noted = LeafHashes.Create(manifest, piece, hashes);
            return noted.Succeeded ? Know(noted.Value) : HashAgain(manifest, piece);
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"reading {_path}");
        }
    }

    /// <summary>Writes leaves that verified; whether all of their piece is there now.</summary>
    private bool WriteGood(LeafHashes leaves, int first, int end, ReadOnlySpan<byte> data)
    {
        var start = first * Merkle.LeafSize;
        lock (_gate)
        {
            if (_sidecar.Map[leaves.Piece])
            {
                return true;
            }
        }

        _data.Write(data[..(Math.Min(end * Merkle.LeafSize, leaves.Length) - start)], ((long)leaves.Piece * PieceLength) + start);
        lock (_gate)
        {
            if (_sidecar.Map[leaves.Piece])
            {
                return true;
            }

            var partial = PartialOf(leaves);
            partial.Set(first, end);
            if (partial.IsWhole)
            {
                // It comes off the list only when it counts: what a full disk took from the map can be written again.
                CountWhole(leaves);
            }

            Wake();
            return partial.IsWhole;
        }
    }

    private PartialPiece PartialOf(LeafHashes leaves)
    {
        if (!_partials.TryGetValue(leaves.Piece, out var partial))
        {
            var most = Math.Clamp(PartialBytesMax / (PieceLength / Merkle.LeafSize * Hash256.Size), 1, PartialsMax);
            if (_partials.Count >= most)
            {
                _partials.Remove(_partials.MinBy(other => other.Value.Touched).Key);
            }

            partial = new PartialPiece(leaves);
            _partials.Add(leaves.Piece, partial);
        }

        partial.Touched = ++_touches;
        return partial;
    }

    /// <summary>Counts a piece all of whose bytes are written. Under the lock.</summary>
    private void CountWhole(LeafHashes leaves)
    {
        _sidecar.NoteLeaves(leaves.Piece, leaves.Bytes.Span);
        _sidecar.Mark(leaves.Piece);
        _partials.Remove(leaves.Piece);
        Remember(leaves);
    }

    private LeafHashes Know(LeafHashes leaves)
    {
        lock (_gate)
        {
            Remember(leaves);
        }

        return leaves;
    }

    private void Remember(LeafHashes leaves)
    {
        if (leaves.Bytes.Length <= KnownBytesMax)
        {
            _known[leaves.Piece % KnownMax] = leaves;
        }
    }

    private void TryNote(LeafHashes leaves)
    {
        try
        {
            _sidecar.NoteLeaves(leaves.Piece, leaves.Bytes.Span);
        }
        catch (IOException)
        {
            // They save work alone: a full disk can still be read.
            return;
        }
    }

    /// <summary>Makes the hashes of the leaves of a piece from its bytes.</summary>
    private Outcome<LeafHashes> HashAgain(Manifest manifest, int piece)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, manifest.LengthOfPiece(piece)));
        try
        {
            var bytes = buffer.AsSpan(0, manifest.LengthOfPiece(piece));
            var leaves = _data.Read(bytes, (long)piece * PieceLength) == bytes.Length ? LeafHashes.Of(piece, bytes, Length, PieceLength) : null;
            lock (_gate)
            {
                if (leaves is null || leaves.PieceHash != manifest.Pieces[piece])
                {
                    _sidecar.Unmark(piece);
                    return new Failure(FailureKind.Damaged, $"piece {piece} of {manifest.Root} has changed on the disk");
                }

                Remember(leaves);
                TryNote(leaves);
                return leaves;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
