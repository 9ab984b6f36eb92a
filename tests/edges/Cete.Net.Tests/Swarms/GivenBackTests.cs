using Cete.Core;
using Cete.Ports.Folders;
using Cete.Storage.Contents;
using Cete.Storage.Local;

namespace Cete.Net.Tests.Swarms;

/// <summary>What was downloaded is there for others as long as it is what it was.</summary>
public sealed class GivenBackTests : IDisposable
{
    private readonly TestContent _content = TestContent.Make((2 * TestContent.PieceLength) + 9, 7);
    private readonly ContentOrigin _origin = new(KeyId.Of("community"u8), "http://node/", null);
    private readonly string _folder = Directory.CreateTempSubdirectory("cete-given-").FullName;
    private readonly GivenBook _book;
    private readonly GivenBack _given;
    private readonly LocalTargets _targets = new();

    public GivenBackTests() => _given = new GivenBack(_book = OpenBook());

    private string Place => Path.Combine(_folder, "disk", "film");

    public void Dispose()
    {
        _book.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task APartIsThereWhileItIsWrittenAndTheWholeWhereItEnds()
    {
        await FinishAsync(async file =>
        {
            Assert.True(_given.IsOf(_origin.Community, _content.Root));
            Assert.False(_given.IsOf(KeyId.Of("another"u8), _content.Root));
            using var part = _given.Find(_content.Root)!;
            Assert.Equal(0, part.AvailableFrom(0));
            Assert.True(file.Write(0, _content.Piece(0).Span).Succeeded);
            Assert.Equal(_content.Piece(0).ToArray(), await ReadAsync(part, 0, TestContent.PieceLength));
        });
        using var whole = _given.Find(_content.Root)!;
        Assert.True(whole.IsWhole);
        Assert.Equal(_content.Bytes.ToArray(), await ReadAsync(whole, 0, _content.Bytes.Length));
    }

    [Fact]
    public async Task OneProgramWritesItAndEverybodyReadsItOnceItIsWholeWhoeverIsStillGivenAPart()
    {
        Ports.IContentFile? upload = null;
        await FinishAsync(_ =>
        {
            upload = _given.Find(_content.Root);
            Assert.Equal(FailureKind.Conflict, new LocalTargets().Open(Place, _content.Manifest).Failure?.Kind);
            return Task.CompletedTask;
        });
        using (upload!)
        {
            Assert.Equal(_content.Bytes.ToArray(), await File.ReadAllBytesAsync(Place, TestContext.Current.CancellationToken));
            Assert.Equal(_content.Piece(0).ToArray(), await ReadAsync(upload!, 0, TestContent.PieceLength));
        }

        using var alone = new FileStream(Place, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.Equal(_content.Bytes.Length, alone.Length);
    }

    [Fact]
    public async Task WhatItsUserChangedIsThereNoLonger()
    {
        await FinishAsync(_ => Task.CompletedTask);
        using var open = _given.Find(_content.Root)!;
        File.WriteAllBytes(Place, new byte[_content.Bytes.Length]);
        File.SetLastWriteTimeUtc(Place, DateTime.UnixEpoch);
        Assert.Empty(await ReadAsync(open, 0, 10));
        Assert.Null(_given.Find(_content.Root));
        File.Delete(Place);
        Assert.Null(_given.Find(_content.Root));
    }

    [Fact]
    public void WhatIsWithdrawnBeforeItWasWholeIsNobodys()
    {
        using var file = _targets.Open(Place, _content.Manifest).Value;
        _given.Offer(_origin, file);
        Assert.Equal(_origin, _given.OriginOf(_content.Root));
        _given.Withdraw(_content.Root);
        Assert.Null(_given.Find(_content.Root));
        Assert.False(_given.IsOf(_origin.Community, _content.Root));
        Assert.Empty(_given.Held());
    }

    [Fact]
    public async Task AfterTheProcessEndedItIsThereAsBeforeAndVerifiedBeforeItIsRead()
    {
        await FinishAsync(_ => Task.CompletedTask);
        using (var book = OpenBook())
        {
            var again = new GivenBack(book);
            Assert.True(again.IsOf(_origin.Community, _content.Root));
            Assert.Equal([new HeldContent(_content.Root, _origin.Node, null)], again.Held());
            using var whole = again.Find(_content.Root)!;
            Assert.Equal(_content.Bytes.ToArray(), await ReadAsync(whole, 0, _content.Bytes.Length));
        }

        // Of the same length and time, but not what it was.
        var time = File.GetLastWriteTimeUtc(Place);
        using (var file = File.OpenWrite(Place))
        {
            file.Write(new byte[9]);
        }

        File.SetLastWriteTimeUtc(Place, time);
        using (var book = OpenBook())
        {
            using var changed = new GivenBack(book).Find(_content.Root)!;
            Assert.Empty(await ReadAsync(changed, 0, 10));
        }
    }

    [Fact]
    public async Task WhatItsUserTookAwayIsForgottenAndWhatIsOnADiskThatIsNotThereWaits()
    {
        await FinishAsync(_ => Task.CompletedTask);
        var (disk, away) = (Path.Combine(_folder, "disk"), Path.Combine(_folder, "away"));
        Directory.Move(disk, away);
        using (var book = OpenBook())
        {
            var given = new GivenBack(book);
            Assert.Empty(given.Held());
            Directory.Move(away, disk);
            Assert.Single(given.Held());
            var version = given.Version;
            File.Delete(Place);
            Assert.Empty(given.Held());
            Assert.NotEqual(version, given.Version);
        }

        using var later = OpenBook();
        Assert.Empty(later.All().Value);
        Assert.Equal(0, new GivenBack(later).Count);
    }

    [Fact]
    public void TheBookKeepsTheNewest()
    {
        using var book = new GivenBook(Path.Combine(_folder, "small.db"), countMax: 2);
        var mark = new FileMark(5, DateTimeOffset.UnixEpoch, "1:2");
        foreach (var seed in (ulong[])[1, 2, 1, 3])
        {
            var content = TestContent.Make(5, seed);
            Assert.Null(book.Keep(new GivenFile(content.Root, _origin with { Trust = "sha256:00" }, $"/{seed}", mark), content.Manifest));
        }

        Assert.Equal(["/1", "/3"], book.All().Value.Select(file => file.Path));
        Assert.Equal((mark, "sha256:00"), (book.All().Value[0].Mark, book.All().Value[0].Origin.Trust));
        var (kept, lost) = (TestContent.Make(5, 3), TestContent.Make(5, 2));
        Assert.Equal(kept.Root, book.ManifestOf(kept.Root)?.Root);
        Assert.Null(book.ManifestOf(lost.Root));
    }

    private GivenBook OpenBook() => new(Path.Combine(_folder, "given.db"), 10);

    private async Task FinishAsync(Func<Ports.IContentFile, Task> meanwhile)
    {
        using (var file = _targets.Open(Place, _content.Manifest).Value)
        {
            _given.Offer(_origin, file);
            await meanwhile(file);
            for (var piece = 0; piece < _content.Manifest.PieceCount; piece++)
            {
                Assert.True(file.Write(piece, _content.Piece(piece).Span).Succeeded);
            }
        }

        Assert.True((await _targets.FinishAsync(Place, _content.Manifest, null, overwrite: false, TestContext.Current.CancellationToken)).Succeeded);
        _given.Finish(_origin, _content.Manifest, Place);
    }

    private static async Task<byte[]> ReadAsync(Ports.IContentFile file, long offset, int count)
    {
        // It gives what is left of a piece at most.
        var (bytes, done) = (new byte[count], 0);
        while (done < count && await file.ReadAsync(bytes.AsMemory(done), offset + done, TestContext.Current.CancellationToken) is > 0 and var read)
        {
            done += read;
        }

        return bytes[..done];
    }
}
