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

        var hash = Cete.Swarm.Manifest.HashPiece(data, Length, PieceLength);
        try
        {
            if (Manifest is { } manifest)
            {
                return WriteVerified(piece, data, hash, manifest);
            }

            // Nothing tells two versions of a piece apart before there is a manifest: the first one stays, and its hash with it.
            lock (_unverified)
            {
                return Manifest is { } attached ? WriteVerified(piece, data, hash, attached) : WriteOnce(piece, data, hash);
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

    private Outcome<bool> WriteVerified(int piece, ReadOnlySpan<byte> data, in Hash256 hash, Manifest manifest) =>
        hash == manifest.Pieces[piece]
            ? WriteOnce(piece, data, hash)
            : new Failure(FailureKind.Damaged, $"piece {piece} of {manifest.Root} does not match its hash");

    private bool WriteOnce(int piece, ReadOnlySpan<byte> data, in Hash256 hash)
    {
        lock (_gate)
        {
            if (_sidecar.Map[piece])
            {
                return false;
            }
        }

        _data.Write(data, (long)piece * PieceLength);
        return Count(piece, hash);
    }

    private bool Count(int piece, in Hash256 hash)
    {
        TaskCompletionSource more;
        lock (_gate)
        {
            if (_sidecar.Map[piece])
            {
                return false;
            }

            if (_sidecar.Manifest is null)
            {
                _sidecar.NoteHash(piece, hash);
            }

            _sidecar.Mark(piece);
            more = _more;
            _more = NewSignal();
        }

        more.TrySetResult();
        return true;
    }
}
