using System.Buffers;
using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cete.Api;
using Cete.Core;
using Cete.Net.Tls;
using Cete.Swarm;

namespace Cete.Net;

/// <summary>A node's HTTP API for programs: typed requests, failures as values. For several callers at once.</summary>
public sealed class NodeClient : IDisposable
{
    /// <summary>Bytes of an answer that is held in memory.</summary>
    private const int AnswerBytesMax = Limits.IdFileBytesMax;

    /// <summary>Nodes that may send on a request, one to the next.</summary>
    private const int HopsMax = 3;

    private readonly HttpClient _http;
    private readonly string _session;
    private long _sequence;

    /// <param name="node">Base address of the node.</param>
    /// <param name="session">Name of this client's session, unique for ever: with it a command that is sent again happens once.</param>
    /// <param name="trust">Whom it believes.</param>
    public NodeClient(Uri node, string session, TlsTrust trust)
    {
        Node = node;
        _session = session;
        _http = Transport.NewClient(trust);
        _http.BaseAddress = node;
    }

    /// <summary>Base address of the node.</summary>
    public Uri Node { get; }

    /// <summary>Asks for something that changes nothing.</summary>
    public Task<Outcome<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), type, cancellation);

    /// <summary>Sends a command; it happens once, however often it has to be sent.</summary>
    public Task<Outcome<TAnswer>> CommandAsync<TBody, TAnswer>(
        HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellation)
    {
        var key = $"{_session}/{Interlocked.Increment(ref _sequence)}";
        return SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, bodyType) };
                request.Headers.Add(Headers.IdempotencyKey, key);
                return request;
            },
            answerType,
            cancellation);
    }

    /// <summary>Sends a question or a step that may be repeated without harm.</summary>
    public Task<Outcome<TAnswer>> PostAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellation) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, bodyType) }, answerType, cancellation);

    /// <summary>Takes a step that needs no more than its address and may be repeated without harm.</summary>
    public Task<Outcome<TAnswer>> PostAsync<TAnswer>(string path, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellation) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Post, path), answerType, cancellation);

    /// <summary>Takes away what an address names; may be repeated without harm.</summary>
    public Task<Outcome<TAnswer>> DeleteAsync<TAnswer>(string path, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellation) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Delete, path), answerType, cancellation);

    /// <summary>Hands over what the node tells of its own accord (server-sent events), until that ends; tells why it did.</summary>
    public async Task<Failure> WatchAsync<T>(string path, JsonTypeInfo<T> type, Action<T> take, CancellationToken cancellation)
    {
        var ended = await RetryAsync<bool>(
            () => new HttpRequestMessage(HttpMethod.Get, path),
            async response =>
            {
                await using var body = await response.Content.ReadAsStreamAsync(cancellation);
                await foreach (var told in SseParser.Create(body, (_, data) => JsonSerializer.Deserialize(data, type)).EnumerateAsync(cancellation))
                {
                    if (told.Data is { } value)
                    {
                        take(value);
                    }
                }

                return new Failure(FailureKind.Unavailable, $"{Node} ended; the node may have stopped");
            },
            1,
            cancellation);
        return ended.Failure!;
    }

    /// <summary>Sends bytes.</summary>
    public Task<Outcome<TAnswer>> PutAsync<TAnswer>(string path, ReadOnlyMemory<byte> body, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellation) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Put, path) { Content = new ReadOnlyMemoryContent(body) }, answerType, cancellation);

    /// <summary>Sends a run of pieces of an upload from where <paramref name="offset"/> says; the content is asked for its bytes once.</summary>
    public Task<Outcome<UploadState>> PatchAsync(string upload, long offset, HttpContent pieces, CancellationToken cancellation) =>
        SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Patch, Routes.Upload(upload)) { Content = pieces };
                request.Headers.Add(Headers.UploadOffset, offset.ToString(System.Globalization.CultureInfo.InvariantCulture));
                return request;
            },
            ApiJson.Default.UploadState,
            cancellation,
            triesMax: 1);

    /// <summary>Fetches and checks an ID file.</summary>
    public async Task<Outcome<IdFile>> GetIdFileAsync(string path, CancellationToken cancellation)
    {
        var bytes = await RetryAsync<byte[]>(
            () => new HttpRequestMessage(HttpMethod.Get, path),
            async response => await ReadBoundedAsync(response, cancellation),
            3,
            cancellation);
        return bytes.Succeeded ? IdFile.Read(bytes.Value) : bytes.Failure;
    }

    public void Dispose() => _http.Dispose();

    private Task<Outcome<T>> SendAsync<T>(Func<HttpRequestMessage> request, JsonTypeInfo<T> type, CancellationToken cancellation, int triesMax = 3) =>
        RetryAsync<T>(
            request,
            async response => JsonSerializer.Deserialize(await ReadBoundedAsync(response, cancellation), type) is { } value
                ? value
                : new Failure(FailureKind.Unavailable, $"{Node} gave an empty answer"),
            triesMax,
            cancellation);

    private async Task<Outcome<T>> RetryAsync<T>(
        Func<HttpRequestMessage> request, Func<HttpResponseMessage, Task<Outcome<T>>> read, int triesMax, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (outcome, isFinal) = await TryAsync(request, read, cancellation);
            if (isFinal || outcome.Failure is not { Kind: FailureKind.Unavailable } || attempt >= triesMax)
            {
                return outcome;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200 * attempt), TimeProvider.System, cancellation);
        }
    }

    /// <summary>One try, and whether another cannot end differently.</summary>
    private async Task<(Outcome<T> Outcome, bool IsFinal)> TryAsync<T>(
        Func<HttpRequestMessage> make, Func<HttpResponseMessage, Task<Outcome<T>>> read, CancellationToken cancellation)
    {
        Uri? elsewhere = null;
        try
        {
            for (var hop = 0; ; hop++)
            {
                using var request = make();
                request.RequestUri = elsewhere ?? request.RequestUri;
                using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
                if (hop < HopsMax && Elsewhere(response) is { } there)
                {
                    elsewhere = there;
                    continue;
                }

                return (response.IsSuccessStatusCode ? await read(response) : await ReadProblemAsync(response, cancellation), false);
            }
        }
        catch (HttpRequestException error) when (Transport.Refusal(error) is string refusal)
        {
            return (new Failure(FailureKind.Unavailable, $"{Node}: {refusal}"), true);
        }
        catch (HttpRequestException error) when (error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            return (new Failure(FailureKind.Unavailable,
                $"no node answers at {Node}; start one with 'cete node' or name another with --node ({error.Message})"), false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (new Failure(FailureKind.Unavailable, $"no node answers at {Node} for a long time; is it the right address?"), true);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException)
        {
            return (new Failure(FailureKind.Unavailable, $"{Node} did not answer as a Cete node does: {error.Message}"), false);
        }
    }

    /// <summary>Where a node sends whoever asks for a service that it has no replica of; never from https to plain http.</summary>
    private Uri? Elsewhere(HttpResponseMessage response) =>
        response is { StatusCode: HttpStatusCode.TemporaryRedirect, Headers.Location: { IsAbsoluteUri: true, Scheme: "http" or "https" } there }
        && (there.Scheme == "https" || Node.Scheme == "http")
            ? there
            : null;

    private static async Task<Failure> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        Problem? problem = null;
        if (response.Content.Headers.ContentType?.MediaType is Problems.MediaType)
        {
            try
            {
                problem = JsonSerializer.Deserialize(await ReadBoundedAsync(response, cancellation), ApiJson.Default.Problem);
            }
            catch (JsonException)
            {
                problem = null;
            }
        }

        return Problems.ToFailure(problem, (int)response.StatusCode);
    }

    /// <summary>The body of an answer. HttpClient's own bound does not hold for answers that are read behind their header.</summary>
    private static async Task<byte[]> ReadBoundedAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var bytes = new ArrayBufferWriter<byte>();
        while (await body.ReadAsync(bytes.GetMemory(64 * 1024), cancellation) is > 0 and var count)
        {
            bytes.Advance(count);
            if (bytes.WrittenCount > AnswerBytesMax)
            {
                throw new IOException($"an answer of more than {AnswerBytesMax} bytes");
            }
        }

        return bytes.WrittenSpan.ToArray();
    }
}
