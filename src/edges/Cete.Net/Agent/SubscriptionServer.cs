using Cete.Core;
using Cete.Ports.Folders;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Net.Agent;

/// <summary>What an agent does for those who follow folders.</summary>
public interface ISubscriptions : IKept<SubscriptionRequest, SubscriptionInfo, SubscribedFile>;

/// <summary>An agent's answers about subscriptions, on its socket.</summary>
public static class SubscriptionServer
{
    private const int PatternsMax = 100;

    /// <summary>Adds them to an application.</summary>
    public static void Map(IEndpointRouteBuilder routes, ISubscriptions subscriptions) => KeptServer.Map(
        routes, AgentRoutes.Subscriptions, subscriptions, new KeptForms<SubscriptionRequest, SubscriptionInfo, SubscribedFile>(
            AgentJson.Default.SubscriptionRequest, Check, AgentJson.Default.SubscriptionInfo,
            all => Results.Json(new SubscriptionList(all), AgentJson.Default.SubscriptionList),
            files => Results.Json(new SubscribedFileList(files), AgentJson.Default.SubscribedFileList)));

    private static Outcome<SubscriptionRequest> Check(SubscriptionRequest read)
    {
        var request = read.Sound();
        return WrongIn(request) is { } wrong ? wrong : request;
    }

    private static Failure? WrongIn(SubscriptionRequest request) =>
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
