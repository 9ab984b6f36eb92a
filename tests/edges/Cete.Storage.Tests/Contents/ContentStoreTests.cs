using Cete.Core;
using Cete.Swarm;
using static Cete.Storage.Tests.Contents.ContentRig;

namespace Cete.Storage.Tests.Contents;

public sealed class ContentStoreTests : IDisposable
{
    private readonly StoreFolder _folder = new();
    private readonly byte[] _content = Bytes((3 * 256 * 1024) + 9);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(256 * 1024)]
    public async Task Small_content_is_found_under_its_root(int length)
    {
        var content = Bytes(length);
        var root = _folder.Store.PutSmall(content).Value;
        Assert.Equal(Merkle.HashContent(content), root);
        Assert.Equal(root, _folder.Store.PutSmall(content).Value);
        Assert.Null(_folder.Store.SyncNames());
        _folder.Restart();
        await _folder.AssertWholeAsync(root, content);
        Assert.Equal(content, File.ReadAllBytes(_folder.WholePath(root)));
        Assert.Empty(_folder.IncomingNames());
    }

    [Fact]
    public void What_is_removed_is_gone_whole_or_on_its_way_and_nothing_else_is()
    {
        var (root, other) = (_folder.Put(_content), _folder.Put(Bytes(5), "other"));
        Assert.Equal([(root, (long)_content.Length), (other, 5)], _folder.Store.List().OrderByDescending(one => one.Length));
        using (var open = _folder.Store.Find(root))
        {
            Assert.Null(_folder.Store.Remove(root));
            Assert.Null(_folder.Store.Find(root));
            Assert.True(open is { IsWhole: true });
        }

        var manifest = ManifestOf(_content, 256 * 1024);
        _folder.Store.Begin(manifest).Value.Dispose();
        Assert.NotEmpty(_folder.IncomingNames());
        Assert.Null(_folder.Store.Remove(manifest.Root));
        Assert.Null(_folder.Store.Remove(manifest.Root));
        Assert.Empty(_folder.IncomingNames());
        Assert.Equal(other, Assert.Single(_folder.Store.List()).Root);
        _folder.Restart();
        Assert.Null(_folder.Store.Find(root));
        Assert.Equal(root, _folder.Put(_content));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(256 * 1024)]
    [InlineData((256 * 1024) + 1)]
    [InlineData((3 * 256 * 1024) + 9)]
    public async Task An_upload_is_filed_under_its_root(int length)
    {
        var content = Bytes(length);
        var root = _folder.Put(content);
        Assert.Equal(Merkle.HashContent(content), root);
        Assert.Null(_folder.Store.SyncNames());
        Assert.Null(_folder.Store.FindUpload("up"));
        Assert.Empty(_folder.IncomingNames());
        await _folder.AssertWholeAsync(root, content);
        _folder.Restart();
        await _folder.AssertWholeAsync(root, content);
        Assert.Equal(root, _folder.Put(content, "again"));
        Assert.Empty(_folder.IncomingNames());
    }

    [Fact]
    public async Task Content_of_one_long_piece_is_found_again()
    {
        var content = Bytes(700_000);
        var manifest = ManifestOf(content, 1 << 20);
        Assert.Equal(1, manifest.PieceCount);
        using (var file = _folder.Store.Begin(manifest).Value)
        {
            Assert.True(file.Write(0, content).Value);
        }

        Assert.Equal(manifest.Root, _folder.Store.Finish(manifest.Root.ToString()).Value);
        _folder.Restart();
        await _folder.AssertWholeAsync(manifest.Root, content);
    }

    [Fact]
    public void What_is_not_there_is_not_found()
    {
        Assert.Null(_folder.Store.Find(Hash256.Of([1])));
        Assert.Null(_folder.Store.FindUpload("none"));
        Assert.Equal(FailureKind.NotFound, _folder.Store.Finish("none").Failure?.Kind);
        Assert.Empty(_folder.IncomingNames());
    }

    [Fact]
    public void An_upload_that_is_not_whole_or_has_no_manifest_cannot_be_finished()
    {
        using var upload = _folder.Store.BeginUpload("up", _content.Length).Value;
        Assert.Equal(FailureKind.Conflict, _folder.Store.Finish("up").Failure?.Kind);
        WriteAll(upload, _content);
        Assert.Equal(FailureKind.Conflict, _folder.Store.Finish("up").Failure?.Kind);
        Assert.True(upload.Attach(ManifestOf(_content, upload.PieceLength)).Value);
        Assert.True(_folder.Store.Finish("up").Succeeded);
        Assert.Equal(FailureKind.NotFound, _folder.Store.Finish("up").Failure?.Kind);
    }

    [Theory]
    [InlineData(-1, FailureKind.Invalid)]
    [InlineData(long.MinValue, FailureKind.Invalid)]
    [InlineData(PieceLengths.ContentMax + 1, FailureKind.TooLarge)]
    [InlineData(long.MaxValue, FailureKind.TooLarge)]
    public void An_upload_of_an_impossible_length_is_refused(long length, FailureKind expected)
    {
        Assert.Equal(expected, _folder.Store.BeginUpload("up", length).Failure?.Kind);
        Assert.Empty(_folder.IncomingNames());
    }

    [Fact]
    public void An_upload_goes_on_under_its_id_and_keeps_its_length()
    {
        using (var upload = _folder.Store.BeginUpload("up", _content.Length).Value)
        {
            Assert.True(upload.Write(2, PieceOf(_content, 2, upload.PieceLength)).Value);
            Assert.Equal(FailureKind.Conflict, _folder.Store.BeginUpload("up", 5).Failure?.Kind);
        }

        _folder.Restart();
        Assert.Equal(FailureKind.Conflict, _folder.Store.BeginUpload("up", 5).Failure?.Kind);
        using var again = _folder.Store.BeginUpload("up", _content.Length).Value;
        using var found = _folder.Store.FindUpload("up");
        Assert.Same(again, found);
        Assert.True(again.Pieces[2] && again.Pieces.Have == 1);
    }

    [Fact]
    public void Content_on_its_way_is_found_by_its_root()
    {
        using var upload = _folder.Store.BeginUpload("up", _content.Length).Value;
        var manifest = ManifestOf(_content, upload.PieceLength);
        Assert.Null(_folder.Store.Find(manifest.Root));
        Assert.True(upload.Attach(manifest).Value);
        using var found = _folder.Store.Find(manifest.Root);
        Assert.Same(upload, found);
    }

    [Fact]
    public void All_who_begin_the_same_content_at_once_share_it()
    {
        var manifest = ManifestOf(_content);
        for (var round = 0; round < 20; round++)
        {
            var files = new Ports.IContentFile[8];
            Parallel.For(0, files.Length, i => files[i] = i % 2 == 0 ? _folder.Store.Begin(manifest).Value : _folder.Store.BeginUpload("up", 5).Value);
            Assert.Equal(2, files.Distinct().Count());
            Assert.All(files, file => file.Dispose());
        }
    }

    [Fact]
    public void Finding_and_letting_go_at_once_never_gives_a_closed_file()
    {
        var root = _folder.Put(_content);
        Parallel.For(0, 400, i =>
        {
            using var file = _folder.Store.Find(root)!;
            Assert.True(file.Recheck(i % 4).Value);
        });
    }

    [Fact]
    public void A_manifest_of_other_facts_gets_no_foreign_file()
    {
        // The same root with half the length: the layer is the level above the true one.
        var content = Bytes(4 * Piece);
        var manifest = ManifestOf(content);
        byte[] upper = [.. Hash256.Of(manifest.Pieces[0], manifest.Pieces[1]).ToArray(), .. Hash256.Of(manifest.Pieces[2], manifest.Pieces[3]).ToArray()];
        var lie = Manifest.Create(2 * Piece, Piece, manifest.Root, new PieceLayer(upper)).Value;
        using var file = _folder.Store.Begin(manifest).Value;
        Assert.Equal(FailureKind.Conflict, _folder.Store.Begin(lie).Failure?.Kind);
        Assert.Equal(FailureKind.Conflict, _folder.Store.Begin(ManifestOf(content, 2 * Piece)).Failure?.Kind);
        WriteAll(file, content);
        Assert.Equal(manifest.Root, _folder.Store.Finish(manifest.Root.ToString()).Value);
        using var whole = _folder.Store.Begin(ManifestOf(content, 2 * Piece)).Value;
        Assert.True(whole.IsWhole);
    }

    [Fact]
    public async Task Sixty_four_bytes_cannot_take_the_place_of_the_content_whose_root_they_forge()
    {
        // BEP 52 tells leaves from inner nodes by the length alone: the two highest hashes, as content, have the root of the content.
        var content = Bytes(2 * Piece);
        byte[] forgery = [.. Hash256.Of(content.AsSpan(0, Piece)).ToArray(), .. Hash256.Of(content.AsSpan(Piece)).ToArray()];
        var manifest = ManifestOf(content);
        Assert.Equal(manifest.Root, _folder.Store.PutSmall(forgery).Value);
        using (var file = _folder.Store.Begin(manifest).Value)
        {
            Assert.Equal(content.Length, file.Length);
            WriteAll(file, content);
        }

        Assert.Equal(manifest.Root, _folder.Store.Finish(manifest.Root.ToString()).Value);
        await _folder.AssertWholeAsync(manifest.Root, content);
        Assert.Equal(manifest.Root, _folder.Store.PutSmall(forgery).Value);
        await _folder.AssertWholeAsync(manifest.Root, content);
    }

    [Fact]
    public void Old_uploads_are_swept_and_open_or_new_ones_stay()
    {
        _folder.Store.BeginUpload("old", 5).Value.Dispose();
        using var open = _folder.Store.BeginUpload("open", 5).Value;
        _folder.Store.BeginUpload("new", 5).Value.Dispose();
        File.WriteAllBytes(_folder.Incoming("lost.have"), [1]);
        var past = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach (var name in (string[])["old", "old.have", "open", "open.have", "lost.have"])
        {
            File.SetLastWriteTimeUtc(_folder.Incoming(name), past);
        }

        Assert.Equal(1, _folder.Store.SweepIncoming(new DateTimeOffset(past).AddDays(1)));
        Assert.Equal(["new", "new.have", "open", "open.have"], _folder.IncomingNames());
        Assert.Equal(0, _folder.Store.SweepIncoming(new DateTimeOffset(past).AddDays(1)));
    }

    [Fact]
    public void Ids_that_are_paths_are_a_bug()
    {
        Assert.All((string[])["", "..", "a/b", "a.b", "a\\b", new string('a', 65), "ü"], id =>
            Assert.Throws<CheckFailedException>(() => _folder.Store.FindUpload(id)));
    }

    public void Dispose() => _folder.Dispose();
}
