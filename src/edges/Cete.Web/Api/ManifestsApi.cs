using Cete.Api;
using Cete.Core;
using Cete.Index;
using Cete.Ports;
using Cete.Swarm;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Api;

/// <summary>What agents tell of contents that they hold themselves: what those are, and that they hold them no more.</summary>
internal sealed class ManifestsApi(IndexService index, IManifestStore manifests)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Routes.Contents + "/{root}/manifest", TakeAsync).Needs(Actions.IndexFile)
            .Tells("Contents", "Hand in the manifest of a content that an agent holds, as an ID file").TakesBytes().Gives<ManifestAnswer>();
        routes.MapPost(Routes.Withdrawals, (Delegate)WithdrawAsync).Needs(Actions.IndexFile)
            .Tells("Contents", "A provider holds contents no more").Takes<WithdrawRequest>().Gives<WithdrawAnswer>().IsCommand();
    }

    private async Task<IResult> TakeAsync(HttpContext context, string root, CancellationToken cancellation)
    {
        if (!Hash256.TryParse(root, out var named))
        {
            return ApiAnswers.Of(new Failure(FailureKind.Invalid, "a content is named by the 64 hexadecimal digits of its root"));
        }

        var body = await ReadAsync(context.Request, cancellation);
        var file = body.Succeeded ? IdFile.Read(body.Value) : body.Failure;
        if (!file.Succeeded)
        {
            return ApiAnswers.Of(file.Failure);
        }

        if (file.Value.Manifest.Root != named)
        {
            return ApiAnswers.Of(new Failure(FailureKind.Invalid, $"the ID file is of the content {file.Value.Manifest.Root}, not of {named}"));
        }

        // What one piece is known by, its entry says.
        var kept = file.Value.Manifest.PieceCount == 1 ? false : manifests.Keep(file.Value.Manifest);
        return ApiAnswers.Of(kept.Then(isNew => new ManifestAnswer(named.ToString(), isNew)), ApiJson.Default.ManifestAnswer);
    }

    private Task<IResult> WithdrawAsync(HttpContext context) =>
        ApiAnswers.CommandAsync(context, ApiJson.Default.WithdrawRequest, ApiJson.Default.WithdrawAnswer, async (body, id) =>
        {
            if (!KeyId.TryParse(body.Provider, out var provider))
            {
                return new Failure(FailureKind.Invalid, $"'provider' is a key: {KeyId.TextLength} letters and digits");
            }

            if (body.Roots is not { Count: > 0 and <= Limits.EntriesPerCommandMax })
            {
                return new Failure(FailureKind.Invalid, $"'roots' names 1 to {Limits.EntriesPerCommandMax} contents");
            }

            List<Hash256> roots = [];
            foreach (var text in body.Roots)
            {
                if (!Hash256.TryParse(text, out var root))
                {
                    return new Failure(FailureKind.Invalid, "a content is named by the 64 hexadecimal digits of its root");
                }

                roots.Add(root);
            }

            var taken = await index.WithdrawAsync(provider.ToString(), roots, context.Asker(), id, context.RequestAborted);
            return taken.Then(count => new WithdrawAnswer(count));
        });

    private static async Task<Outcome<byte[]>> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength is not { } length)
        {
            return new Failure(FailureKind.Invalid, "the length of the body is not said");
        }

        if (length > Limits.IdFileBytesMax)
        {
            return new Failure(FailureKind.TooLarge, $"an ID file has at most {Limits.IdFileBytesMax} bytes");
        }

        // It is said for this route alone: bodies of commands are shorter.
        if (request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = Limits.IdFileBytesMax;
        }

        var bytes = new byte[length];
        try
        {
            await request.Body.ReadExactlyAsync(bytes, cancellation);
            return bytes;
        }
        catch (Exception error) when (error is EndOfStreamException or BadHttpRequestException)
        {
            return new Failure(FailureKind.Invalid, "the body ended early");
        }
    }
}
