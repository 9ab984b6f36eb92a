using Cete.Ports;
using Cete.Ports.Payments;
using Cete.Swarm;

namespace Cete.Net.Swarms;

/// <summary>One request of a run.</summary>
internal sealed class RunPart
{
    private readonly int _stop = int.MaxValue;

    /// <param name="run">The run.</param>
    /// <param name="firstPiece">The first piece that did not come yet.</param>
    /// <param name="target">Where it goes: leaves that are there are not asked for again. Null for pieces that are asked for whole.</param>
    public RunPart(PieceRun run, int firstPiece, IContentFile? target)
    {
        (Run, FirstPiece) = (run, firstPiece);
        if (target is null || firstPiece >= run.EndPiece)
        {
            return;
        }

        IsByLeaves = true;
        var here = HereOf(target, firstPiece);
        IsThere = here == run.Manifest.LengthOfPiece(firstPiece);
        BytesHere = here;

        // Another request goes on behind leaves that are there in the middle.
        for (var piece = firstPiece + 1; piece < run.EndPiece && _stop == int.MaxValue; piece++)
        {
            _stop = HereOf(target, piece) > 0 ? piece : _stop;
        }
    }

    public PieceRun Run { get; }

    public int FirstPiece { get; }

    /// <summary>Whether it is asked for leaf by leaf.</summary>
    public bool IsByLeaves { get; }

    /// <summary>All of the first piece is there already.</summary>
    public bool IsThere { get; }

    /// <summary>Bytes of the first piece that are there already, in whole leaves.</summary>
    public int BytesHere { get; }

    /// <summary>What was asked for, where that was leaves.</summary>
    public LeafRange? Leaves { get; set; }

    /// <summary>Pays for it; null for nobody.</summary>
    public IPaidTurn? Turn { get; set; }

    /// <summary>One past its last piece, where that was settled with the run.</summary>
    public int? AskedEnd { get; set; }

    /// <summary>One past its last piece. A run may be shortened at any time.</summary>
    public int EndPiece => Math.Min(AskedEnd ?? Run.EndPiece, _stop);

    /// <summary>Which leaves are to be asked for; null where pieces are.</summary>
    public LeafRange? AskForLeaves()
    {
        var manifest = Run.Manifest;
        var from = (((long)FirstPiece * manifest.PieceLength) + BytesHere) / Merkle.LeafSize;
        var to = Math.Min((long)EndPiece * (manifest.PieceLength / Merkle.LeafSize), LeafRange.CountOf(manifest.Length));
        return IsByLeaves && from < to ? new LeafRange(from, to, manifest.Length, manifest.PieceLength) : null;
    }

    private int HereOf(IContentFile target, int piece)
    {
        var length = Run.Manifest.LengthOfPiece(piece);
        var here = (int)Math.Min(length, target.AvailableFrom((long)piece * Run.Manifest.PieceLength));
        return here == length ? length : here / Merkle.LeafSize * Merkle.LeafSize;
    }
}
