namespace Cete.Storage.Tests;

public sealed class PhysicalFilesTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly PhysicalFiles _files = new();

    [Fact]
    public void A_file_is_read_written_cut_and_lengthened()
    {
        using var file = _files.Open(_temp.At("f"));
        Assert.Equal(0, file.Length);
        file.Write([1, 2, 3], 5);
        Assert.Equal(8, file.Length);
        var buffer = new byte[10];
        Assert.Equal(8, file.Read(buffer, 0));
        Assert.Equal([0, 0, 0, 0, 0, 1, 2, 3, 0, 0], buffer);
        Assert.Equal(1, file.Read(buffer, 7));
        Assert.Equal(0, file.Read(buffer, 8));
        Assert.Equal(0, file.Read(buffer, 100));
        file.SetLength(2);
        file.SetLength(4);
        Assert.Equal(4, file.Read(buffer, 0));
        file.Sync();
    }

    [Fact]
    public void Names_are_listed_in_order_and_without_folders()
    {
        Directory.CreateDirectory(_temp.At("folder"));
        foreach (var name in (string[])["b", "a", "B", "c.seg"])
        {
            _files.Open(_temp.At(name)).Dispose();
        }

        Assert.Equal(["B", "a", "b", "c.seg"], _files.List(_temp.Path));
        Assert.Empty(_files.List(_temp.At("absent")));
        Assert.False(_files.Exists(_temp.At("folder")));
        _files.Delete(_temp.At("b"));
        _files.Delete(_temp.At("b"));
        _files.SyncFolder(_temp.Path);
        Assert.False(_files.Exists(_temp.At("b")));
    }

    [Fact]
    public void Errors_are_those_of_the_disk()
    {
        Directory.CreateDirectory(_temp.At("folder"));
        Assert.ThrowsAny<IOException>(() => _files.Open(_temp.At("folder")));
        Assert.ThrowsAny<IOException>(() => _files.Open(_temp.At("absent", "f")));
        Assert.ThrowsAny<IOException>(() => _files.SyncFolder(_temp.At("absent")));
    }

    public void Dispose() => _temp.Dispose();
}
