using Cete.Core;
using Cete.Storage.Contents;
using Cete.Storage.Local;

namespace Cete.Net.Tests.Swarms;

/// <summary>What was downloaded is there for others as long as it is what it was.</summary>
public sealed class GivenBackTests : IDisposable
{
    private readonly TestContent _content = TestContent.Make((2 * TestContent.PieceLength) + 9, 7);
    private readonly KeyId _community = KeyId.Of("community"u8);
    private readonly string _folder = Directory.CreateTempSubdirectory("cete-given-").FullName;
    private readonly GivenBack _given = new();
    private readonly LocalTargets _targets = new();

    private string Place => Path.Combine(_folder, "film");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task APartIsThereWhileItIsWrittenAndTheWholeWhereItEnds()
    {
        await FinishAsync(async file =>
        {
            Assert.True(_given.IsOf(_community, _content.Root));
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
    public async Task WhatIsWithdrawnIsNobodys()
    {
        await FinishAsync(_ => Task.CompletedTask);
        _given.Withdraw(_content.Root);
        Assert.Null(_given.Find(_content.Root));
        Assert.False(_given.IsOf(_community, _content.Root));
    }

    private async Task FinishAsync(Func<Ports.IContentFile, Task> meanwhile)
    {
        using (var file = _targets.Open(Place, _content.Manifest).Value)
        {
            _given.Offer(_community, file);
            await meanwhile(file);
            for (var piece = 0; piece < _content.Manifest.PieceCount; piece++)
            {
                Assert.True(file.Write(piece, _content.Piece(piece).Span).Succeeded);
            }
        }

        Assert.True((await _targets.FinishAsync(Place, _content.Manifest, null, overwrite: false, TestContext.Current.CancellationToken)).Succeeded);
        _given.Finish(_content.Root, Place);
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
