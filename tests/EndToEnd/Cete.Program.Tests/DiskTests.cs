using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>Disks that lie, are full, or would have to hold too much.</summary>
public sealed class DiskTests : IDisposable
{
    private const long MemoryMax = 200 * 1024;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(100_000, 50_000)]
    [InlineData(20_000_000, 10_000_000)]
    public async Task ContentThatRotsIsNeverGivenOutAndCanBePutInAgain(long length, long offset)
    {
        var path = _folder.Write("rot", length, 1);
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        (await node.CeteAsync("put", path)).Ended(0);
        Disk.Flip(Assert.Single(node.ContentFiles()), offset);
        for (var i = 0; i < 2; i++)
        {
            var ran = await node.CeteAsync("get", "/rot", "--to", _folder.At("out"), "--patience", "3");
            Assert.True(ran.Code is 3 or 5 or 6, $"ended with {ran.Code}: {ran.Error}");
            Assert.Contains("rot: ", ran.Error, StringComparison.Ordinal);
            Assert.False(File.Exists(_folder.At("out", "rot")));
        }

        (await node.CeteAsync("put", path)).Ended(0);
        (await node.CeteAsync("get", "/rot", "--to", _folder.At("out"), "--patience", "10")).Ended(0);
        Disk.AssertSame(path, _folder.At("out", "rot"));
    }

    [Fact]
    public async Task AFullDiskStopsPutAndGetAndTheyGoOnWhenThereIsRoom()
    {
        const long Length = 60L << 20;
        var path = _folder.Write("file", Length, 2);
        await using var mount = await TemporaryDisk.MountAsync(_folder.At("small"), "30m");
        await using (var node = await TestNode.CreateAsync(_folder.At("small", "node")))
        {
            var put = await node.CeteAsync("put", path);
            Assert.Contains("no room", put.Ended(7).Error, StringComparison.Ordinal);
            (await node.CeteAsync("ls", "/file")).Ended(3);
            await mount.ResizeAsync("100m");
            Assert.InRange((await node.CeteAsync("put", path, "--json")).Ended(0).Number("sentBytes"), 1, Length - (10L << 20));

            await mount.ResizeAsync("90m");
            var output = _folder.At("small", "out");
            Assert.Contains("no room", (await node.CeteAsync("get", "/file", "--to", output)).Ended(7).Error, StringComparison.Ordinal);
            Assert.False(File.Exists(Path.Combine(output, "file")));
            await mount.ResizeAsync("200m");
            Assert.InRange((await node.CeteAsync("get", "/file", "--to", output, "--json")).Ended(0).Number("fetchedBytes"), 1, Length - (5L << 20));
            Disk.AssertSame(path, Path.Combine(output, "file"));
            Assert.Equal(0, (await node.EndAsync(CeteProcess.Terminate)).Code);
        }
    }

    [Fact]
    public async Task MemoryDoesNotGrowWithTheFile()
    {
        var length = Environment.GetEnvironmentVariable("CETE_LARGE") == "1" ? 20L << 30 : 2L << 30;
        var path = _folder.At("sparse");
        using (var stream = File.Create(path))
        {
            stream.SetLength(length);
        }

        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        for (var i = 0; i < 2; i++)
        {
            await using var put = node.Start("put", path, "--json");
            var peak = 0L;
            await Eventually.TrueAsync(
                () =>
                {
                    peak = Math.Max(peak, put.PeakMemory());
                    return put.HasExited;
                },
                "put ends",
                TimeSpan.FromMinutes(10));
            Assert.Equal(i == 0 ? length : 0, (await put.EndAsync()).Ended(0).Number("sentBytes"));
            Assert.InRange(peak, 1, MemoryMax);
            Assert.InRange(node.Process.PeakMemory(), 1, MemoryMax);
        }
    }
}
