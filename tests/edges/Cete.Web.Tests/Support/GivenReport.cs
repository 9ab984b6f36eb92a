using Cete.Api;
using Cete.Web.Community;

namespace Cete.Web.Tests.Support;

/// <summary>Says of a node what a test wants said.</summary>
internal sealed class GivenReport(NodeStatus status) : INodeReport
{
    public NodeStatus Now { get; set; } = status;

    public NodeStatus Status() => Now;

    public Task<DoctorAnswer> ExamineAsync(CancellationToken cancellation) =>
        Task.FromResult(new DoctorAnswer(Now.Node, DateTimeOffset.UnixEpoch, Now.Findings ?? []));
}
