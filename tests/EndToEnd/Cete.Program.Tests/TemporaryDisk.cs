namespace Cete.Program.Tests;

/// <summary>A small disk in memory; tests are left out where nobody may mount one.</summary>
internal sealed class TemporaryDisk(string path) : IAsyncDisposable
{
    private string Filler => Path.Combine(path, "filler");

    public static async Task<TemporaryDisk> MountAsync(string path, string size)
    {
        Directory.CreateDirectory(path);
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "only root may mount a small disk");
        Assert.SkipUnless(await Disk.RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "none", path) == 0, "a small disk cannot be mounted here");
        return new TemporaryDisk(path);
    }

    public async Task ResizeAsync(string size) => Assert.Equal(0, await Disk.RunAsync("mount", "-o", $"remount,size={size}", path));

    /// <summary>Takes all the room that there is.</summary>
    public void Fill()
    {
        using var stream = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = 1 << 20; size > 0; size /= 16)
        {
            try
            {
                while (true)
                {
                    stream.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
                // No room for so much; for less there may be.
                continue;
            }
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Clear() => File.Delete(Filler);

    public async ValueTask DisposeAsync() => Assert.Equal(0, await Disk.RunAsync("umount", path));
}
