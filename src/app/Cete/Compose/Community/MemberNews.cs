using Cete.App.Output;
using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Membership;

namespace Cete.App.Compose.Community;

/// <summary>Says in the log who comes and goes. It is called with one view after the other.</summary>
internal sealed class MemberNews
{
    private readonly Dictionary<KeyId, MemberState> _known = [];

    public void Take(ClusterView view)
    {
        foreach (var member in view.Members.Where(member => member.Id != view.Self))
        {
            var isNew = !_known.TryGetValue(member.Id, out var before);
            _known[member.Id] = member.State;
            if (isNew ? member.IsPresent : before != member.State)
            {
                Say(member);
            }
        }

        // The forgotten are few, and the list of the known must not grow for ever.
        if (_known.Count > view.Members.Count)
        {
            foreach (var id in _known.Keys.Where(id => view.Find(id) is null).ToList())
            {
                _known.Remove(id);
            }
        }
    }

    private static void Say(ClusterMember member)
    {
        var (id, name) = (member.Id.ToString(), member.Facts.Name);
        switch (member.State)
        {
            case MemberState.Alive:
                NodeLog.MemberJoined(NodeLog.Log, id, name);
                break;
            case MemberState.Suspect:
                NodeLog.MemberSuspected(NodeLog.Log, id, name);
                break;
            case MemberState.Dead:
                NodeLog.MemberGone(NodeLog.Log, id, name);
                break;
            default:
                NodeLog.MemberLeft(NodeLog.Log, id, name);
                break;
        }
    }
}
