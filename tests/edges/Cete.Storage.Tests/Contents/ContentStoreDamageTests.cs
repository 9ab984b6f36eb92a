using Cete.Core;
using Cete.Ports;
using Cete.Storage.Contents;
using static Cete.Storage.Tests.Contents.ContentRig;

namespace Cete.Storage.Tests.Contents;

/// <summary>Stores that were killed, whose files rotted, or whose disk is full.</summary>
public sealed class ContentStoreDamageTests : IDisposable
{
    private readonly StoreFolder _folder = new();
    private readonly byte[] _content = Bytes((3 * 256 * 1024) + 9);

    [Theory]
    [InlineData("rotten")]
    [InlineData("cut")]
    [InlineData("longer")]
    [InlineData("empty")]
    public async Task Small_content_that_is_damaged_is_not_given_out_and_can_come_again(string kind)
    {
        var content = Bytes(1000);
        var root = _folder.Store.PutSmall(content).Value;
        File.WriteAllBytes(_folder.WholePath(root), kind switch
        {
            "rotten" => [.. content.AsSpan(0, 500), (byte)(content[500] ^ 1), .. content.AsSpan(501)],
            "cut" => content[..999],
            "longer" => [.. content, .. new byte[300_000]],
            _ => [],
        });
        Assert.Null(_folder.Store.Find(root));
        Assert.Equal(root, _folder.Store.PutSmall(content).Value);
        await _folder.AssertWholeAsync(root, content);
    }

    [Fact]
    public void Small_content_that_a_recheck_found_damaged_does_not_come_back_as_good()
    {
        var content = Bytes(1000);
        var root = _folder.Store.PutSmall(content).Value;
        using (var file = _folder.Store.Find(root)!)
        {
            File.WriteAllBytes(_folder.WholePath(root), new byte[1000]);
            Assert.False(file.Recheck(0).Value);
            Assert.Equal(0, file.AvailableFrom(0));
        }

        Assert.Null(_folder.Store.Find(root));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whole_content_whose_sidecar_is_lost_or_damaged_gets_a_new_one(bool isDamaged)
    {
        var root = _folder.Put(_content);
        var sidecar = _folder.WholePath(root) + ".have";
        if (isDamaged)
        {
            File.WriteAllBytes(sidecar, [1, 2, 3]);
        }
        else
        {
            File.Delete(sidecar);
        }

        await _folder.AssertWholeAsync(root, _content);
        _folder.Restart();
        await _folder.AssertWholeAsync(root, _content);
        Assert.True(new FileInfo(sidecar).Length > 64);
    }

    [Fact]
    public async Task Whole_content_that_was_cut_short_gives_no_zero_bytes()
    {
        var root = _folder.Put(_content);
        using (var data = File.OpenWrite(_folder.WholePath(root)))
        {
            data.SetLength(300_000);
        }

        _folder.Restart();
        using var file = _folder.Store.Find(root)!;
        Assert.False(file.IsWhole);
        Assert.Equal(1, file.Pieces.Have);
        await AssertTrueAsync(file, _content);
        WriteAll(file, _content);
        Assert.True(file.IsWhole);
        Assert.Equal(_content, await ReadAsync(file, 0));
    }

    [Fact]
    public async Task What_is_good_of_damaged_content_need_not_come_again()
    {
        var root = _folder.Put(_content);
        File.Delete(_folder.WholePath(root) + ".have");
        using (var data = File.OpenWrite(_folder.WholePath(root)))
        {
            data.Position = 300_000;
            data.WriteByte((byte)(_content[300_000] ^ 1));
        }

        _folder.Restart();
        Assert.Null(_folder.Store.Find(root));
        using (var file = _folder.Store.Begin(ManifestOf(_content, 256 * 1024)).Value)
        {
            Assert.Equal(3, file.Pieces.Have);
            Assert.False(file.Pieces[1]);
            Assert.True(file.Write(1, PieceOf(_content, 1, 256 * 1024)).Value);
        }

        Assert.Equal(root, _folder.Store.Finish(root.ToString()).Value);
        await _folder.AssertWholeAsync(root, _content);
    }

    [Fact]
    public async Task A_new_upload_takes_the_place_of_a_damaged_content()
    {
        var root = _folder.Put(_content);
        using (var file = _folder.Store.Find(root)!)
        {
            using (var data = File.Open(_folder.WholePath(root), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
            {
                data.WriteByte((byte)(_content[0] ^ 1));
            }

            Assert.False(file.Recheck(0).Value);
            Assert.Equal(root, _folder.Put(_content, "again"));
        }

        await _folder.AssertWholeAsync(root, _content);
        _folder.Restart();
        await _folder.AssertWholeAsync(root, _content);
    }

    [Fact]
    public async Task A_process_killed_while_filing_loses_nothing()
    {
        // Between the two renames the data stands under its root without a sidecar, which is still among the incoming.
        var root = _folder.Put(_content);
        File.Move(_folder.WholePath(root) + ".have", _folder.Incoming("up.have"));
        _folder.Restart();
        Assert.Null(_folder.Store.FindUpload("up"));
        await _folder.AssertWholeAsync(root, _content);
    }

    [Fact]
    public async Task A_process_killed_while_loading_goes_on_where_the_data_is_good()
    {
        var manifest = ManifestOf(_content);
        var killed = StoreFolder.Begin(_folder.Store, _content);
        for (var piece = 0; piece < 20; piece++)
        {
            killed.Write(piece, PieceOf(_content, piece));
        }

        // Nothing is disposed. The map says 20 pieces, but power was lost before all of them were written.
        var path = _folder.Incoming(manifest.Root.ToString());
        using (var data = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            data.Position = 7 * Piece;
            data.Write(new byte[2 * Piece]);
        }

        _folder.Restart();
        using (var again = _folder.Store.Begin(manifest).Value)
        {
            Assert.Equal(18, again.Pieces.Have);
            await AssertTrueAsync(again, _content);
            WriteAll(again, _content);
        }

        Assert.True(_folder.Store.Finish(manifest.Root.ToString()).Succeeded);
        await _folder.AssertWholeAsync(manifest.Root, _content);
        killed.Dispose();
    }

    [Fact]
    public void Names_that_could_not_be_synced_are_owed_still()
    {
        using var temp = new TempFolder();
        var files = new FailingSync();
        var store = new ContentStore(files, temp.Path);
        Assert.Null(store.SyncNames());
        Assert.True(store.PutSmall(Bytes(10)).Succeeded);
        files.IsFailing = true;
        Assert.Equal(FailureKind.Unavailable, store.SyncNames()?.Kind);
        Assert.Equal(FailureKind.Unavailable, store.SyncNames()?.Kind);
        files.IsFailing = false;
        var before = files.Folders.Count;
        Assert.Null(store.SyncNames());
        Assert.Equal(2, files.Folders.Count - before);
        Assert.Null(store.SyncNames());
        Assert.Equal(2, files.Folders.Count - before);
    }

    [Fact]
    public void A_full_disk_is_told_and_harms_nothing()
    {
        using var temp = new TempFolder();
        Assert.SkipUnless(TinyDisk.TryMount(temp.Path, out var disk, out var why), why);
        using (disk)
        {
            var store = new ContentStore(new PhysicalFiles(), temp.Path);
            var kept = new List<(Hash256 Root, byte[] Content)>();
            Failure? failure = null;
            for (ulong seed = 0; failure is null && seed < 100; seed++)
            {
                var content = Bytes(200_000, seed);
                var outcome = store.PutSmall(content);
                failure = outcome.Failure;
                if (outcome.Succeeded)
                {
                    kept.Add((outcome.Value, content));
                }
            }

            Assert.Equal(FailureKind.Full, failure?.Kind);
            Assert.Empty(Directory.GetFiles(Path.Combine(temp.Path, "incoming")));
            var large = Bytes(2 << 20);
            using (var upload = store.BeginUpload("up", large.Length) is { Succeeded: true } begun ? begun.Value : null)
            {
                var outcome = upload?.Write(0, PieceOf(large, 0, upload.PieceLength));
                Assert.True(outcome is null or { Failure.Kind: FailureKind.Full });
                Assert.True(upload is null || upload.Pieces.Have == 0);
            }

            Assert.True(kept.Count > 5);
            Assert.All(kept, pair =>
            {
                using var file = store.Find(pair.Root);
                Assert.True(file is { IsWhole: true } && file.Recheck(0).Value);
            });
        }
    }

    public void Dispose() => _folder.Dispose();

    private sealed class FailingSync : IFileSystem
    {
        private readonly PhysicalFiles _files = new();

        public bool IsFailing { get; set; }

        public List<string> Folders { get; } = [];

        public IFile Open(string path) => _files.Open(path);

        public bool Exists(string path) => _files.Exists(path);

        public IReadOnlyList<string> List(string folder) => _files.List(folder);

        public void CreateFolder(string folder) => _files.CreateFolder(folder);

        public void Delete(string path) => _files.Delete(path);

        public void SyncFolder(string folder)
        {
            if (IsFailing)
            {
                throw new IOException("Input/output error", 5);
            }

            Folders.Add(folder);
        }
    }
}
