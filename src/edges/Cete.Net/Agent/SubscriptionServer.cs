using Cete.Api;
using Cete.Core;
using Cete.Ports.Folders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Net.Agent;

/// <summary>What an agent does for those who follow folders.</summary>
public interface ISubscriptions
{
    /// <summary>All of them.</summary>
    Outcome<IReadOnlyList<SubscriptionInfo>> All();

    /// <summary>Adds one.</summary>
    Task<Outcome<SubscriptionInfo>> AddAsync(SubscriptionRequest request);

    /// <summary>Stops one, or goes on with it.</summary>
    Task<Outcome<SubscriptionInfo>> PauseAsync(long id, bool isPaused);

    /// <summary>Ends one.</summary>
    Task<Outcome<SubscriptionInfo>> RemoveAsync(long id);

    /// <summary>What it found last.</summary>
    Outcome<IReadOnlyList<SubscribedFile>> Newest(long id, int countMax);
}

/// <summary>An agent's answers about subscriptions, on its socket.</summary>
public static class SubscriptionServer
{
    private const int PatternsMax = 100;
    private const int FilesMax = 10_000;

    /// <summary>Adds them to an application.</summary>
    public static void Map(IEndpointRouteBuilder routes, ISubscriptions subscriptions)
    {
        const string one = AgentRoutes.Subscriptions + "/{id:long}";
        routes.MapGet(AgentRoutes.Subscriptions, () => subscriptions.All() is var all && all.Succeeded
            ? Results.Json(new SubscriptionList(all.Value), AgentJson.Default.SubscriptionList)
            : Answers.Of(all.Failure!));
        routes.MapPost(AgentRoutes.Subscriptions, async (HttpContext context, CancellationToken _) =>
        {
            var body = await Answers.ReadAsync(context.Request, AgentJson.Default.SubscriptionRequest);
            var request = body.Then(read => read.Sound());
            return Of((request.Failure ?? Check(request.Value)) is { } failure ? failure : await subscriptions.AddAsync(request.Value));
        });
        routes.MapPost(one + "/pause", async (long id) => Of(await subscriptions.PauseAsync(id, isPaused: true)));
        routes.MapPost(one + "/resume", async (long id) => Of(await subscriptions.PauseAsync(id, isPaused: false)));
        routes.MapPost(one + "/remove", async (long id) => Of(await subscriptions.RemoveAsync(id)));
        routes.MapGet(one + "/files", (long id, int? limit) => subscriptions.Newest(id, Math.Clamp(limit ?? 100, 1, FilesMax)) is var files && files.Succeeded
            ? Results.Json(new SubscribedFileList(files.Value), AgentJson.Default.SubscribedFileList)
            : Answers.Of(files.Failure!));
    }

    private static IResult Of(Outcome<SubscriptionInfo> one) =>
        one.Succeeded ? Results.Json(one.Value, AgentJson.Default.SubscriptionInfo) : Answers.Of(one.Failure);

    private static Failure? Check(SubscriptionRequest request) =>
        !Path.IsPathFullyQualified(request.To ?? string.Empty) ? new Failure(FailureKind.Invalid, "'to' is a full path")
        : EntryPath.Parse(request.Folder ?? string.Empty) is not { Succeeded: true, Value: var folder } || folder.ToString() != request.Folder
            ? new Failure(FailureKind.Invalid, "'folder' is a path of the index")
        : !Uri.TryCreate(request.Node, UriKind.Absolute, out var node) || node.Scheme is not ("http" or "https")
            ? new Failure(FailureKind.Invalid, "'node' is the address of a node")
        : request.Match.Count > PatternsMax || request.Kinds.Count > PatternsMax || request.Then.Count > PatternsMax
            || request.Match.Concat(request.Kinds).Concat(request.Then).Any(text => text is not { Length: > 0 and <= 4_096 })
            ? new Failure(FailureKind.Invalid, $"'match', 'kinds' and 'then' hold at most {PatternsMax} texts each, none of them empty")
        : request.MinSize < 0 || request.MinSize > request.MaxSize ? new Failure(FailureKind.Invalid, "'minSize' is above 'maxSize'")
        : request.MaxPrice < 0 ? new Failure(FailureKind.Invalid, "'maxPrice' is below 0")
        : request.Words is { Length: 0 or > 500 } ? new Failure(FailureKind.Invalid, "'words' are 1 to 500 characters")
        : null;
}
