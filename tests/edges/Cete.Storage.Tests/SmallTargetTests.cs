using Cete.Core;
using Cete.Storage.Local;
using Cete.Swarm;

namespace Cete.Storage.Tests;

/// <summary>Small files written in one go: whole under their names, or not at all.</summary>
public sealed class SmallTargetTests : IDisposable
{
    private static readonly byte[] Bytes = [1, 2, 3, 4, 5];
    private static readonly Manifest Manifest = Manifest.OfOnePiece(Bytes.Length, Merkle.HashContent(Bytes));
    private readonly TempFolder _folder = new();
    private readonly LocalTargets _targets = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_is_there_whole_with_its_time_and_nothing_beside_it()
    {
        var path = Path.Combine(_folder.Path, "a", "b", "file");
        var modified = Instant.From(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        Assert.True((await PutAsync(path, modified)).Succeeded);
        Assert.Equal(Bytes, await File.ReadAllBytesAsync(path, Cancel));
        Assert.Equal(modified.ToDateTimeOffset().UtcDateTime, File.GetLastWriteTimeUtc(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public async Task What_was_begun_before_is_replaced()
    {
        var path = Path.Combine(_folder.Path, "file");
        _targets.Open(path, Manifest).Value.Dispose();
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
        Assert.True((await PutAsync(path)).Succeeded);
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task The_same_content_there_already_is_no_failure_and_other_content_stays()
    {
        var path = Path.Combine(_folder.Path, "file");
        Assert.True((await PutAsync(path)).Succeeded);
        Assert.True((await PutAsync(path)).Succeeded);
        await File.WriteAllTextAsync(path, "other", Cancel);
        Assert.Equal(FailureKind.Conflict, (await PutAsync(path)).Failure?.Kind);
        Assert.Equal("other", await File.ReadAllTextAsync(path, Cancel));
        Assert.True((await PutAsync(path, overwrite: true)).Succeeded);
        Assert.Equal(Bytes, await File.ReadAllBytesAsync(path, Cancel));
    }

    [Fact]
    public async Task A_file_in_place_of_a_folder_is_named()
    {
        var file = Path.Combine(_folder.Path, "a");
        await File.WriteAllTextAsync(file, "in the way", Cancel);
        var put = await PutAsync(Path.Combine(file, "b", "c"));
        Assert.Equal(FailureKind.Conflict, put.Failure?.Kind);
        Assert.Contains(file, put.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_that_another_program_holds_is_left_to_it()
    {
        var path = Path.Combine(_folder.Path, "file");
        using var held = _targets.Open(path, Manifest).Value;
        Assert.Equal(FailureKind.Conflict, (await PutAsync(path)).Failure?.Kind);
        Assert.False(File.Exists(path));
    }

    private Task<Outcome<bool>> PutAsync(string path, Instant? modified = null, bool overwrite = false) =>
        _targets.PutSmallAsync(path, Manifest, Bytes, modified, overwrite, Cancel);
}
