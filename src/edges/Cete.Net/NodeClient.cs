using System.Buffers;
using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cete.Api;
using Cete.Core;
using Cete.Net.Tls;
using Cete.Ports;
using Cete.Swarm;
using Cete.Trust;

namespace Cete.Net;

/// <summary>
/// The HTTP API of a community for programs: typed requests, failures as values. It speaks with one node; when that is gone, with another one of
/// the same community, if it remembers any. For several callers at once.
/// </summary>
public sealed class NodeClient : IAsyncDisposable
{
    /// <summary>Bytes of an answer that is held in memory.</summary>
    private const int AnswerBytesMax = Limits.IdFileBytesMax;

    /// <summary>Nodes that may send on a request, one to the next.</summary>
    private const int HopsMax = 3;

    /// <summary>Other nodes that one request goes on with: those that show who they are and then answer nothing must not keep it for ever.</summary>
    private const int MovesMax = 8;

    private const int VersionLengthMax = 64;

    /// <summary>What is learned in passing must not keep a command from ending.</summary>
    private static readonly TimeSpan KeepingMax = TimeSpan.FromSeconds(2);

    /// <summary>What one request waits in all where a node says that too many come: longer, and whoever asked wants to know.</summary>
    private static readonly TimeSpan ThrottledMax = TimeSpan.FromSeconds(30);

    /// <summary>What it waits each time at least, whatever the node says.</summary>
    private static readonly TimeSpan ThrottledMin = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;
    private readonly string _session;
    private readonly CommunityFinder? _finder;
    private readonly Action<Uri, Uri> _moved;
    private readonly SemaphoreSlim _moving = new(1);
    private readonly CancellationTokenSource _stop = new();
    private Task? _keeping;
    private volatile Uri _node;
    private long _sequence;

    /// <param name="node">Base address of the node.</param>
    /// <param name="session">Name of this client's session, unique for ever: with it a command that is sent again happens once.</param>
    /// <param name="trust">Whom it believes.</param>
    /// <param name="book">Where it remembers communities; null for a client that keeps to its node.</param>
    /// <param name="moved">Is told when it goes on with another node: the one that is gone, and the other.</param>
    /// <param name="logins">What its user is logged in to; null for one that asks as a guest.</param>
    public NodeClient(Uri node, string session, TlsTrust trust, IServerBook? book = null, Action<Uri, Uri>? moved = null, ISessionBook? logins = null)
    {
        (_node, _session, _moved) = (node, session, moved ?? ((_, _) => { }));
        _http = Transport.NewClient(trust, logins);
        if (book is not null)
        {
            _finder = new CommunityFinder(
                book,
                (there, path, cancellation) => AskOnceAsync(there, path, ApiJson.Default.IdentityAnswer, cancellation),
                (there, path, cancellation) => AskOnceAsync(there, path, ApiJson.Default.ServersAnswer, cancellation),
                TimeProvider.System);
        }
    }

    /// <summary>Base address of the node that it speaks with now.</summary>
    public Uri Node => _node;

    /// <summary>The administrator's key, to sign what is asked for with it; null for everybody else. It stays the caller's.</summary>
    public NodeKey? Administrator { get; init; }

    /// <summary>Asks for something that changes nothing.</summary>
    public Task<Outcome<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), type, cancellation);

    /// <summary>Sends a command; it happens once, however often it has to be sent.</summary>
    public Task<Outcome<TAnswer>> CommandAsync<TBody, TAnswer>(
        HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellation) =>
        CommandAsync(() => new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, bodyType) }, answerType, cancellation);

    /// <summary>Sends a command whose request is made anew for each try; it happens once, however often it has to be sent.</summary>
    public Task<Outcome<TAnswer>> CommandAsync<TAnswer>(Func<HttpRequestMessage> make, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellation)
    {
        var key = $"{_session}/{Interlocked.Increment(ref _sequence)}";
        return SendAsync(
            () =>
            {
                var request = make();
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

    /// <summary>Posts bytes; may be repeated without harm.</summary>
    public Task<Outcome<TAnswer>> PostBytesAsync<TAnswer>(
        string path, ReadOnlyMemory<byte> body, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellation) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Post, path) { Content = new ReadOnlyMemoryContent(body) }, answerType, cancellation);

    /// <summary>Takes a step that needs no more than its address and may be repeated without harm.</summary>
    public Task<Outcome<TAnswer>> PostAsync<TAnswer>(string path, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellation) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Post, path), answerType, cancellation);

    /// <summary>Takes away what an address names; may be repeated without harm.</summary>
    public Task<Outcome<TAnswer>> DeleteAsync<TAnswer>(string path, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellation) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Delete, path), answerType, cancellation);

    /// <summary>Hands over what the node tells of its own accord (server-sent events), until that ends; tells why it did.</summary>
    public Task<Failure> WatchAsync<T>(string path, JsonTypeInfo<T> type, Action<T> take, CancellationToken cancellation) => WatchEventsAsync(
        () => new HttpRequestMessage(HttpMethod.Get, path),
        (_, data, _) =>
        {
            if (data.Length > 0 && JsonSerializer.Deserialize(data, type) is { } value)
            {
                take(value);
            }
        },
        cancellation);

    /// <summary>
    /// Hands over events with their kinds and ids as they come, until that ends; an id may come without an event, to go on from. Tells why it ended.
    /// </summary>
    /// <param name="make">Makes the request anew for each try.</param>
    /// <param name="take">Is told the kind of event, what it says, and the last id; the kind and the text are empty where an id came alone.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Failure> WatchEventsAsync(Func<HttpRequestMessage> make, Action<string, string, string> take, CancellationToken cancellation)
    {
        var ended = await RetryAsync<bool>(
            make,
            async response =>
            {
                take(string.Empty, string.Empty, string.Empty);
                await using var body = new BoundedBody(await response.Content.ReadAsStreamAsync(cancellation), AnswerBytesMax);
                var parser = SseParser.Create(body);
                await foreach (var told in parser.EnumerateAsync(cancellation))
                {
                    body.Renew();
                    take(told.EventType, told.Data, parser.LastEventId);
                }

                take(string.Empty, string.Empty, parser.LastEventId);
                return new Failure(FailureKind.Unavailable, $"{Node} ended; the node may have stopped");
            },
            1,
            cancellation);
        return ended.Failure!;
    }

    /// <summary>Fetches bytes that are the same however often they are asked for in a row, from one node; what came before a failure is taken back.</summary>
    public Task<Outcome<long>> DownloadAsync(string path, Stream target, CancellationToken cancellation)
    {
        var start = target.Position;
        return RetryAsync(
            () => new HttpRequestMessage(HttpMethod.Get, path),
            async response =>
            {
                target.SetLength(start);
                target.Position = start;
                await using var body = await response.Content.ReadAsStreamAsync(cancellation);
                await body.CopyToAsync(target, cancellation);
                return Outcome.Of(target.Position - start);
            },
            triesMax: 3,
            cancellation);
    }

    /// <summary>Puts something; repeating it must do no harm.</summary>
    public Task<Outcome<TAnswer>> PutAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellation) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body, bodyType) }, answerType, cancellation);

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

    public async ValueTask DisposeAsync()
    {
        if (_keeping is { } keeping)
        {
            _stop.CancelAfter(KeepingMax);
            await keeping;
        }

        _http.Dispose();
        _stop.Dispose();
        _moving.Dispose();
    }

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
        var moves = 0;
        var waited = TimeSpan.Zero;
        for (var attempt = 1; ; attempt++)
        {
            var node = _node;
            var (outcome, end, again) = await TryAsync(node, request, read, cancellation);

            // It was not carried out, so it may be sent again; not what can be sent but once, whoever has it knows better.
            if (again is { } pause && triesMax > 1 && waited + pause <= ThrottledMax)
            {
                waited += pause;
                attempt--;
                await Task.Delay(pause, TimeProvider.System, cancellation);
                continue;
            }

            if (outcome.Failure is not { Kind: FailureKind.Unavailable } || end == TryEnd.Final)
            {
                return outcome;
            }

            if (end is TryEnd.NobodyThere or TryEnd.Silence && moves < MovesMax && await MoveAsync(node, cancellation))
            {
                moves++;
                continue;
            }

            if (attempt >= triesMax || end == TryEnd.Silence)
            {
                return outcome;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200 * attempt), TimeProvider.System, cancellation);
        }
    }

    /// <summary>One try at one node.</summary>
    private async Task<Tried<T>> TryAsync<T>(
        Uri node, Func<HttpRequestMessage> make, Func<HttpResponseMessage, Task<Outcome<T>>> read, CancellationToken cancellation)
    {
        Uri? elsewhere = null;
        try
        {
            for (var hop = 0; ; hop++)
            {
                using var request = make();
                request.RequestUri = elsewhere ?? new Uri(node, request.RequestUri!);
                if (Administrator is { } key && await SignAsync(key, node, request, cancellation) is { } unsigned)
                {
                    return new Tried<T>(unsigned, TryEnd.Final);
                }

                using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
                if (hop == 0)
                {
                    Learn(node, response);
                }

                if (hop < HopsMax && Elsewhere(node, response) is { } there)
                {
                    elsewhere = there;
                    continue;
                }

                var outcome = response.IsSuccessStatusCode ? await read(response) : await ReadProblemAsync(response, cancellation);
                return new Tried<T>(outcome, TryEnd.Answered, AgainAfter(response));
            }
        }
        catch (HttpRequestException error) when (Transport.Refusal(error) is string refusal)
        {
            return new Tried<T>(new Failure(FailureKind.Unavailable, $"{node}: {refusal}"), TryEnd.Final);
        }
        catch (HttpRequestException error) when (error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            return elsewhere is null
                ? new Tried<T>(new Failure(FailureKind.Unavailable,
                    $"no node answers at {node}; start one with 'cete node' or name another with --node ({error.Message})"), TryEnd.NobodyThere)
                : new Tried<T>(
                    new Failure(FailureKind.Unavailable, $"{node} names {elsewhere} for this, where no node answers; try again in a moment"),
                    TryEnd.Answered);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Tried<T>(new Failure(FailureKind.Unavailable, $"no node answers at {node} for a long time; is it the right address?"), TryEnd.Silence);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException)
        {
            return new Tried<T>(new Failure(FailureKind.Unavailable, $"{node} did not answer as a Cete node does: {error.Message}"), TryEnd.Answered);
        }
    }

    /// <summary>Goes on with another node, where one is known that answers.</summary>
    private async Task<bool> MoveAsync(Uri gone, CancellationToken cancellation)
    {
        if (_finder is null)
        {
            return false;
        }

        await _moving.WaitAsync(cancellation);
        try
        {
            if (_node != gone)
            {
                return true;
            }

            if (await _finder.FindAsync(gone, cancellation) is not { } found)
            {
                return false;
            }

            _node = found;
            _moved(gone, found);
            return true;
        }
        finally
        {
            _moving.Release();
        }
    }

    /// <summary>Takes up the server list if the answer tells of one that is not known here; nobody waits for that but the end.</summary>
    private void Learn(Uri node, HttpResponseMessage response)
    {
        if (_finder is { } finder && _keeping is null
            && response.Headers.TryGetValues(Headers.Servers, out var versions) && versions.FirstOrDefault() is { Length: <= VersionLengthMax } version
            && Interlocked.CompareExchange(ref _keeping, Task.CompletedTask, null) is null)
        {
            _keeping = finder.KeepAsync(node, version, _stop.Token);
        }
    }

    /// <summary>Signs a request for the community that the node names: in another one the signature does not count.</summary>
    private async Task<Failure?> SignAsync(NodeKey key, Uri node, HttpRequestMessage request, CancellationToken cancellation)
    {
        using var asked = await _http.GetAsync(new Uri(node, Routes.Servers), HttpCompletionOption.ResponseHeadersRead, cancellation);
        var servers = asked.IsSuccessStatusCode
            ? JsonSerializer.Deserialize(await ReadBoundedAsync(asked, cancellation), ApiJson.Default.ServersAnswer)
            : null;
        if (!KeyId.TryParse(servers?.CommunityId, out var community))
        {
            return new Failure(FailureKind.Unavailable, $"{node} does not tell its community; is it a Cete node?");
        }

        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellation);
        var now = Instant.From(TimeProvider.System.GetUtcNow());
        var target = request.RequestUri!.PathAndQuery;
        request.Headers.Add(Headers.Administrator, AdministratorProof.Make(key, community, now, request.Method.Method, target, body));
        return null;
    }

    /// <summary>Asks one node once.</summary>
    private async Task<Outcome<T>> AskOnceAsync<T>(Uri node, string path, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        var tried = await TryAsync<T>(
            node,
            () => new HttpRequestMessage(HttpMethod.Get, path),
            async response => JsonSerializer.Deserialize(await ReadBoundedAsync(response, cancellation), type) is { } value
                ? value
                : new Failure(FailureKind.Unavailable, $"{node} gave an empty answer"),
            cancellation);
        return tried.Outcome;
    }

    /// <summary>Where a node sends whoever asks for a service that it has no replica of; never from https to plain http.</summary>
    private static Uri? Elsewhere(Uri node, HttpResponseMessage response) =>
        response is { StatusCode: HttpStatusCode.TemporaryRedirect, Headers.Location: { IsAbsoluteUri: true, Scheme: "http" or "https" } there }
        && (there.Scheme == "https" || node.Scheme == "http")
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

    /// <summary>When a node wants to be asked again that takes no more from this address now (RFC 9110 §10.2.3); null for any other answer.</summary>
    private static TimeSpan? AgainAfter(HttpResponseMessage response) =>
        response is { StatusCode: HttpStatusCode.TooManyRequests, Headers.RetryAfter.Delta: { } pause }
            ? pause > ThrottledMin ? pause : ThrottledMin
            : null;

    /// <summary>What came of a try.</summary>
    private readonly record struct Tried<T>(Outcome<T> Outcome, TryEnd End, TimeSpan? Again = null);

    /// <summary>How a try ended.</summary>
    private enum TryEnd
    {
        /// <summary>A node answered; another try may end differently.</summary>
        Answered,

        /// <summary>No node is there; another one may be.</summary>
        NobodyThere,

        /// <summary>Nothing came, not even a refusal, and that took long enough; another node may be there.</summary>
        Silence,

        /// <summary>Another try cannot end differently.</summary>
        Final,
    }
}
