using System.Text;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Transfer;

/// <summary>
/// Sends one file as an upload. A file that nobody seems to know is sent while it is being hashed; one that may be known, or whose upload
/// was broken off, is hashed first and only what is missing is sent. Either way the manifest has the last word on what must come again.
/// </summary>
internal sealed class LargeFileSender(IPublishTarget target, PublishProgress progress)
{
    /// <summary>Times that pieces which do not fit the manifest are sent again: more means that the file keeps changing.</summary>
    private const int RoundsMax = 3;

    private static readonly Failure Changed = new(FailureKind.Conflict, "the file changed while it was read; put it in again when it is at rest");

    private long _counted;

    public async Task<Outcome<Hash256>> SendAsync(ILocalFile file, LocalItem item, CancellationToken cancellation)
    {
        var key = Hash256.Of(Encoding.UTF8.GetBytes(item.Path));
        var sent = await SendAsync(file, key, cancellation);
        if (sent.Failure is { Kind: FailureKind.NotFound })
        {
            // Another put of the same file ended the upload that both were sending; now the node knows the content.
            sent = await SendAsync(file, key, cancellation);
        }

        if (sent.Succeeded)
        {
            Count(file, file.Length);
        }

        return sent;
    }

    private async Task<Outcome<Hash256>> SendAsync(ILocalFile file, Hash256 key, CancellationToken cancellation)
    {
        var pieceLength = PieceLengths.For(file.Length);
        var count = Manifest.CountPieces(file.Length, pieceLength);
        var first = file.HashPiece(0);
        var begun = first.Succeeded ? await target.BeginAsync(file.Length, first.Value, key.ToString(), cancellation) : first.Failure;
        if (!begun.Succeeded)
        {
            return begun.Failure;
        }

        var upload = begun.Value;
        if (upload.PieceLength != pieceLength)
        {
            return new Failure(FailureKind.Conflict,
                $"the node cuts this file into pieces of {upload.PieceLength} bytes, not {pieceLength}; use the same version on both sides");
        }

        var isFresh = upload.Missing is [(0, var missing)] && missing == count;
        var manifest = isFresh && !upload.MayBeKnown
            ? await SendWhileHashingAsync(file, upload, count, cancellation)
            : await HashFirstAsync(file, cancellation);
        if (!manifest.Succeeded)
        {
            return manifest.Failure;
        }

        if (!isFresh || upload.MayBeKnown)
        {
            var known = await target.KnownAsync([manifest.Value.Root], cancellation);
            if (!known.Succeeded || known.Value[0])
            {
                progress.AddKnown();
                return known.Then(_ => manifest.Value.Root);
            }
        }

        var state = await AttachAsync(file, upload.Id, key, manifest.Value, cancellation);
        return state.Succeeded ? await CompleteAsync(file, state.Value, manifest.Value, cancellation) : state.Failure;
    }

    private static async Task<Outcome<Manifest>> HashFirstAsync(ILocalFile file, CancellationToken cancellation) =>
        await file.HashAsync(_ => { }, cancellation);

    private async Task<Outcome<Manifest>> SendWhileHashingAsync(ILocalFile file, UploadProgress upload, int count, CancellationToken cancellation)
    {
        var layer = new byte[count * Hash256.Size];
        var sent = await SendRunAsync(file, upload, 0, count, layer, cancellation);
        return sent.Succeeded ? Manifest.FromPieces(file.Length, upload.PieceLength, new PieceLayer(layer)) : sent.Failure;
    }

    /// <summary>
    /// Hands in the manifest. An upload that has another one is of an earlier state of the file, or of a file of the same name and beginning
    /// elsewhere: then the content gets an upload of its own.
    /// </summary>
    private async Task<Outcome<UploadProgress>> AttachAsync(ILocalFile file, string id, Hash256 key, Manifest manifest, CancellationToken cancellation)
    {
        var state = await target.AttachAsync(id, manifest, cancellation);
        if (state.Failure is not { Kind: FailureKind.Conflict })
        {
            return state;
        }

        var begun = await target.BeginAsync(file.Length, manifest.Pieces[0], $"{key} {manifest.Root}", cancellation);
        return begun.Succeeded ? await target.AttachAsync(begun.Value.Id, manifest, cancellation) : begun.Failure;
    }

    private async Task<Outcome<Hash256>> CompleteAsync(ILocalFile file, UploadProgress upload, Manifest manifest, CancellationToken cancellation)
    {
        var state = Outcome.Of(upload);
        for (var round = 0; state.Succeeded && state.Value.Missing.Count > 0; round++)
        {
            if (file.HasChanged || round == RoundsMax)
            {
                return Changed;
            }

            foreach (var (first, count) in state.Value.Missing)
            {
                var sent = await SendRunAsync(file, state.Value, first, count, null, cancellation);
                if (!sent.Succeeded && sent.Failure.Kind != FailureKind.Damaged)
                {
                    return sent.Failure;
                }
            }

            state = await target.AttachAsync(upload.Id, manifest, cancellation);
        }

        if (!state.Succeeded)
        {
            return state.Failure;
        }

        if (file.HasChanged)
        {
            return Changed;
        }

        var finished = await target.FinishAsync(upload.Id, cancellation);
        return !finished.Succeeded || finished.Value == manifest.Root ? finished : Changed;
    }

    private async Task<Outcome<UploadProgress>> SendRunAsync(
        ILocalFile file, UploadProgress upload, int first, int count, byte[]? layer, CancellationToken cancellation)
    {
        var offset = (long)first * upload.PieceLength;
        var length = Math.Min((long)count * upload.PieceLength, file.Length - offset);
        Failure? reading = null;
        var sent = await target.SendAsync(
            upload.Id,
            offset,
            length,
            async (stream, stop) => reading = await file.ReadPiecesAsync(
                first,
                count,
                layer,
                async (piece, token) =>
                {
                    await stream.WriteAsync(piece, token);
                    progress.AddSent(piece.Length);
                    Count(file, _counted + piece.Length);
                },
                stop),
            cancellation);
        return reading is not null ? reading : sent;
    }

    /// <summary>Each byte of the file counts once, however often it was sent.</summary>
    private void Count(ILocalFile file, long upTo)
    {
        upTo = Math.Min(upTo, file.Length);
        progress.AddBytes(Math.Max(0, upTo - _counted));
        _counted = Math.Max(_counted, upTo);
    }
}
