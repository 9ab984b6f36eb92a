using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Json;
using Cete.Api;
using Cete.Core;
using Cete.Net.Rates;
using Cete.Net.Tls;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Net;

/// <summary>Fetches many small contents by <c>POST /api/contents/bundle</c>; each is verified before it is handed over.</summary>
public sealed class HttpBundleClient : IBundleClient, IDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly TimeSpan _silenceMax;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;

    /// <param name="silenceMax">How long a source may send nothing.</param>
    /// <param name="clock">Tells how long it has been silent.</param>
    /// <param name="trust">Whom it believes.</param>
    /// <param name="logins">What its user is logged in to; null for one that asks as a guest.</param>
    /// <param name="from">The address of this machine that its connections come from; null for any.</param>
    public HttpBundleClient(TimeSpan silenceMax, TimeProvider clock, TlsTrust trust, ISessionBook? logins = null, IPAddress? from = null) =>
        (_silenceMax, _clock, _http) = (silenceMax, clock, Transport.NewClient(trust, logins, from));

    /// <summary>How fast it fetches, together with others who share it; stays the caller's, null for as fast as it can.</summary>
    public Pacer? Pace { get; init; }

    public async Task<Failure?> FetchAsync(
        Uri source, IReadOnlyList<Hash256> roots, Func<int, ReadOnlyMemory<byte>, Task> take, CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(_silenceMax, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        var buffer = ArrayPool<byte>.Shared.Rent(Bundle.LengthMax);
        try
        {
            var body = new BundleRequest([.. roots.Select(root => root.ToString())]);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(source, Routes.Bundle))
            {
                Content = JsonContent.Create(body, ApiJson.Default.BundleRequest),
            };
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType != Bundle.MediaType)
            {
                return new Failure(FailureKind.Unavailable, $"{source} does not send bundles: it answered {(int)response.StatusCode}");
            }

            var came = await response.Content.ReadAsStreamAsync(either.Token);
            await using var stream = new BufferedStream(
                Pace is null ? came : new PacedStream(came, Pace, isHeld => silence.CancelAfter(isHeld ? Timeout.InfiniteTimeSpan : _silenceMax)), BufferSize);
            for (var i = 0; i < roots.Count; i++)
            {
                await stream.ReadExactlyAsync(buffer.AsMemory(0, sizeof(int)), either.Token);
                var length = BinaryPrimitives.ReadInt32LittleEndian(buffer);
                if (length == Bundle.Absent)
                {
                    continue;
                }

                if (length is < 0 or > Bundle.LengthMax)
                {
                    return new Failure(FailureKind.Damaged, $"{source} sent a bundle that is none");
                }

                var content = buffer.AsMemory(0, length);
                await stream.ReadExactlyAsync(content, either.Token);
                silence.CancelAfter(_silenceMax);
                if (Merkle.HashContent(content.Span) != roots[i])
                {
                    return new Failure(FailureKind.Damaged, $"{source} sent bytes that are not {roots[i]}");
                }

                await take(i, content);
            }

            return null;
        }
        catch (OperationCanceledException)
        {
            return cancellation.IsCancellationRequested
                ? new Failure(FailureKind.Cancelled, "stopped on request")
                : new Failure(FailureKind.Unavailable, $"{source} sent nothing for {_silenceMax.TotalSeconds:0} s");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return new Failure(FailureKind.Unavailable, $"{source}: {Transport.Refusal(error) ?? error.Message}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose() => _http.Dispose();
}
