using Cete.Core;
using Cete.Groups.Proto;
using Cete.Groups.Wire;

namespace Cete.Groups.Import;

/// <summary>Tells groups of other nodes, and of this one, what they import: events behind a position, and scans to begin with.</summary>
/// <param name="group">The group that they import from.</param>
/// <param name="source">What it offers beside its feed; null where nobody else may import from it.</param>
/// <param name="scans">Its newest scan.</param>
internal sealed class FeedDesk(Group group, IFeedSource? source, SnapshotShelf? scans)
{
    /// <summary>Whether nodes with these roles may ask for it.</summary>
    public bool MayRead(RoleSet roles) => source?.MayRead(roles) == true;

    /// <summary>Events behind a position. Where there is none it is waited for one, within bounds.</summary>
    public async Task<Outcome<GroupResponse>> ReadAsync(FeedRead asked, CancellationToken cancellation)
    {
        if (group.Status.Root is null)
        {
            return new Failure(FailureKind.Unavailable, $"this replica of group '{group.Id}' knows no root: it may lack what happened since");
        }

        var page = await group.ReadFeedAsync(asked.After, Limits.PageItemsMax, cancellation);
        if (page is { Succeeded: true, Value.Events.Count: 0 } && asked.Wait > 0 && !page.Value.IsGone(asked.Epoch, asked.After))
        {
            var wait = TimeSpan.FromMicroseconds(Math.Min(asked.Wait, ImportLimits.WaitMax.TotalMicroseconds));
            await group.WaitForMoreAsync(page.Value.Applied, wait, cancellation);
            page = await group.ReadFeedAsync(asked.After, Limits.PageItemsMax, cancellation);
        }

        return page.Then(found => new GroupResponse
        {
            Feed = new FeedPiece { Epoch = found.Epoch, Oldest = found.Oldest, Applied = found.Applied, Events = { found.Events.Select(ImportPage.ToWire) } },
        });
    }

    /// <summary>A piece of a scan.</summary>
    public async Task<Outcome<GroupResponse>> ReadAsync(SnapshotPiece asked, CancellationToken cancellation) => scans is null
        ? new Failure(FailureKind.Invalid, $"nothing can be imported from group '{group.Id}'")
        : await scans.ReadAsync(asked, cancellation);
}
