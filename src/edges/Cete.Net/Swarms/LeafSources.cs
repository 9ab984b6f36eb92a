using System.Collections.Concurrent;
using System.Net;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Net.Swarms;

/// <summary>
/// Which sources give contents leaf by leaf: peers do, unless they are older than that or have the content in other pieces. For several callers at once.
/// </summary>
internal sealed class LeafSources
{
    private const int KnownMax = 4_096;

    private readonly ConcurrentDictionary<(string Source, Hash256 Root), bool> _others = new();

    /// <summary>Whether the source of a run is to be asked for leaves.</summary>
    public bool Gives(PieceRun run) => run.Manifest.Length > 0 && PeerAddress.Of(run.Source) is not null && !_others.ContainsKey(KeyOf(run));

    /// <summary>
    /// Whether a source answered that it does not know of leaves; then it is not asked for those of that content again. Older doors open to nothing that
    /// they do not know.
    /// </summary>
    public bool IsUnknown(PieceRun run, HttpStatusCode answer)
    {
        if (answer is not (HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Forbidden or HttpStatusCode.Conflict))
        {
            return false;
        }

        if (_others.Count >= KnownMax)
        {
            _others.Clear();
        }

        _others[KeyOf(run)] = true;
        return true;
    }

    private static (string Source, Hash256 Root) KeyOf(PieceRun run) => (run.Source.AbsoluteUri, run.Manifest.Root);
}
