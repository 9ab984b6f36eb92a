using Cete.Core;
using Cete.Ports;
using Cete.Simulation;
using Cete.Storage.Contents;
using Cete.Swarm;

namespace Cete.Storage.Tests.Contents;

/// <summary>Pieces that come in leaf by leaf.</summary>
public sealed class ContentLeavesTests
{
    private const int Leaf = Merkle.LeafSize;
    private const int PieceLength = 8 * Leaf;
    private static readonly byte[] Content = ContentRig.Bytes((3 * PieceLength) + (2 * Leaf) + 100);
    private static readonly Manifest Manifest = ContentRig.ManifestOf(Content, PieceLength);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Leaves_are_readable_at_once_and_a_piece_counts_with_its_last()
    {
        using var file = Open(new SimFiles(1));
        var waits = new[] { 0, PieceLength, PieceLength + (3 * Leaf) }.Select(at => file.WaitForMoreAsync(at, Cancel)).ToArray();
        Assert.False(Write(file, 1, 3, 2));
        Assert.Equal([false, false, true], waits.Select(wait => wait.IsCompleted));
        Assert.Equal(
            [0, 2 * Leaf, Leaf - 7],
            new[] { PieceLength, PieceLength + (3 * Leaf), PieceLength + (4 * Leaf) + 7 }.Select(at => file.AvailableFrom(at)));
        Assert.Equal(Content[(PieceLength + (3 * Leaf))..(PieceLength + (5 * Leaf))], await ContentRig.ReadAsync(file, PieceLength + (3 * Leaf)));
        Assert.False(Write(file, 1, 0, 3));
        Assert.True(await waits[1]);
        Assert.Equal(5 * Leaf, file.AvailableFrom(PieceLength));
        Assert.Equal(0, file.Pieces.Have);
        Assert.True(Write(file, 1, 5, 3));
        Assert.True(Write(file, 1, 5, 1));
        Assert.True(file.Pieces[1]);

        // Leaves of the next piece go on where a whole one ends.
        Assert.False(Write(file, 2, 0, 1));
        Assert.Equal(PieceLength + Leaf, file.AvailableFrom(PieceLength));
        Assert.True(Write(file, 0, 0, 8));
        Assert.True(await waits[0]);
        Assert.True(Write(file, 3, 0, 3));
        Assert.True(Write(file, 2, 1, 7));
        Assert.True(file.IsWhole);
        Assert.Equal(Content, await ContentRig.ReadAsync(file, 0));
    }

    [Fact]
    public void Wrong_leaves_are_refused_and_those_before_them_kept()
    {
        using var file = Open(new SimFiles(1));
        var data = Data(0, 0, 8).ToArray();
        data[3 * Leaf] ^= 1;
        Assert.Equal(FailureKind.Damaged, file.WriteLeaves(Leaves(0), 0, data).Failure?.Kind);
        Assert.Equal(3 * Leaf, file.AvailableFrom(0));
        Assert.Equal(FailureKind.Damaged, file.WriteLeaves(Leaves(0), 3, Data(0, 4, 1)).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, file.WriteLeaves(Leaves(0), 3, Data(0, 3, 1)[1..]).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, file.WriteLeaves(Leaves(0), 8, []).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, file.WriteLeaves(Leaves(0), -1, Data(0, 0, 1)).Failure?.Kind);

        // Of another content, and of none that is there: what vouches for itself vouches for nothing here.
        var other = ContentRig.Bytes(Content.Length, 9);
        var others = LeafHashes.Of(0, other.AsSpan(0, PieceLength), other.Length, PieceLength);
        Assert.Equal(FailureKind.Invalid, file.WriteLeaves(others, 0, other.AsSpan(0, Leaf)).Failure?.Kind);
        var behind = LeafHashes.Of(9, Data(0, 0, 8), Content.Length, PieceLength);
        Assert.Equal(FailureKind.Invalid, file.WriteLeaves(behind, 0, Data(0, 0, 1)).Failure?.Kind);
        Assert.Equal((3 * Leaf, 0), (file.AvailableFrom(0), file.Pieces.Have));
    }

    [Fact]
    public async Task Nothing_is_taken_by_leaves_before_there_is_a_manifest()
    {
        var files = new SimFiles(1);
        using var file = ContentFile.Open(files, "data", "data.have", Content.Length, PieceLength, null).Value;
        Assert.Equal(FailureKind.Invalid, file.WriteLeaves(Leaves(0), 0, Data(0, 0, 1)).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, file.LeavesOf(0).Failure?.Kind);
        Assert.True(file.Write(0, Data(0, 0, 8)).Value);
        Assert.True(file.Attach(Manifest).Value);
        Assert.Equal(Leaves(0).Bytes.ToArray(), file.LeavesOf(0).Value.Bytes.ToArray());
        Assert.False(Write(file, 1, 0, 1));
        Assert.Equal(Content[..(PieceLength + Leaf)], await ContentRig.ReadAsync(file, 0));
    }

    [Fact]
    public void Hashes_of_leaves_are_known_of_what_is_there_or_begun()
    {
        var files = new SimFiles(1);
        using (var file = Open(files))
        {
            Assert.Equal(FailureKind.NotFound, file.LeavesOf(1).Failure?.Kind);
            Write(file, 1, 2, 1);
            Assert.Equal(Leaves(1).Bytes.ToArray(), file.LeavesOf(1).Value.Bytes.ToArray());
            Write(file, 3, 0, 3);
            Assert.Equal(3, file.LeavesOf(3).Value.Count);
            Assert.Equal(FailureKind.Invalid, file.LeavesOf(4).Failure?.Kind);
            Assert.Equal(FailureKind.Invalid, file.LeavesOf(-1).Failure?.Kind);
            Assert.True(file.Write(0, Data(0, 0, 8)).Value);
        }

        // What is noted beside the data is not needed, and not believed.
        foreach (var change in new[] { _ => { }, (Action<SimFiles>)SpoilNotes, CutNotes })
        {
            change(files);
            using var again = Open(files);
            Assert.Equal([0, 3], Enumerable.Range(0, 4).Where(piece => again.Pieces[piece]));
            Assert.Equal(Leaves(0).Bytes.ToArray(), again.LeavesOf(0).Value.Bytes.ToArray());
            Assert.Equal(Leaves(3).Bytes.ToArray(), again.LeavesOf(3).Value.Bytes.ToArray());
            Assert.Equal(FailureKind.NotFound, again.LeavesOf(1).Failure?.Kind);
        }
    }

    [Fact]
    public void A_piece_that_changed_on_the_disk_is_found_when_its_leaves_are_hashed_again()
    {
        var files = new SimFiles(1);
        using (var file = Open(files))
        {
            Assert.True(file.Write(0, Data(0, 0, 8)).Value);
            Assert.True(file.Write(3, Data(3, 0, 3)).Value);
        }

        CutNotes(files);
        using var again = Open(files);
        files.Flip("data", Leaf + 5, 1);
        Assert.Equal(FailureKind.Damaged, again.LeavesOf(0).Failure?.Kind);
        Assert.False(again.Pieces[0]);
        Assert.True(again.LeavesOf(3).Succeeded);
    }

    [Fact]
    public void Of_very_many_begun_pieces_the_one_untouched_for_the_longest_is_forgotten()
    {
        var content = ContentRig.Bytes(300 * 2 * Leaf);
        var manifest = ContentRig.ManifestOf(content, 2 * Leaf);
        using var file = ContentFile.Open(new SimFiles(1), "data", "data.have", content.Length, 2 * Leaf, manifest).Value;
        LeafHashes Of(int piece) => LeafHashes.Of(piece, content.AsSpan(piece * 2 * Leaf, 2 * Leaf), content.Length, 2 * Leaf);
        for (var piece = 0; piece < 256; piece++)
        {
            Assert.False(file.WriteLeaves(Of(piece), 0, content.AsSpan(piece * 2 * Leaf, Leaf)).Value);
        }

        file.WriteLeaves(Of(0), 0, content.AsSpan(0, Leaf));
        file.WriteLeaves(Of(256), 0, content.AsSpan(256 * 2 * Leaf, Leaf));
        Assert.Equal([Leaf, 0, Leaf, Leaf], new[] { 0, 1, 2, 256 }.Select(piece => file.AvailableFrom(piece * 2 * Leaf)));

        // Who brings the rest of it is not told that it is there.
        Assert.False(file.WriteLeaves(Of(1), 1, content.AsSpan(3 * Leaf, Leaf)).Value);
        Assert.True(file.WriteLeaves(Of(1), 0, content.AsSpan(2 * Leaf, Leaf)).Value);
    }

    [Fact]
    public async Task Many_sources_bring_the_same_pieces_at_once()
    {
        using var folder = new TempFolder();
        using var file = ContentFile.Open(new PhysicalFiles(), folder.At("f"), folder.At("f.have"), Content.Length, PieceLength, Manifest).Value;
        var reader = Task.Run(async () =>
        {
            var read = new List<byte>();
            while (read.Count < Content.Length)
            {
                Assert.True(await file.WaitForMoreAsync(read.Count, Cancel));
                read.AddRange(await ContentRig.ReadAsync(file, read.Count));
            }

            return read;
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            var prng = new Prng((ulong)writer);
            for (var piece = 0; piece < 4; piece++)
            {
                for (var leaf = 0; leaf < Leaves(piece).Count;)
                {
                    var count = Math.Min(1 + prng.Next(3), Leaves(piece).Count - leaf);
                    Assert.True(file.WriteLeaves(Leaves(piece), leaf, Data(piece, leaf, count)).Succeeded);
                    leaf += count;
                }
            }
        })));
        Assert.True(file.IsWhole);
        Assert.Equal(Content, await reader);
        Assert.Equal(Content, File.ReadAllBytes(folder.At("f")));
    }

    [Fact]
    public async Task After_a_crash_no_piece_counts_whose_leaves_are_not_all_there()
    {
        for (ulong seed = 0; seed < Seeds.Count(30); seed++)
        {
            var prng = new Prng(seed);
            var files = new SimFiles(seed);
            using (var file = Open(files))
            {
                files.SyncFolder(string.Empty);
                for (var i = 0; i < 40; i++)
                {
                    var piece = prng.Next(4);
                    var leaf = prng.Next(Leaves(piece).Count);
                    Write(file, piece, leaf, 1 + prng.Next(Leaves(piece).Count - leaf));
                    Assert.True(!prng.Chance(1, 9) || file.Sync() is null);
                }
            }

            files.Crash();
            using var again = Open(files);
            await ContentRig.AssertTrueAsync(again, Content, $"seed {seed}");
            for (var piece = 0; piece < 4; piece++)
            {
                Assert.Equal(again.Pieces[piece], again.LeavesOf(piece).Succeeded);
                Assert.True(Write(again, piece, 0, Leaves(piece).Count), $"seed {seed}");
            }

            Assert.Equal(Content, await ContentRig.ReadAsync(again, 0));
        }
    }

    private static ContentFile Open(SimFiles files) => ContentFile.Open(files, "data", "data.have", Content.Length, PieceLength, Manifest).Value;

    private static LeafHashes Leaves(int piece) =>
        LeafHashes.Of(piece, ContentRig.PieceOf(Content, piece, PieceLength), Content.Length, PieceLength);

    private static ReadOnlySpan<byte> Data(int piece, int first, int count)
    {
        var bytes = ContentRig.PieceOf(Content, piece, PieceLength);
        return bytes[(first * Leaf)..Math.Min((first + count) * Leaf, bytes.Length)];
    }

    private static bool Write(IContentFile file, int piece, int first, int count) => file.WriteLeaves(Leaves(piece), first, Data(piece, first, count)).Value;

    private static void SpoilNotes(SimFiles files)
    {
        using var file = files.Open("data.have");
        file.Write([1, 2, 3], file.Length - 40);
        file.Write([1, 2, 3], 64 + (4 * Hash256.Size) + 1 + 7);
    }

    private static void CutNotes(SimFiles files)
    {
        using var file = files.Open("data.have");
        file.SetLength(64 + (4 * Hash256.Size) + 1);
    }
}
