using Cete.Core;
using static Cete.Storage.Tests.State.StoreRig;

namespace Cete.Storage.Tests.State;

public sealed class SqliteDamageTests
{
    public static TheoryData<string> Kinds => ["noise", "text", "first page", "middle page", "last page", "half", "within header", "one page"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_damaged_database_is_a_failure_that_says_so(string kind)
    {
        using var rig = Filled();
        var bytes = File.ReadAllBytes(rig.Path);
        var noise = new byte[4096];
        new Prng(9).Fill(noise);
        byte[] With(int at) => [.. bytes.AsSpan(0, at), .. noise, .. bytes.AsSpan(Math.Min(bytes.Length, at + 4096))];
        File.WriteAllBytes(rig.Path, kind switch
        {
            "noise" => [.. noise, .. noise],
            "text" => [.. "This is no database at all."u8, .. new byte[5000]],
            "first page" => With(0),
            "middle page" => With(bytes.Length / 2 / 4096 * 4096),
            "last page" => With(bytes.Length - 4096),
            "half" => bytes[..(bytes.Length / 2 / 4096 * 4096)],
            "within header" => bytes[..60],
            _ => bytes[..4096],
        });
        var outcome = rig.Stores.Open(Group);
        Assert.Equal(FailureKind.Damaged, outcome.Failure?.Kind);
    }

    [Fact]
    public void Flipped_bits_never_make_opening_throw()
    {
        using var rig = Filled();
        var bytes = File.ReadAllBytes(rig.Path);
        for (var at = 0; at < bytes.Length; at += at < 120 ? 1 : 211)
        {
            var flipped = bytes.ToArray();
            flipped[at] ^= 0x41;
            File.WriteAllBytes(rig.Path, flipped);
            File.Delete(rig.Path + "-wal");
            rig.Restart();
            var outcome = rig.Stores.Open(Group);
            if (outcome.Succeeded)
            {
                outcome.Value.Dispose();
            }
        }
    }

    [Fact]
    public void A_damaged_write_ahead_log_gives_an_older_whole_state()
    {
        using var rig = new StoreRig();
        using var copy = new StoreRig();
        copy.Open().Dispose();
        using (var store = rig.Open())
        {
            AddRows(store, 10);
            Assert.True(store.Checkpoint());
            AddRows(store, 10);
            AddRows(store, 500);
            File.Copy(rig.Path, copy.Path, overwrite: true);
            File.Copy(rig.Path + "-wal", copy.Path + "-wal");
        }

        var wal = File.ReadAllBytes(copy.Path + "-wal");
        wal[^3000] ^= 1;
        File.WriteAllBytes(copy.Path + "-wal", wal);
        using var reopened = copy.Open();
        Assert.Equal(20, Count(reopened.Writer));
    }

    [Fact]
    public void A_folder_in_the_place_of_the_database_is_a_failure()
    {
        using var rig = new StoreRig();
        Directory.CreateDirectory(rig.Path);
        Assert.False(rig.Stores.Open(Group).Succeeded);
        Assert.False(rig.Stores.Restore(Group, new MemoryStream(Snapshot(3))).Succeeded);
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_a_failure()
    {
        using var rig = new StoreRig();
        var folder = Path.GetDirectoryName(rig.Path)!;
        File.WriteAllText(folder, "text");
        Assert.False(rig.Stores.Open(Group).Succeeded);
        Assert.False(rig.Stores.Restore(Group, new MemoryStream()).Succeeded);
    }

    [Fact]
    public void A_failed_opening_holds_no_file()
    {
        using var rig = Filled();
        var bytes = File.ReadAllBytes(rig.Path);
        File.WriteAllBytes(rig.Path, bytes[..(bytes.Length / 2)]);
        Assert.False(rig.Stores.Open(Group).Succeeded);
        File.WriteAllBytes(rig.Path, bytes);
        using var store = rig.Open();
        Assert.Equal(300, Count(store.Writer));
    }

    [Fact]
    public void Snapshots_that_a_killed_process_left_are_cleared_away()
    {
        using var rig = Filled();
        File.WriteAllBytes(rig.Path + ".snapshot", [1]);
        File.WriteAllBytes(rig.Path + ".snapshot-7", [1]);
        File.WriteAllBytes(rig.Path + ".incoming", [1]);
        using (rig.Open())
        {
            Assert.DoesNotContain(rig.Files, name => name.Contains("snapshot", StringComparison.Ordinal));
            Assert.DoesNotContain("store.db.incoming", rig.Files);
        }
    }

    private static StoreRig Filled()
    {
        var rig = new StoreRig();
        using (var store = rig.Open())
        {
            AddRows(store, 300);
        }

        rig.Restart();
        return rig;
    }
}
