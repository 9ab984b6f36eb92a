using Cete.Core;
using Cete.Simulation;
using static Cete.Storage.Tests.Contents.ContentRig;

namespace Cete.Storage.Tests.Contents;

/// <summary>Content on a disk that crashes, rots and fills up.</summary>
public sealed class ContentFileDiskTests
{
    private static readonly byte[] Content = Bytes((6 * Piece) + 700);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_crash_only_pieces_count_whose_bytes_are_there(bool hasManifest)
    {
        var (synced, lost) = (0, 0);
        for (ulong seed = 0; seed < Seeds.Count(60); seed++)
        {
            var prng = new Prng(seed);
            var files = new SimFiles(seed);
            var durable = 0;
            using (var file = Open(files, Content, hasManifest))
            {
                files.SyncFolder(string.Empty);
                for (var i = 0; i < 7; i++)
                {
                    file.Write(i, PieceOf(Content, i));
                    if (prng.Chance(1, 5))
                    {
                        Assert.Null(file.Sync());
                        durable = i + 1;
                    }
                }
            }

            files.Crash();
            using var again = Open(files, Content, hasManifest);
            Assert.True(Enumerable.Range(0, durable).All(piece => again.Pieces[piece]), $"seed {seed}: {again.Pieces.Have} of {durable}");
            await AssertTrueAsync(again, Content, $"seed {seed}");
            (synced, lost) = (synced + durable, lost + 7 - again.Pieces.Have);
            WriteAll(again, Content);
            Assert.True(again.IsWhole);
            Assert.Equal(Content, await ReadAsync(again, 0));
        }

        Assert.True(synced > 0 && lost > 0);
    }

    [Fact]
    public async Task A_rotten_piece_is_found_at_the_next_opening()
    {
        var files = new SimFiles(1);
        using (var file = Open(files, Content))
        {
            WriteAll(file, Content);
        }

        files.Flip("data", (2 * Piece) + 5, 1);
        using var again = Open(files, Content);
        Assert.False(again.Pieces[2]);
        Assert.Equal(6, again.Pieces.Have);
        Assert.True(again.Write(2, PieceOf(Content, 2)).Value);
        Assert.Equal(Content, await ReadAsync(again, 0));
    }

    [Fact]
    public async Task A_rotten_piece_is_taken_out_by_a_recheck_and_can_come_again()
    {
        var files = new SimFiles(1);
        using var file = Open(files, Content);
        WriteAll(file, Content);
        files.Flip("data", Piece, 1);
        Assert.True(file.Recheck(0).Value);
        Assert.False(file.Recheck(1).Value);
        Assert.False(file.IsWhole);
        Assert.Equal(Piece, file.AvailableFrom(0));
        Assert.Equal(FailureKind.Invalid, file.Recheck(7).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, file.Recheck(-1).Failure?.Kind);
        var wait = file.WaitForMoreAsync(Piece, TestContext.Current.CancellationToken);
        Assert.True(file.Write(1, PieceOf(Content, 1)).Value);
        Assert.True(await wait);
        Assert.Equal(Content, await ReadAsync(file, 0));
    }

    [Fact]
    public void What_cannot_be_read_does_not_count()
    {
        var files = new SimFiles(1);
        using (var file = Open(files, Content))
        {
            WriteAll(file, Content);
            files.Unreadable.Add("data");
            Assert.Equal(FailureKind.Unavailable, file.Recheck(0).Failure?.Kind);
        }

        using var again = Open(files, Content);
        Assert.Equal(0, again.Pieces.Have);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Piece)]
    [InlineData((3 * Piece) + 1)]
    public async Task Data_that_was_cut_short_counts_as_far_as_it_goes(int length)
    {
        var files = new SimFiles(1);
        using (var file = Open(files, Content))
        {
            WriteAll(file, Content);
        }

        files.Put("data", Content.AsSpan(0, length));
        using var again = Open(files, Content);
        Assert.Equal(length / Piece, again.Pieces.Have);
        await AssertTrueAsync(again, Content);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_flipped_bit_in_the_sidecar_never_makes_wrong_bytes_count(bool hasManifest)
    {
        var files = new SimFiles(1);
        using (var file = Open(files, Content, hasManifest))
        {
            file.Write(0, PieceOf(Content, 0));
            file.Write(3, PieceOf(Content, 3));
        }

        var (data, sidecar) = (files.BytesOf("data"), files.BytesOf("data.have"));
        for (var bit = 0; bit < sidecar.Length * 8; bit++)
        {
            files.Put("data", data);
            files.Put("data.have", sidecar);
            files.Flip("data.have", bit / 8, (byte)(1 << (bit % 8)));
            using var again = Open(files, Content, hasManifest);
            Assert.True(again.Pieces.Have <= 2 && again.Length == Content.Length && again.PieceLength == Piece, $"bit {bit}");
            await AssertTrueAsync(again, Content, $"bit {bit}");
        }
    }

    [Fact]
    public async Task A_full_disk_counts_no_piece_and_hides_none()
    {
        for (var write = 1; write < 30; write++)
        {
            var files = new SimFiles((ulong)write);
            using var file = Open(files, Content, hasManifest: write % 2 == 0);
            files.FullAtWrite = files.Writes + write;
            for (var piece = 0; piece < 7; piece++)
            {
                var outcome = file.Write(piece, PieceOf(Content, piece));
                if (outcome.Succeeded)
                {
                    continue;
                }

                Assert.Equal(FailureKind.Full, outcome.Failure.Kind);
                Assert.False(file.Pieces[piece]);
                var wait = file.WaitForMoreAsync(piece * Piece, TestContext.Current.CancellationToken);
                Assert.False(wait.IsCompleted);
                Assert.True(file.Write(piece, PieceOf(Content, piece)).Value);
                Assert.True(await wait);
            }

            Assert.Equal(Content, await ReadAsync(file, 0));
        }
    }

    [Fact]
    public void A_full_disk_at_the_opening_is_a_failure_and_not_the_last_word()
    {
        for (var write = 1; write <= 6; write++)
        {
            var files = new SimFiles((ulong)write) { FullAtWrite = write };
            var manifest = ManifestOf(Content);
            var opened = Storage.Contents.ContentFile.Open(files, "data", "data.have", Content.Length, Piece, manifest);
            if (!opened.Succeeded)
            {
                Assert.Equal(FailureKind.Full, opened.Failure.Kind);
                opened = Storage.Contents.ContentFile.Open(files, "data", "data.have", Content.Length, Piece, manifest);
            }

            using var file = opened.Value;
            Assert.Equal(0, file.Pieces.Have);
            WriteAll(file, Content);
            Assert.True(file.IsWhole);
        }
    }

    [Fact]
    public void A_failed_sync_is_told()
    {
        var files = new SimFiles(1);
        using var file = Open(files, Content);
        file.Write(0, PieceOf(Content, 0));
        files.FailAtSync = files.Syncs + 1;
        Assert.Equal(FailureKind.Unavailable, file.Sync()?.Kind);
    }
}
