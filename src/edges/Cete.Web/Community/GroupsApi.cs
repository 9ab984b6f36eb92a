using Cete.Api;
using Cete.Cluster.Health;
using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Groups;
using Cete.Web.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Community;

/// <summary>Where the replicas of this node's groups are; <see cref="AdministratorDoor"/> guards what changes them.</summary>
/// <param name="groups">The node's groups.</param>
/// <param name="view">Who is there.</param>
public sealed class GroupsApi(Func<IReadOnlyList<IReplica>> groups, Func<ClusterView> view)
{
    /// <summary>Lets people look.</summary>
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Routes.Groups, async (CancellationToken stop) =>
        {
            var listed = await Task.WhenAll(groups().Select(group => DescribeAsync(group, stop)));
            return ApiAnswers.Of(Outcome.Of(new GroupsAnswer([.. listed.OrderBy(group => group.Name, StringComparer.Ordinal)])), ApiJson.Default.GroupsAnswer);
        }).Tells("Community", "The groups that the node has replicas of").Gives<GroupsAnswer>();

    /// <summary>Lets the administrator move roots: only where the door that knows him stands in front.</summary>
    public void MapMoves(IEndpointRouteBuilder routes) =>
        routes.MapPost(Routes.Groups + "/{name}/root", (HttpContext context, string name, CancellationToken stop) =>
            ApiAnswers.CommandAsync<MoveRootRequest, ChangeAnswer>(
                context, ApiJson.Default.MoveRootRequest, ApiJson.Default.ChangeAnswer, (body, _) => MoveAsync(name, body, stop)))
            .Tells("Community", "Move the root of a group to another node").Takes<MoveRootRequest>().Gives<ChangeAnswer>();

    private async Task<Outcome<ChangeAnswer>> MoveAsync(string name, MoveRootRequest request, CancellationToken stop)
    {
        if (groups().FirstOrDefault(group => group.Id.Name == name) is not { } group)
        {
            return new Failure(FailureKind.NotFound, $"this node has no replica of a group '{EntryName.Show(name)}'; 'cete group list' shows those it has");
        }

        if (!KeyId.TryParse(request.Node, out var node))
        {
            return new Failure(FailureKind.Invalid, "a node is named by 32 letters and digits, as 'cete group list' shows them");
        }

        return group.Status.Root == node ? new ChangeAnswer(false) : (await group.TransferAsync(node, stop)).Then(_ => new ChangeAnswer(true));
    }

    private async Task<GroupInfo> DescribeAsync(IReplica group, CancellationToken stop)
    {
        var report = await group.DescribeAsync(stop);
        var (status, seen) = (report.Status, view());
        var behind = report.Followers.ToDictionary(follower => follower.Node, follower => Math.Max(0, report.LastIndex - follower.Match));
        var replicas = (status.Members?.All ?? []).Select(node =>
        {
            var member = seen.Find(node);
            return new ReplicaInfo(
                node.ToString(), member?.Facts.Name ?? string.Empty, status.Members!.IsVoter(node), status.Root == node, member?.IsPresent == true,
                behind.TryGetValue(node, out var lacks) ? lacks : null);
        });
        bool IsPresent(KeyId node) => seen.Find(node)?.IsPresent == true;
        return new GroupInfo(
            group.Id.Name, status.Root?.ToString(), status.Term, status.Committed, status.Applied, status.Level,
            status.Members is { } members ? Math.Max(0, members.Voters.Count(IsPresent) - members.Majority) : 0,
            status.Failure?.Message ?? GroupIdentity.OldCopy(group.Id.Name, status) ?? GroupIdentity.Trouble(seen, group.Id.Name, status),
            [
                .. replicas.OrderByDescending(replica => replica.IsRoot).ThenByDescending(replica => replica.Votes)
                    .ThenBy(replica => replica.Node, StringComparer.Ordinal),
            ],
            report.Imports.Count == 0 ? null : [.. report.Imports.Select(Describe)]);
    }

    private static ImportInfo Describe(ImportStatus import) =>
        new(import.Source.Name, import.Position, import.IsScanning, import.Behind, import.Failure?.Message);
}
