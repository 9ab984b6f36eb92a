using Cete.Core;
using Cete.Groups;
using Cete.Index;

namespace Cete.Web.Tests.Support;

/// <summary>A group that does not answer: asking it is an error, as asking a starting one would be a wait.</summary>
internal sealed class SilentGroup(GroupStatus status) : IGroup
{
    /// <summary>One that is not ready yet.</summary>
    public static SilentGroup Starting() => new(new GroupStatus(IsRoot: false, 0, 0, 0, 0, null));

    /// <summary>One that stopped.</summary>
    public static SilentGroup Broken(string why) => new(new GroupStatus(IsRoot: false, 0, 0, 0, 0, new Failure(FailureKind.Full, why)));

    /// <summary>One that says it is ready and has a bug.</summary>
    public static SilentGroup Buggy() => new(new GroupStatus(IsRoot: true, 1, 0, 0, 1, null));

    public GroupId Id => IndexService.Name;

    public GroupStatus Status => status;

    public Task<Outcome<CommandReply>> SubmitAsync(ClientCommand command, CancellationToken cancellation = default) => throw Asked();

    public Task<Outcome<T>> ReadAsync<T>(Func<SqlSession, T> query, ReadLevel level = ReadLevel.Linearizable, CancellationToken cancellation = default) =>
        throw Asked();

    public Task<Outcome<FeedPage>> ReadFeedAsync(long after, int countMax, CancellationToken cancellation = default) => throw Asked();

    public Task<long> WaitForAppliedAsync(long index, CancellationToken cancellation = default) => throw Asked();

    public Task<Outcome<long>> SnapshotAsync(Stream target, CancellationToken cancellation = default) => throw Asked();

    private static InvalidOperationException Asked() => new("secret detail of a bug");
}
