using System.Globalization;
using System.Text;
using Cete.Api;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Cete.Net;

/// <summary>
/// How content comes in. Small content in one request; anything else as an upload that may begin before its root is known: pieces are
/// hashed as they arrive, the sender hands in its manifest when it has it, pieces that do not fit it are asked for again.
/// </summary>
/// <param name="contents">Where it goes.</param>
/// <param name="mayKnow">Whether the community knows content of that length with that first piece.</param>
/// <param name="filed">Is told the root and length of what came in.</param>
public sealed class UploadServer(
    IContentStore contents, Func<long, Hash256, CancellationToken, Task<bool>> mayKnow, Action<Hash256, long> filed)
{
    private const int RootsMax = 1_000;
    private const int KeyLengthMax = 200;

    /// <summary>Adds the addresses to an application.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        const string heading = "Uploads";
        routes.MapPut(Routes.Content + "/{root}", PutSmallAsync).Needs(Actions.IndexFile);
        routes.MapPost(Routes.Known, (Delegate)KnownAsync).Needs(Actions.IndexFile)
            .Tells(heading, "Which contents the node has whole").Takes<KnownRequest>().Gives<KnownAnswer>();
        routes.MapPost(Routes.Uploads, (Delegate)BeginAsync).Needs(Actions.IndexFile)
            .Tells(heading, "Begin an upload, or go on with one").Takes<UploadRequest>().Gives<UploadState>();
        routes.MapPatch(Routes.Uploads + "/{id}", TakePiecesAsync).Needs(Actions.IndexFile)
            .Tells(heading, "Send pieces").TakesBytes().Gives<UploadState>().AsksHeader(Headers.UploadOffset, "Where in the content the body begins");
        routes.MapPut(Routes.Uploads + "/{id}/manifest", TakeManifestAsync).Needs(Actions.IndexFile)
            .Tells(heading, "Send the manifest: the root and the hashes of all pieces").TakesBytes().Gives<UploadState>();
        routes.MapPost(Routes.Uploads + "/{id}/finish", Finish).Needs(Actions.IndexFile)
            .Tells(heading, "End an upload that is whole").Gives<UploadAnswer>();
        routes.MapPost(Routes.Contents + "/{root}/reports", CheckAsync)
            .Tells("Contents", "Tell that a piece did not verify: the node checks its own").Takes<DamageReport>().Gives<DamageAnswer>();
    }

    private async Task<IResult> PutSmallAsync(HttpContext context, string root)
    {
        if (!Hash256.TryParse(root, out var expected))
        {
            return BadRoot();
        }

        if (context.Request.ContentLength is not { } length || length > PieceLengths.Shortest)
        {
            return Answers.Of(new Failure(FailureKind.TooLarge,
                $"content of more than {PieceLengths.Shortest} bytes, or of unknown length, is sent as an upload: POST {Routes.Uploads}"));
        }

        var body = new byte[length];
        try
        {
            await context.Request.Body.ReadExactlyAsync(body, context.RequestAborted);
        }
        catch (Exception error) when (error is EndOfStreamException or BadHttpRequestException)
        {
            return Answers.Of(new Failure(FailureKind.Invalid, "the body ended early"));
        }

        if (Merkle.HashContent(body) != expected)
        {
            return Answers.Of(new Failure(FailureKind.Damaged,
                $"what came does not have the root {expected}; the file changed on its way or while it was read"));
        }

        var put = contents.PutSmall(body);
        return put.Succeeded ? Answers.Of(new UploadAnswer(put.Value.ToString()), ApiJson.Default.UploadAnswer) : Answers.Of(put.Failure);
    }

    private async Task<IResult> KnownAsync(HttpContext context)
    {
        var asked = await Answers.ReadAsync(context.Request, ApiJson.Default.KnownRequest);
        if (!asked.Succeeded)
        {
            return Answers.Of(asked.Failure);
        }

        if (asked.Value.Roots is null)
        {
            return Answers.Of(new Failure(FailureKind.Invalid, "'roots' is missing"));
        }

        if (asked.Value.Roots.Count > RootsMax)
        {
            return Answers.Of(new Failure(FailureKind.TooLarge, $"'roots' holds at most {RootsMax} roots"));
        }

        List<bool> known = [];
        foreach (var text in asked.Value.Roots)
        {
            if (!Hash256.TryParse(text, out var root))
            {
                return BadRoot();
            }

            using var content = contents.Find(root);
            known.Add(content is { IsWhole: true });
        }

        return Answers.Of(new KnownAnswer(known), ApiJson.Default.KnownAnswer);
    }

    private async Task<IResult> BeginAsync(HttpContext context)
    {
        var asked = await Answers.ReadAsync(context.Request, ApiJson.Default.UploadRequest);
        if (!asked.Succeeded)
        {
            return Answers.Of(asked.Failure);
        }

        var (length, first, key) = asked.Value;
        if (length is < 0 or > PieceLengths.ContentMax || !Hash256.TryParse(first, out var firstPiece) || key is not { Length: <= KeyLengthMax })
        {
            return Answers.Of(new Failure(
                FailureKind.Invalid,
                $"an upload needs a 'length' of 0 to {PieceLengths.ContentMax}, the 'firstPiece' hash and a 'key' of at most {KeyLengthMax} characters"));
        }

        // The id follows from what is sent, so that a sender that was killed finds its upload again without remembering anything.
        var id = UploadId(length, firstPiece, key);
        var begun = contents.BeginUpload(id, length);
        if (!begun.Succeeded)
        {
            return Answers.Of(begun.Failure);
        }

        using var content = begun.Value;
        return Answers.Of(StateOf(id, content, await mayKnow(length, firstPiece, context.RequestAborted)), ApiJson.Default.UploadState);
    }

    private async Task<IResult> TakePiecesAsync(HttpContext context, string id)
    {
        using var content = FindUpload(id);
        if (content is null)
        {
            return NoUpload(id);
        }

        if (!long.TryParse(context.Request.Headers[Headers.UploadOffset], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            || offset % content.PieceLength != 0 || (offset >= content.Length && content.Length > 0))
        {
            return Answers.Of(new Failure(FailureKind.Invalid,
                $"{Headers.UploadOffset} is a multiple of the piece length {content.PieceLength} within the content"));
        }

        var first = (int)(offset / content.PieceLength);
        var end = Manifest.CountPieces(content.Length, content.PieceLength);
        if (context.Request.ContentLength > content.Length - offset)
        {
            return Answers.Of(new Failure(
                FailureKind.TooLarge, $"{context.Request.ContentLength} bytes from {offset} on are more than the content has: {content.Length}"));
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = content.Length;
        }

        // A sender may end behind any piece, but not within one; content of no bytes is one piece of no bytes.
        var result = await new PieceIntake(content, null).RunAsync(context.Request.Body, first, () => end, mayEnd: true, context.RequestAborted);
        if (result is { How: RunEnd.Broken, Failure.Kind: FailureKind.Unavailable })
        {
            return Answers.Of(new Failure(FailureKind.Invalid, $"the body ended within piece {result.Piece}; send the pieces that are missing again"));
        }

        return result.How == RunEnd.Completed
            ? Answers.Of(StateOf(id, content, false), ApiJson.Default.UploadState)
            : Answers.Of(result.Failure!);
    }

    private async Task<IResult> TakeManifestAsync(HttpContext context, string id)
    {
        using var content = FindUpload(id);
        if (content is null)
        {
            return NoUpload(id);
        }

        var expected = Hash256.Size + (Manifest.CountPieces(content.Length, content.PieceLength) * Hash256.Size);
        if (context.Request.ContentLength is { } length && length != expected)
        {
            return Answers.Of(BadManifest(expected));
        }

        var body = new byte[expected];
        try
        {
            await context.Request.Body.ReadExactlyAsync(body, context.RequestAborted);
        }
        catch (Exception error) when (error is EndOfStreamException or BadHttpRequestException)
        {
            return Answers.Of(BadManifest(expected));
        }

        var manifest = Manifest.Create(content.Length, content.PieceLength, new Hash256(body.AsSpan(0, Hash256.Size)),
            new PieceLayer(body.AsMemory(Hash256.Size)));
        var attached = manifest.Succeeded ? content.Attach(manifest.Value) : manifest.Failure;
        return attached.Succeeded ? Answers.Of(StateOf(id, content, false), ApiJson.Default.UploadState) : Answers.Of(attached.Failure);
    }

    private IResult Finish(string id)
    {
        long length;
        using (var content = FindUpload(id))
        {
            if (content is null)
            {
                return NoUpload(id);
            }

            length = content.Length;
        }

        var finished = contents.Finish(id);
        if (finished.Succeeded)
        {
            filed(finished.Value, length);
        }

        return finished.Succeeded ? Answers.Of(new UploadAnswer(finished.Value.ToString()), ApiJson.Default.UploadAnswer) : Answers.Of(finished.Failure);
    }

    /// <summary>Somebody got a piece that does not verify: look at it, and stop serving it if that is true.</summary>
    private async Task<IResult> CheckAsync(HttpContext context, string root)
    {
        var report = await Answers.ReadAsync(context.Request, ApiJson.Default.DamageReport);
        if (!report.Succeeded || !Hash256.TryParse(root, out var hash))
        {
            return report.Succeeded ? BadRoot() : Answers.Of(report.Failure);
        }

        using var content = contents.Find(hash);
        if (content is null)
        {
            return Answers.Of(new Failure(FailureKind.NotFound, $"this node does not have the content {root}"));
        }

        var good = content.Recheck(report.Value.Piece);
        return good.Succeeded ? Answers.Of(new DamageAnswer(good.Value), ApiJson.Default.DamageAnswer) : Answers.Of(good.Failure);
    }

    private static UploadState StateOf(string id, IContentFile content, bool mayBeKnown) => new(
        id, content.PieceLength, [.. content.Pieces.MissingRuns().Take(RootsMax).Select(run => new PieceRange(run.First, run.Count))], mayBeKnown);

    private static string UploadId(long length, Hash256 firstPiece, string key) =>
        "u-" + Hash256.Of(Encoding.UTF8.GetBytes($"{length} {firstPiece} {key}")).ToString()[..32];

    private IContentFile? FindUpload(string id) =>
        id.Length == 34 && id.StartsWith("u-", StringComparison.Ordinal) && id.Skip(2).All(char.IsAsciiHexDigitLower) ? contents.FindUpload(id) : null;

    private static IResult NoUpload(string id) =>
        Answers.Of(new Failure(FailureKind.NotFound, $"there is no upload '{EntryName.Show(id)}'; begin one with POST {Routes.Uploads}"));

    private static Failure BadManifest(int bytes) => new(FailureKind.Invalid, $"a manifest is the root and the hashes of all pieces, here {bytes} bytes");

    private static IResult BadRoot() => Answers.Of(new Failure(FailureKind.Invalid, "a content is named by the 64 hexadecimal digits of its root"));
}
