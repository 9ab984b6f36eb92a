using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cete.Api;
using Cete.Core;
using Cete.Ports;
using Cete.Ports.Folders;
using Cete.Ports.Limits;

namespace Cete.Net.Agent;

/// <summary>Speaks with a user's agent over its socket. For several callers at once.</summary>
public sealed class AgentClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;

    /// <param name="socket">The agent's socket.</param>
    public AgentClient(string socket)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        };
        _http = new HttpClient(handler, disposeHandler: true) { BaseAddress = new Uri("http://agent"), Timeout = Patience };
    }

    /// <summary>What the agent tells of itself; fails when none runs.</summary>
    public Task<Outcome<AgentInfo>> InfoAsync(CancellationToken stop) => SendAsync(HttpMethod.Get, AgentRoutes.Agent, AgentJson.Default.AgentInfo, stop);

    /// <summary>Has it stop; what runs goes on when it starts again.</summary>
    public Task<Outcome<AgentInfo>> StopAsync(CancellationToken stop) => SendAsync(HttpMethod.Post, AgentRoutes.Stop, AgentJson.Default.AgentInfo, stop);

    /// <summary>All downloads.</summary>
    public Task<Outcome<JobList>> AllAsync(CancellationToken stop) => SendAsync(HttpMethod.Get, AgentRoutes.Jobs, AgentJson.Default.JobList, stop);

    /// <summary>One of them.</summary>
    public Task<Outcome<DownloadJob>> FindAsync(long id, CancellationToken stop) =>
        SendAsync(HttpMethod.Get, $"{AgentRoutes.Jobs}/{id}", AgentJson.Default.DownloadJob, stop);

    /// <summary>Adds one, or goes on with one that asked for the same.</summary>
    public Task<Outcome<DownloadJob>> AddAsync(JobRequest request, CancellationToken stop) =>
        SendAsync(HttpMethod.Post, AgentRoutes.Jobs, AgentJson.Default.DownloadJob, stop, JsonContent.Create(request, AgentJson.Default.JobRequest));

    /// <summary>What one does, and with whom.</summary>
    public Task<Outcome<JobDetails>> LookAsync(long id, CancellationToken stop) =>
        SendAsync(HttpMethod.Get, $"{AgentRoutes.Jobs}/{id}/details", AgentJson.Default.JobDetails, stop);

    /// <summary>Has one paused, gone on with, given up, moved or made more urgent.</summary>
    /// <param name="id">Which.</param>
    /// <param name="what"><c>pause</c>, <c>resume</c>, <c>cancel</c>; <c>first</c>, <c>up</c>, <c>down</c>; <c>low</c>, <c>normal</c> or <c>high</c>.</param>
    /// <param name="stop">Ends it.</param>
    public Task<Outcome<DownloadJob>> ChangeAsync(long id, string what, CancellationToken stop) =>
        SendAsync(HttpMethod.Post, $"{AgentRoutes.Jobs}/{id}/{what}", AgentJson.Default.DownloadJob, stop);

    /// <summary>Where the page of downloads is, with what lets one browser in.</summary>
    public Task<Outcome<PageAnswer>> OpenPageAsync(CancellationToken stop) =>
        SendAsync(HttpMethod.Post, AgentRoutes.Page, AgentJson.Default.PageAnswer, stop);

    /// <summary>Where a file of a running download can be looked at.</summary>
    public Task<Outcome<PageAnswer>> PreviewAsync(long id, string file, CancellationToken stop) =>
        SendAsync(HttpMethod.Post, $"{AgentRoutes.Jobs}/{id}/preview?file={Uri.EscapeDataString(file)}", AgentJson.Default.PageAnswer, stop);

    /// <summary>Forgets those that have ended.</summary>
    public Task<Outcome<ClearAnswer>> ClearAsync(CancellationToken stop) => SendAsync(HttpMethod.Post, AgentRoutes.Clear, AgentJson.Default.ClearAnswer, stop);

    /// <summary>All subscriptions.</summary>
    public Task<Outcome<SubscriptionList>> SubscriptionsAsync(CancellationToken stop) =>
        SendAsync(HttpMethod.Get, AgentRoutes.Subscriptions, AgentJson.Default.SubscriptionList, stop);

    /// <summary>Adds one.</summary>
    public Task<Outcome<SubscriptionInfo>> SubscribeAsync(SubscriptionRequest request, CancellationToken stop) => SendAsync(
        HttpMethod.Post, AgentRoutes.Subscriptions, AgentJson.Default.SubscriptionInfo, stop,
        JsonContent.Create(request, AgentJson.Default.SubscriptionRequest));

    /// <summary>Has one paused, gone on with or ended.</summary>
    /// <param name="id">Which.</param>
    /// <param name="what"><c>pause</c>, <c>resume</c> or <c>remove</c>.</param>
    /// <param name="stop">Ends it.</param>
    public Task<Outcome<SubscriptionInfo>> ChangeSubscriptionAsync(long id, string what, CancellationToken stop) =>
        SendAsync(HttpMethod.Post, $"{AgentRoutes.Subscriptions}/{id}/{what}", AgentJson.Default.SubscriptionInfo, stop);

    /// <summary>Files that one found last.</summary>
    public Task<Outcome<SubscribedFileList>> SubscribedAsync(long id, int limit, CancellationToken stop) =>
        SendAsync(HttpMethod.Get, $"{AgentRoutes.Subscriptions}/{id}/files?limit={limit}", AgentJson.Default.SubscribedFileList, stop);

    /// <summary>All shares.</summary>
    public Task<Outcome<ShareList>> SharesAsync(CancellationToken stop) =>
        SendAsync(HttpMethod.Get, AgentRoutes.Shares, AgentJson.Default.ShareList, stop);

    /// <summary>Adds one.</summary>
    public Task<Outcome<ShareInfo>> ShareAsync(ShareRequest request, CancellationToken stop) => SendAsync(
        HttpMethod.Post, AgentRoutes.Shares, AgentJson.Default.ShareInfo, stop, JsonContent.Create(request, AgentJson.Default.ShareRequest));

    /// <summary>Has one paused, gone on with or ended.</summary>
    /// <param name="id">Which.</param>
    /// <param name="what"><c>pause</c>, <c>resume</c> or <c>remove</c>.</param>
    /// <param name="stop">Ends it.</param>
    public Task<Outcome<ShareInfo>> ChangeShareAsync(long id, string what, CancellationToken stop) =>
        SendAsync(HttpMethod.Post, $"{AgentRoutes.Shares}/{id}/{what}", AgentJson.Default.ShareInfo, stop);

    /// <summary>Files of one that changed last.</summary>
    public Task<Outcome<SharedFileList>> SharedAsync(long id, int limit, CancellationToken stop) =>
        SendAsync(HttpMethod.Get, $"{AgentRoutes.Shares}/{id}/files?limit={limit}", AgentJson.Default.SharedFileList, stop);

    /// <summary>What it may use.</summary>
    public Task<Outcome<LimitsAnswer>> LimitsAsync(CancellationToken stop) =>
        SendAsync(HttpMethod.Get, AgentRoutes.Limits, AgentJson.Default.LimitsAnswer, stop);

    /// <summary>Changes what it may use.</summary>
    public Task<Outcome<LimitsAnswer>> ChangeLimitsAsync(LimitsChange change, CancellationToken stop) => SendAsync(
        HttpMethod.Post, AgentRoutes.Limits, AgentJson.Default.LimitsAnswer, stop, JsonContent.Create(change, AgentJson.Default.LimitsChange));

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<Outcome<T>> SendAsync<T>(HttpMethod method, string path, JsonTypeInfo<T> type, CancellationToken stop, HttpContent? body = null)
        where T : class
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body };
            using var answer = await _http.SendAsync(request, stop);
            if (answer.IsSuccessStatusCode)
            {
                return await answer.Content.ReadFromJsonAsync(type, stop) is { } value ? value : Broken("an empty answer");
            }

            var problem = answer.Content.Headers.ContentType?.MediaType == Problems.MediaType
                ? await answer.Content.ReadFromJsonAsync(ApiJson.Default.Problem, stop)
                : null;
            return Problems.ToFailure(problem, (int)answer.StatusCode);
        }
        catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return new Failure(FailureKind.NotFound, "no agent runs; it is started when it is needed");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException
            || (error is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return Broken(error.Message);
        }
    }

    private static Failure Broken(string why) => new(FailureKind.Unavailable, $"the agent does not answer: {why}");
}
