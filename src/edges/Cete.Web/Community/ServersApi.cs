using System.Text.Json;
using System.Threading.Channels;
using Cete.Api;
using Cete.Cluster.Membership;
using Cete.Cluster.Servers;
using Cete.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Cete.Web.Community;

/// <summary>The server list: at once, and each time it changes.</summary>
public sealed class ServersApi
{
    /// <summary>Clients that are told of changes at once: each holds a connection.</summary>
    private const int WatchersMax = 500;

    /// <summary>
    /// Lists for one watcher in a second, in characters: a list of a thousand nodes has a third of a million, and changes many times a second.
    /// </summary>
    private const int CharactersPerSecond = 350_000;

    /// <summary>Between two lists at least: what changes together is told together.</summary>
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(20);

    private readonly NodeFacts _facts;
    private readonly KeyId _community;
    private readonly Lock _gate = new();
    private readonly HashSet<Channel<bool>> _watchers = [];
    private volatile ServerList _servers = ServerList.Empty;
    private volatile ClusterView _view;

    public ServersApi(ClusterMembership membership, NodeFacts facts, KeyId community)
    {
        (_facts, _community, _view) = (facts, community, membership.View);
        membership.Watch(Take);
    }

    /// <summary>The list of now.</summary>
    public ServerList Servers => _servers;

    /// <summary>Adds its addresses, and the version of the list to every answer of the API.</summary>
    public void Map(WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
            {
                context.Response.Headers[Headers.Servers] = _servers.Version;
            }

            return next(context);
        });
        app.MapGet(Routes.Servers, Answer).Tells("Community", "For every service its servers, the root first").Gives<ServersAnswer>();
        app.MapGet(Routes.ServersLive, (HttpContext context) => WatchAsync(context))
            .Tells("Community", "The server list each time it changes, as server-sent events").GivesBytes("text/event-stream");
    }

    /// <summary>How long a watcher waits for the next list: after a small one hardly at all, so that it sees who comes when this node does.</summary>
    internal static TimeSpan PauseAfter(int characters) =>
        TimeSpan.FromTicks(Math.Max(PauseMin.Ticks, TimeSpan.TicksPerSecond * characters / CharactersPerSecond));

    private ServersAnswer Now()
    {
        var (view, servers) = (_view, _servers);
        return new ServersAnswer(
            _facts.Community, _community.ToString(), servers.Version,
            [.. servers.Services.Select(service => new ServiceServersInfo(
                service.Service,
                [.. service.Servers.Select(server => new ServerInfo(server.Node.ToString(), server.Name, server.Http, server.IsRoot, server.IsOverloaded))]))],
            [.. view.Members.Select(MemberInfos.Of)]);
    }

    private IResult Answer(HttpContext context)
    {
        // Nodes come and go, and are busy or not, without a change of the list; those who ask for the list alone are spared that.
        var tag = new EntityTagHeaderValue($"\"{_servers.Version}\"");
        context.Response.GetTypedHeaders().ETag = tag;
        context.Response.Headers.CacheControl = "no-cache";
        return context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false))
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Json(Now(), ApiJson.Default.ServersAnswer);
    }

    private async Task WatchAsync(HttpContext context)
    {
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        bool isTaken;
        lock (_gate)
        {
            isTaken = _watchers.Count < WatchersMax && _watchers.Add(changes);
        }

        if (!isTaken)
        {
            await Answers.WriteAsync(context, new Failure(FailureKind.Unavailable, "too many watch this node; watch another one, or ask from time to time"));
            return;
        }

        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            do
            {
                var list = JsonSerializer.Serialize(Now(), ApiJson.Default.ServersAnswer);
                await context.Response.WriteAsync($"event: servers\nid: {_servers.Version}\ndata: {list}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(PauseAfter(list.Length), TimeProvider.System, context.RequestAborted);
            }
            while (await WaitAsync(context, changes.Reader));
        }
        catch (OperationCanceledException)
        {
            // Whoever watched is gone, or the node stops.
        }
        finally
        {
            lock (_gate)
            {
                _watchers.Remove(changes);
            }
        }
    }

    /// <summary>Waits for a change. A comment now and then shows both sides that the other is still there.</summary>
    private static async Task<bool> WaitAsync(HttpContext context, ChannelReader<bool> changes)
    {
        while (true)
        {
            using var beat = new CancellationTokenSource(TimeSpan.FromSeconds(15), TimeProvider.System);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, context.RequestAborted);
            try
            {
                await changes.ReadAsync(either.Token);
                return true;
            }
            catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync(": still here\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
    }

    private void Take(ClusterView view)
    {
        lock (_gate)
        {
            (_view, _servers) = (view, ServerList.Make(view));
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(true);
            }
        }
    }
}
