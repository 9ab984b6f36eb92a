namespace Cete.Storage.Tests;

public sealed class DiskProbeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_disk_that_works_is_measured_and_left_as_it_was()
    {
        var answer = DiskProbe.Measure(new PhysicalFiles(), _folder.Path, TimeProvider.System);
        Assert.Null(answer.WriteFailure);
        Assert.True(answer.SyncTime > TimeSpan.Zero);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_told()
    {
        var answer = DiskProbe.Measure(new PhysicalFiles(), Path.Combine(_folder.Path, "not there"), TimeProvider.System);
        Assert.NotNull(answer.WriteFailure);
        Assert.Null(answer.SyncTime);
    }

    [Fact]
    public void Room_and_use_are_told()
    {
        var (free, total) = DiskProbe.Room(_folder.Path);
        Assert.InRange(free, 1, total);
        Assert.Equal(0, DiskProbe.Used(_folder.Path));
        File.WriteAllBytes(Path.Combine(_folder.Path, "a"), new byte[1_000]);
        File.WriteAllBytes(Path.Combine(_folder.Path, "b"), new byte[234]);
        Assert.Equal(1_234, DiskProbe.Used(_folder.Path));
        Assert.Equal(0, DiskProbe.Used(Path.Combine(_folder.Path, "not there")));
    }
}
