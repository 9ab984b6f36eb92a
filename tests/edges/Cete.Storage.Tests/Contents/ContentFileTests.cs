using Cete.Core;
using Cete.Simulation;
using Cete.Storage.Contents;
using static Cete.Storage.Tests.Contents.ContentRig;

namespace Cete.Storage.Tests.Contents;

public sealed class ContentFileTests
{
    private static readonly byte[] Content = Bytes((4 * Piece) + 100);

    [Fact]
    public async Task Pieces_come_in_any_order()
    {
        for (ulong seed = 0; seed < Seeds.Count(20); seed++)
        {
            var prng = new Prng(seed);
            var files = new SimFiles(seed);
            using var file = Open(files, Content);
            var rest = Enumerable.Range(0, 5).ToList();
            while (rest.Count > 0)
            {
                Assert.False(file.IsWhole);
                var piece = rest[prng.Next(rest.Count)];
                rest.Remove(piece);
                Assert.True(file.Write(piece, PieceOf(Content, piece)).Value);
                Assert.False(file.Write(piece, PieceOf(Content, piece)).Value);
                Assert.True(file.Pieces[piece]);
            }

            Assert.True(file.IsWhole);
            Assert.Equal(Content, await ReadAsync(file, 0));
        }
    }

    [Fact]
    public void Wrong_pieces_are_refused_and_change_nothing()
    {
        using var file = Open(new SimFiles(1), Content);
        Assert.Equal(FailureKind.Damaged, file.Write(0, PieceOf(Content, 1)).Failure?.Kind);
        Assert.Equal(FailureKind.Damaged, file.Write(4, new byte[100]).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, file.Write(4, PieceOf(Content, 0)).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, file.Write(0, PieceOf(Content, 0)[1..]).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, file.Write(5, []).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, file.Write(-1, PieceOf(Content, 0)).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, file.Write(int.MaxValue, PieceOf(Content, 0)).Failure?.Kind);
        Assert.Equal(0, file.Pieces.Have);
    }

    [Fact]
    public async Task Only_verified_bytes_can_be_read()
    {
        using var file = Open(new SimFiles(1), Content);
        Assert.Equal(0, file.AvailableFrom(0));
        Assert.Empty(await ReadAsync(file, 0));
        file.Write(1, PieceOf(Content, 1));
        file.Write(2, PieceOf(Content, 2));
        Assert.Equal(0, file.AvailableFrom(0));
        Assert.Equal(0, file.AvailableFrom(Piece - 1));
        Assert.Equal(2 * Piece, file.AvailableFrom(Piece));
        Assert.Equal((2 * Piece) - 7, file.AvailableFrom(Piece + 7));
        Assert.Equal(Content[(Piece + 7)..(3 * Piece)], await ReadAsync(file, Piece + 7));
        Assert.Equal(0, file.AvailableFrom(3 * Piece));
        file.Write(4, PieceOf(Content, 4));
        Assert.Equal(100, file.AvailableFrom(4 * Piece));
        Assert.Equal(0, file.AvailableFrom(Content.Length));
        Assert.Equal(0, file.AvailableFrom(long.MaxValue));
    }

    [Fact]
    public async Task Content_of_no_bytes_is_one_piece_of_no_bytes()
    {
        using var file = Open(new SimFiles(1), []);
        Assert.False(file.IsWhole);
        Assert.True(file.Write(0, []).Value);
        Assert.True(file.IsWhole);
        Assert.Empty(await ReadAsync(file, 0));
        Assert.True(await file.WaitForMoreAsync(0, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_waits_wakes_when_its_bytes_come_and_the_others_wait_on()
    {
        using var file = Open(new SimFiles(1), Content);
        var waits = Enumerable.Range(0, 5).Select(piece => file.WaitForMoreAsync(piece * Piece, TestContext.Current.CancellationToken)).ToList();
        Assert.All(waits, wait => Assert.False(wait.IsCompleted));
        file.Write(3, PieceOf(Content, 3));
        Assert.True(await waits[3]);
        Assert.Equal([false, false, false, true, false], waits.Select(wait => wait.IsCompleted));
        Assert.True(file.WaitForMoreAsync(3 * Piece, TestContext.Current.CancellationToken).IsCompletedSuccessfully);
        WriteAll(file, Content);
        Assert.All(await Task.WhenAll(waits), Assert.True);
    }

    [Fact]
    public async Task Who_waits_is_told_when_no_more_will_come()
    {
        var file = Open(new SimFiles(1), Content);
        var wait = file.WaitForMoreAsync(0, TestContext.Current.CancellationToken);
        file.Abandon();
        Assert.False(await wait);
        Assert.False(await file.WaitForMoreAsync(0, TestContext.Current.CancellationToken));
        file.Dispose();

        var closed = Open(new SimFiles(1), Content);
        var forgotten = closed.WaitForMoreAsync(0, TestContext.Current.CancellationToken);
        closed.Dispose();
        Assert.False(await forgotten);
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        using var file = Open(new SimFiles(1), Content);
        using var cancellation = new CancellationTokenSource();
        var wait = file.WaitForMoreAsync(0, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task Many_threads_write_and_read_at_once()
    {
        using var folder = new TempFolder();
        var content = Bytes((61 * Piece) + 5);
        using var file = ContentFile.Open(new PhysicalFiles(), folder.At("f"), folder.At("f.have"), content.Length, Piece, ManifestOf(content)).Value;
        var taken = 0;
        var reader = Task.Run(async () =>
        {
            var read = new List<byte>();
            while (read.Count < content.Length)
            {
                Assert.True(await file.WaitForMoreAsync(read.Count, TestContext.Current.CancellationToken));
                read.AddRange(await ReadAsync(file, read.Count));
            }

            return read;
        });
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            var order = Enumerable.Range(0, 62).ToArray();
            var prng = new Prng((ulong)writer);
            for (var i = order.Length - 1; i > 0; i--)
            {
                var j = prng.Next(i + 1);
                (order[i], order[j]) = (order[j], order[i]);
            }

            foreach (var piece in order)
            {
                if (file.Write(piece, PieceOf(content, piece)).Value)
                {
                    Interlocked.Increment(ref taken);
                }
            }
        }));
        await Task.WhenAll(writers);
        Assert.Equal(62, taken);
        Assert.True(file.IsWhole);
        Assert.Equal(content, await reader);
        Assert.Equal(content, File.ReadAllBytes(folder.At("f")));
    }

    [Fact]
    public async Task An_upload_takes_the_first_version_of_a_piece_and_keeps_to_it()
    {
        using var file = Open(new SimFiles(1), Content, hasManifest: false);
        Assert.Null(file.Manifest);
        Assert.True(file.Write(0, PieceOf(Content, 0)).Value);
        Assert.False(file.Write(0, PieceOf(Content, 1)).Value);
        Assert.Equal(Content[..Piece], await ReadAsync(file, 0));
        Assert.True(file.Recheck(0).Value);
    }

    [Fact]
    public async Task Two_versions_of_a_piece_at_once_never_mix()
    {
        using var folder = new TempFolder();
        var (one, other) = (Bytes(40 * Piece, 1), Bytes(40 * Piece, 2));
        using var file = ContentFile.Open(new PhysicalFiles(), folder.At("f"), folder.At("f.have"), one.Length, Piece, null).Value;
        await Task.WhenAll(((byte[][])[one, other]).Select(content => Task.Run(() => WriteAll(file, content))));
        Assert.True(file.IsWhole);
        Assert.All(Enumerable.Range(0, 40), piece => Assert.True(file.Recheck(piece).Value));
        Assert.True(file.Attach(ManifestOf(one)).Value);
        await AssertTrueAsync(file, one);
    }

    [Fact]
    public async Task A_manifest_that_comes_late_keeps_the_pieces_that_fit_it()
    {
        var files = new SimFiles(1);
        var manifest = ManifestOf(Content);
        using (var file = Open(files, Content, hasManifest: false))
        {
            file.Write(0, PieceOf(Content, 0));
            file.Write(1, PieceOf(Content, 2));
            file.Write(4, PieceOf(Content, 4));
            Assert.Equal(FailureKind.Invalid, file.Attach(ManifestOf(Bytes(5 * Piece))).Failure?.Kind);
            Assert.True(file.Attach(manifest).Value);
            Assert.True(file.Attach(manifest).Value);
            Assert.Equal(FailureKind.Conflict, file.Attach(ManifestOf(Bytes(Content.Length, 7))).Failure?.Kind);
            Assert.Equal([true, false, false, false, true], Enumerable.Range(0, 5).Select(piece => file.Pieces[piece]));
            Assert.Equal(FailureKind.Damaged, file.Write(1, PieceOf(Content, 2)).Failure?.Kind);
            Assert.True(file.Write(1, PieceOf(Content, 1)).Value);
        }

        using var again = Open(files, Content);
        Assert.Equal(manifest.Root, again.Manifest?.Root);
        Assert.Equal(3, again.Pieces.Have);
        await AssertTrueAsync(again, Content);
    }

    [Fact]
    public async Task An_upload_goes_on_where_it_was()
    {
        var files = new SimFiles(1);
        using (var file = Open(files, Content, hasManifest: false))
        {
            file.Write(0, PieceOf(Content, 0));
            file.Write(3, PieceOf(Content, 3));
        }

        using var again = Open(files, Content, hasManifest: false);
        Assert.Equal(2, again.Pieces.Have);
        WriteAll(again, Content);
        Assert.True(again.Attach(ManifestOf(Content)).Value);
        Assert.True(again.IsWhole);
        Assert.Equal(Content, await ReadAsync(again, 0));
    }

    [Fact]
    public void Huge_content_takes_no_memory_by_its_length()
    {
        using var folder = new TempFolder();
        const long Length = 20L << 30;
        var before = GC.GetAllocatedBytesForCurrentThread();
        using (var file = ContentFile.Open(new PhysicalFiles(), folder.At("f"), folder.At("f.have"), Length, 1 << 20, null).Value)
        {
            Assert.True(file.Write(20479, new byte[1 << 20]).Value);
            Assert.Equal(1 << 20, file.AvailableFrom(20479L << 20));
        }

        using (var again = ContentFile.Open(new PhysicalFiles(), folder.At("f"), folder.At("f.have"), Length, 1 << 20, null).Value)
        {
            Assert.Equal(1, again.Pieces.Have);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        Assert.Equal(Length, new FileInfo(folder.At("f")).Length);
    }
}
