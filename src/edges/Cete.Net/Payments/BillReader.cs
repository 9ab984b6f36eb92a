using System.Text.Json;
using Cete.Api;
using Cete.Core;
using Cete.Ports.Payments;

namespace Cete.Net.Payments;

/// <summary>Reads what a server answers that wants to be paid.</summary>
internal static class BillReader
{
    private const int BytesMax = 16 * 1024;

    /// <summary>What it wants; a failure where it does not say so, or says what cannot be.</summary>
    public static async Task<Outcome<(Bill Bill, string Detail)>> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentType?.MediaType != Problems.MediaType || response.Content.Headers.ContentLength > BytesMax)
        {
            return Wrong;
        }

        await using var body = new BoundedBody(await response.Content.ReadAsStreamAsync(cancellation), BytesMax);
        var buffer = new MemoryStream();
        await body.CopyToAsync(buffer, cancellation);
        return Read(buffer.ToArray());
    }

    /// <summary>The same of its bytes.</summary>
    public static Outcome<(Bill Bill, string Detail)> Read(ReadOnlySpan<byte> json)
    {
        PaymentProblem? problem;
        try
        {
            problem = JsonSerializer.Deserialize(json, ApiJson.Default.PaymentProblem);
        }
        catch (JsonException)
        {
            return Wrong;
        }

        return problem is { Price: > 0, Payee: not null, Provider: not null, Window: > 0, Room: >= 0, Sent: >= 0, Due: >= 0, Paid: >= 0 }
            ? (new Bill(
                problem.Price, problem.Payee, problem.Provider, problem.Window, problem.Room, problem.Sent, problem.Due, problem.Paid, problem.Voucher)
            {
                HasLastPlace = problem.HasLastPlace,
            },
                problem.Detail ?? string.Empty)
            : Wrong;
    }

    private static Failure Wrong => new(FailureKind.Unpaid, "it wants to be paid, and does not say how much and to whom");
}
