using Cete.Core;

namespace Cete.Simulation;

/// <summary>The simulated disk must be as cruel as it says, or what runs on it proves nothing.</summary>
public sealed class SimFilesTests
{
    private static readonly byte[] Old = [.. Enumerable.Repeat((byte)'o', 1200)];
    private static readonly byte[] New = [.. Enumerable.Repeat((byte)'n', 2000)];

    [Fact]
    public void What_was_synced_survives_and_what_was_not_is_torn_by_sectors()
    {
        var (lengths, torn, all, none) = (new HashSet<int>(), 0, 0, 0);
        for (ulong seed = 0; seed < 300; seed++)
        {
            var disk = new SimFiles(seed);
            disk.Put("f", Old);
            using (var file = disk.Open("f"))
            {
                file.Write(New, 0);
            }

            disk.Crash();
            var bytes = disk.BytesOf("f");
            lengths.Add(bytes.Length);
            foreach (var sector in bytes.Chunk(512))
            {
                // A sector holds the old bytes, the new ones or, past the old end, nothing: never a mixture.
                Assert.True(sector.Distinct().Count() == 1 || sector.All(b => b is (byte)'o' or 0), $"seed {seed}");
            }

            var count = bytes.Count(b => b == (byte)'n');
            (all, none, torn) = (all + (count == New.Length ? 1 : 0), none + (count == 0 ? 1 : 0), torn + (count > 0 && count < New.Length ? 1 : 0));
        }

        Assert.Equal([Old.Length, New.Length], lengths.Order());
        Assert.True(torn > 50 && all > 10 && none > 10, $"{(torn, all, none)}");
    }

    [Fact]
    public void Synced_bytes_are_there_after_any_crash()
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            var disk = new SimFiles(seed);
            using (var file = disk.Open("f"))
            {
                file.Write(New, 0);
                file.SetLength(700);
                file.SetLength(900);
                file.Sync();
                disk.SyncFolder(string.Empty);
            }

            disk.Crash();
            Assert.Equal([.. New.AsSpan(0, 700), .. new byte[200]], disk.BytesOf("f"));
        }
    }

    [Fact]
    public void Names_come_and_go_unless_their_folder_was_synced()
    {
        var (made, deleted) = (0, 0);
        for (ulong seed = 0; seed < 100; seed++)
        {
            var disk = new SimFiles(seed);
            disk.Put("a/kept", [1]);
            disk.Put("a/deleted", [2]);
            disk.Open("a/made").Dispose();
            disk.Delete("a/deleted");
            disk.Crash();
            Assert.True(disk.Exists("a/kept"));
            (made, deleted) = (made + (disk.Exists("a/made") ? 1 : 0), deleted + (disk.Exists("a/deleted") ? 0 : 1));

            disk.Delete("a/kept");
            disk.SyncFolder("a");
            disk.Crash();
            Assert.False(disk.Exists("a/kept"));
        }

        Assert.InRange(made, 10, 90);
        Assert.InRange(deleted, 10, 90);
    }

    [Fact]
    public void A_new_folder_goes_with_all_that_is_in_it_unless_the_one_above_was_synced()
    {
        var there = 0;
        for (ulong seed = 0; seed < 100; seed++)
        {
            var disk = new SimFiles(seed);
            disk.CreateFolder("log");
            disk.Open("log/f").Dispose();
            disk.SyncFolder("log");
            disk.Crash();
            there += disk.Exists("log/f") ? 1 : 0;
        }

        Assert.InRange(there, 10, 90);
    }

    [Fact]
    public void Faults_come_when_they_are_asked_for()
    {
        var disk = new SimFiles(1);
        using var file = disk.Open("f");
        disk.FullAtWrite = disk.Writes + 2;
        file.Write(Old, 0);
        Assert.Equal(28, Assert.Throws<IOException>(() => file.Write(New, 0)).HResult);
        file.Write(New, 0);
        disk.IsFull = true;
        Assert.Throws<IOException>(() => disk.Open("other"));
        Assert.Throws<IOException>(() => file.SetLength(9000));
        file.SetLength(10);
        disk.IsFull = false;
        disk.FailAtSync = disk.Syncs + 1;
        Assert.Throws<IOException>(file.Sync);
        file.Sync();
        disk.Flip("f", 3, 0xFF);
        Assert.Equal('n' ^ 0xFF, disk.BytesOf("f")[3]);
        Assert.InRange(disk.FlipRandomBit("f"), 0, 9);
        disk.Crash();
        Assert.Throws<CheckFailedException>(() => file.Length);
    }

    [Fact]
    public void A_seed_gives_the_same_disk_again()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            Assert.Equal(Life(seed), Life(seed));
        }
    }

    private static byte[] Life(ulong seed)
    {
        var disk = new SimFiles(seed);
        disk.Put("f", Old);
        using (var file = disk.Open("f"))
        {
            file.Write(New, 100);
        }

        disk.Crash();
        return disk.BytesOf("f");
    }
}
