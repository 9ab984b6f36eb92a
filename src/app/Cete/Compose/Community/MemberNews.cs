using System.Threading.Channels;
using Cete.App.Output;
using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Membership;

namespace Cete.App.Compose.Community;

/// <summary>Says in the log who comes and goes: beside the membership, which must not wait for whoever reads the log.</summary>
internal sealed class MemberNews
{
    private readonly Dictionary<KeyId, MemberState> _known = [];

    /// <summary>The newest view alone counts: what it differs in from the one that was said is the news.</summary>
    private readonly Channel<ClusterView> _views =
        Channel.CreateBounded<ClusterView>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Takes a new view; never blocks.</summary>
    public void Take(ClusterView view) => _views.Writer.TryWrite(view);

    /// <summary>Goes on until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (await _views.Reader.WaitToReadAsync(stop))
            {
                if (_views.Reader.TryRead(out var view))
                {
                    Say(view);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private void Say(ClusterView view)
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
