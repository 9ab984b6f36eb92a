using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Cete.Api;
using Cete.Core;
using Cete.Transfer.Payments;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Services;

/// <summary>What requests to described services say beside their fields: bodies, numbers, conditions.</summary>
internal static class ServiceRequests
{
    /// <summary>The JSON of a body, at most so many bytes of it.</summary>
    public static async Task<Outcome<ReadOnlyMemory<byte>>> ReadBodyAsync(HttpRequest request, int bytesMax, CancellationToken cancellation)
    {
        // Other types are what pages of strangers can send from a browser without being asked first.
        if (!request.HasJsonContentType())
        {
            return new Failure(FailureKind.Invalid, "the body is JSON, sent with the Content-Type application/json");
        }

        var large = new Failure(FailureKind.TooLarge, $"the body has more than {bytesMax} bytes");
        if (request.ContentLength > bytesMax)
        {
            return large;
        }

        try
        {
            var body = new ArrayBufferWriter<byte>();
            while (await request.Body.ReadAsync(body.GetMemory(16 * 1024), cancellation) is > 0 and var count)
            {
                body.Advance(count);
                if (body.WrittenCount > bytesMax)
                {
                    return large;
                }
            }

            return body.WrittenMemory;
        }
        catch (BadHttpRequestException error)
        {
            return new Failure(error.StatusCode == StatusCodes.Status413PayloadTooLarge ? FailureKind.TooLarge : FailureKind.Invalid, error.Message);
        }
    }

    /// <summary>What pays for a command; empty for nothing.</summary>
    public static Outcome<ReadOnlyMemory<byte>> ReadVoucher(HttpRequest request)
    {
        var text = request.Headers[Headers.Voucher].ToString();
        return text.Length == 0 ? ReadOnlyMemory<byte>.Empty : VoucherText.Read(text).Then(voucher => (ReadOnlyMemory<byte>)voucher.ToArray());
    }

    /// <summary>Why a record is hidden.</summary>
    public static async Task<Outcome<string>> ReadReasonAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = await ReadBodyAsync(request, RecordJson.BodyBytesMax, cancellation);
        try
        {
            return body.Then(json => JsonSerializer.Deserialize(json.Span, ServicesJson.Default.HideRequest)?.Reason ?? string.Empty);
        }
        catch (JsonException error)
        {
            return new Failure(FailureKind.Invalid, $"the body is not the JSON that is expected here: {error.Message}");
        }
    }

    /// <summary>The number of a record, from an address.</summary>
    public static Outcome<long> ReadId(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0
            ? id
            : new Failure(FailureKind.Invalid, $"'{EntryName.Show(text.Length > 40 ? text[..40] : text)}' is no number of a record: that is 1, 2, 3...");

    /// <summary>What <c>If-Match</c> names: a revision or an edition; 0 for <c>*</c>; null where nothing is said.</summary>
    public static Outcome<long?> ReadMatch(HttpRequest request)
    {
        var text = request.Headers.IfMatch.ToString().Trim();
        return text.Length == 0 ? (long?)null
            : text == "*" ? 0
            : text is ['"', .. var inner, '"'] && long.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
            : new Failure(FailureKind.Invalid, "If-Match is the ETag that was read with it, as \"7\" with its quotation marks");
    }

    /// <summary>A yes or no from an address.</summary>
    public static Outcome<bool> ReadFlag(string? text, string name) => text switch
    {
        null or "" or "false" => false,
        "true" => true,
        _ => new Failure(FailureKind.Invalid, $"'{name}' is true or false"),
    };
}
