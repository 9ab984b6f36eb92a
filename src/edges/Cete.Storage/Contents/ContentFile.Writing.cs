using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Storage.Contents;

/// <summary>How pieces come in, with a manifest that vouches for them or before there is one.</summary>
public sealed partial class ContentFile
{
    public Outcome<bool> Write(int piece, ReadOnlySpan<byte> data)
    {
        var count = Cete.Swarm.Manifest.CountPieces(Length, PieceLength);
        if ((uint)piece >= (uint)count || data.Length != Cete.Swarm.Manifest.LengthOfPiece(piece, Length, PieceLength))
        {
            return new Failure(FailureKind.Invalid, $"piece {piece} of {count} with {data.Length} bytes does not belong to a content of {Length} bytes");
        }

        var leaves = LeafHashes.Of(piece, data, Length, PieceLength);
        try
        {
            if (Manifest is { } manifest)
            {
                return WriteVerified(leaves, data, manifest);
            }

            // Nothing tells two versions of a piece apart before there is a manifest: the first one stays, and its hash with it.
            lock (_unverified)
            {
                return Manifest is { } attached ? WriteVerified(leaves, data, attached) : WriteOnce(leaves, data);
            }
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"writing {_path}");
        }
    }

    public Outcome<bool> Attach(Manifest manifest)
    {
        if (manifest.Length != Length || manifest.PieceLength != PieceLength)
        {
            return new Failure(FailureKind.Invalid,
                $"the manifest is of {manifest.Length} bytes in pieces of {manifest.PieceLength}, the upload is of {Length} in pieces of {PieceLength}");
        }

        try
        {
            lock (_unverified)
            {
                return AttachOnce(manifest);
            }
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"writing beside {_path}");
        }
    }

    private Outcome<bool> AttachOnce(Manifest manifest)
    {
        lock (_gate)
        {
            if (_sidecar.Manifest is { } known)
            {
                return known.Root == manifest.Root ? true : new Failure(FailureKind.Conflict, $"the upload has the root {known.Root} already");
            }

            for (var piece = 0; piece < manifest.PieceCount; piece++)
            {
                if (_sidecar.Map[piece] && new PieceLayer(_sidecar.Hashes)[piece] != manifest.Pieces[piece])
                {
                    _sidecar.Map.Clear(piece);
                }
            }

            _sidecar.Attach(manifest);
            return true;
        }
    }

    private Outcome<bool> WriteVerified(LeafHashes leaves, ReadOnlySpan<byte> data, Manifest manifest) =>
        leaves.PieceHash == manifest.Pieces[leaves.Piece]
            ? WriteOnce(leaves, data)
            : new Failure(FailureKind.Damaged, $"piece {leaves.Piece} of {manifest.Root} does not match its hash");

    private bool WriteOnce(LeafHashes leaves, ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            if (_sidecar.Map[leaves.Piece])
            {
                return false;
            }
        }

        _data.Write(data, (long)leaves.Piece * PieceLength);
        lock (_gate)
        {
            if (_sidecar.Map[leaves.Piece])
            {
                return false;
            }

            if (_sidecar.Manifest is null)
            {
                _sidecar.NoteHash(leaves.Piece, leaves.PieceHash);
            }

            CountWhole(leaves);
            Wake();
        }

        return true;
    }
}
