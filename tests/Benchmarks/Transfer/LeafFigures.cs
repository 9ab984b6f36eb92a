using System.Globalization;
using Cete.Core;
using Cete.Swarm;

namespace Cete.Benchmarks.Transfer;

/// <summary>
/// The same half gibibyte from peer to peer over TLS, verified and written, in memory: leaf by leaf, and piece by piece as older peers send it. Both sides are
/// in this process, so its processors are those of both. Rounds go in turn.
/// </summary>
internal static class LeafFigures
{
    private const int Usual = 512;
    private const int Rounds = 7;

    /// <param name="report">Takes the figures.</param>
    /// <param name="mebibytes">How much, for a slow link; null for as much as is usual.</param>
    public static async Task RunAsync(Report report, string? mebibytes)
    {
        var asked = mebibytes is null ? Usual : int.Parse(mebibytes, CultureInfo.InvariantCulture);
        var work = Memory.NewFolder();
        var knowsLeaves = true;
        try
        {
            await using var pair = await PeerPair.StartAsync(Path.Combine(work, "node"), () => knowsLeaves);
            var manifest = Fill(pair, asked * 1024L * 1024);
            List<(double Seconds, double Processors, double Allocated)> leaves = [];
            List<(double Seconds, double Processors, double Allocated)> pieces = [];
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var figures in round % 2 == 0 ? new[] { leaves, pieces } : [pieces, leaves])
                {
                    knowsLeaves = figures == leaves;
                    var path = Path.Combine(work, "target");
                    figures.Add(await pair.FetchAsync(manifest, path));
                    File.Delete(path);
                    File.Delete(path + ".have");
                }
            }

            Tell(report, asked, leaves[1..], pieces[1..]);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static void Tell(
        Report report,
        int mebibytes,
        List<(double Seconds, double Processors, double Allocated)> leaves,
        List<(double Seconds, double Processors, double Allocated)> pieces)
    {
        var count = mebibytes * 1024.0 * 1024 / Merkle.LeafSize;
        var what = $"{mebibytes} MiB peer to peer:";
        report.Note($"{what} leaf by leaf", mebibytes / Report.Median(leaves.Select(f => f.Seconds)), "MiB/s");
        report.Note($"{what} piece by piece", mebibytes / Report.Median(pieces.Select(f => f.Seconds)), "MiB/s");
        report.Note($"{what} processors by leaves", Report.Median(leaves.Select(f => f.Processors)), "s");
        report.AtLeast(
            $"{what} by leaves / by pieces", Report.Median(pieces.Select(f => f.Seconds)) / Report.Median(leaves.Select(f => f.Seconds)), 0.9);
        report.AtMost(
            $"{what} processors by leaves / by pieces",
            Report.Median(leaves.Select(f => f.Processors)) / Report.Median(pieces.Select(f => f.Processors)),
            1.15);
        report.AtMost("bytes allocated a leaf, both sides", Report.Median(leaves.Select(f => f.Allocated)) / count, 1_024);
        report.Note("bytes allocated for as much piece by piece, both sides", Report.Median(pieces.Select(f => f.Allocated)) / count, string.Empty);
    }

    /// <summary>Has a peer hold random bytes.</summary>
    internal static Manifest Fill(PeerPair pair, long length)
    {
        var (pieceLength, prng) = (PieceLengths.For(length), new Prng(1));
        var block = new byte[pieceLength];
        var layer = new byte[Manifest.CountPieces(length, pieceLength) * Hash256.Size];
        using (var upload = pair.Contents.BeginUpload("bench", length).Value)
        {
            for (var piece = 0; piece * Hash256.Size < layer.Length; piece++)
            {
                prng.Fill(block);
                Manifest.HashPiece(block, length, pieceLength).CopyTo(layer.AsSpan(piece * Hash256.Size));
                _ = upload.Write(piece, block).Value;
            }

            _ = upload.Attach(Manifest.FromPieces(length, pieceLength, new PieceLayer(layer))).Value;
        }

        _ = pair.Contents.Finish("bench").Value;
        return Manifest.FromPieces(length, pieceLength, new PieceLayer(layer));
    }
}
