using System.Buffers.Binary;
using Cete.Api;
using Cete.Core;
using Cete.Net.Payments;
using Cete.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Net;

/// <summary>Sends many small contents in one answer: of ten thousand files of 10 KB a request each would cost more than the files.</summary>
/// <param name="contents">What there is.</param>
/// <param name="toll">Asks those to pay who get contents: they fetch them one by one; null where nothing is asked for.</param>
/// <param name="refuse">Why a content is not to be had; null where nothing is against it. Whoever asks for it alone is told.</param>
public sealed class BundleServer(IContentStore contents, ContentToll? toll = null, Func<Hash256, Failure?>? refuse = null)
{
    private const int FlushSize = 512 * 1024;

    /// <summary>Adds the address to an application.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost(Routes.Bundle, (Delegate)SendAsync)
        .Tells("Contents", "Many small contents in one answer").Takes<BundleRequest>().GivesBytes(Bundle.MediaType);

    private async Task SendAsync(HttpContext context)
    {
        if (toll?.Asks(context) == true)
        {
            await Answers.WriteAsync(context, new Failure(
                FailureKind.Unpaid, "contents cost credits here: fetch them one by one, as 'cete get' does, and pay for each"));
            return;
        }

        var asked = await Answers.ReadAsync(context.Request, ApiJson.Default.BundleRequest);
        var roots = asked.Succeeded ? ReadRoots(asked.Value) : asked.Failure;
        if (!roots.Succeeded)
        {
            await Answers.WriteAsync(context, roots.Failure);
            return;
        }

        context.Response.ContentType = Bundle.MediaType;
        var writer = context.Response.BodyWriter;
        foreach (var root in roots.Value)
        {
            var memory = writer.GetMemory(sizeof(int) + Bundle.LengthMax);
            var length = refuse?.Invoke(root) is null ? contents.ReadSmall(root, memory.Span[sizeof(int)..]) : -1;
            BinaryPrimitives.WriteInt32LittleEndian(memory.Span, length < 0 ? Bundle.Absent : length);
            writer.Advance(sizeof(int) + Math.Max(length, 0));
            if (writer.UnflushedBytes >= FlushSize && (await writer.FlushAsync(context.RequestAborted)).IsCompleted)
            {
                return;
            }
        }

        await writer.FlushAsync(context.RequestAborted);
    }

    private static Outcome<List<Hash256>> ReadRoots(BundleRequest request)
    {
        if (request.Roots is not { Count: > 0 and <= Bundle.CountMax })
        {
            return new Failure(FailureKind.Invalid, $"'roots' holds 1 to {Bundle.CountMax} roots");
        }

        List<Hash256> roots = [];
        foreach (var text in request.Roots)
        {
            if (!Hash256.TryParse(text, out var root))
            {
                return new Failure(FailureKind.Invalid, "a content is named by the 64 hexadecimal digits of its root");
            }

            roots.Add(root);
        }

        return roots;
    }
}
