using Cete.Api;
using Cete.Groups;
using Cete.Index;

namespace Cete.Web.Community;

/// <summary>What a node tells the people who run it.</summary>
public interface INodeReport
{
    /// <summary>How it stands now; quick, and for several callers at once.</summary>
    NodeStatus Status();

    /// <summary>Examines the node: measures its disk and asks other members. It takes some seconds at most.</summary>
    Task<DoctorAnswer> ExamineAsync(CancellationToken cancellation);
}

/// <summary>How a replica stands, for the API.</summary>
public static class ServiceStatuses
{
    /// <summary>The status of one.</summary>
    public static ServiceStatus Of(string service, GroupStatus status) =>
        new(service, status.IsRoot, status.Applied, status.Failure?.Message, status.Term, status.Committed, status.Level);
}

/// <summary>A node of which nothing is known but its index.</summary>
internal sealed class IndexReport(IndexService index, NodeFacts facts, TimeProvider clock) : INodeReport
{
    public NodeStatus Status() => new(facts.Community, facts.Node, facts.Version, [ServiceStatuses.Of(IndexService.Name.Name, index.Status)]);

    public Task<DoctorAnswer> ExamineAsync(CancellationToken cancellation) => Task.FromResult(new DoctorAnswer(facts.Node, clock.GetUtcNow(), []));
}
