using Cete.Core;

namespace Cete.Swarm.Download;

/// <summary>Pieces that somebody waits for.</summary>
public sealed partial class DownloadMachine
{
    private int _urgentFirst;
    private int _urgentEnd;

    /// <summary>
    /// What somebody waits for comes before all else: a run that would come to it much later ends before it, so that its source is asked anew, beginning there.
    /// What was asked for at a price comes first all the same.
    /// </summary>
    private void Hear(DownloadInput.PiecesUrged urged, EffectSink<DownloadEffect> effects)
    {
        var first = Math.Clamp(urged.First, 0, _have.Count - 1);
        (_urgentFirst, _urgentEnd) = (first, (int)Math.Min(_have.Count, first + (long)Math.Max(1, urged.Count)));
        foreach (var run in _runs.Values.Where(run => run.Source.Map is null).ToArray())
        {
            var missing = _have.NextMissing(first);
            if (missing >= _urgentEnd || (run.Next <= missing && missing - run.Next <= 1))
            {
                continue;
            }

            if (run.Kept > run.Next)
            {
                if (run.Kept < run.End)
                {
                    Shorten(run, run.Kept, effects);
                    Release(run.Kept, _have.Count);
                }
            }
            else if (_asked[missing] == 0 || (missing >= run.Next && missing < run.End))
            {
                Cancel(run, effects);
            }
        }
    }

    /// <summary>The first piece that somebody waits for and that nobody was asked for; -1 for none.</summary>
    private int UrgentFree()
    {
        var piece = _urgentEnd > _urgentFirst ? _free.NextPresent(_urgentFirst) : _free.Count;
        return piece < _urgentEnd ? piece : -1;
    }

    /// <summary>The first of them that a source has; -1 for none.</summary>
    private int UrgentOf(PieceMap map)
    {
        for (var piece = UrgentFree(); piece >= 0 && piece < _urgentEnd; piece = _free.NextPresent(piece + 1))
        {
            if (map[piece])
            {
                return piece;
            }
        }

        return -1;
    }
}
