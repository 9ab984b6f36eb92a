using System.Globalization;

namespace Cete.Cluster.Health;

/// <summary>What the machine gives the node: time, disk, files.</summary>
internal static class MachineChecks
{
    private const long Gibibyte = 1L << 30;

    /// <summary>Below it a checkpoint of a group and the log beside it may not fit.</summary>
    private const long FreeMin = Gibibyte / 4;

    private const long FreeLow = 2 * Gibibyte;

    /// <summary>Connections, segments and stores of a busy node want some thousands.</summary>
    private const long OpenFilesLow = 4_096;

    /// <summary>Log that a group may need: what is written since its last checkpoint, as much again while the next is made, and one segment.</summary>
    private const int CheckpointsKept = 4;

    /// <summary>Others believe a root whose clock is at most 30 s ahead of their median.</summary>
    private static readonly TimeSpan OffsetMax = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan OffsetLow = TimeSpan.FromSeconds(2);

    /// <summary>Every acknowledged command waits for one fsync, so this is how many groups of them fit in a second.</summary>
    private static readonly TimeSpan SyncSlow = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan SyncTooSlow = TimeSpan.FromMilliseconds(500);

    public static Finding? Clock(HealthFacts facts)
    {
        const string check = "clock";
        if (facts.Clocks is not { } clocks)
        {
            return null;
        }

        if (clocks.Count == 0)
        {
            return new Finding(check, FindingLevel.Note, "there is no other member whose clock this one could be compared with", string.Empty);
        }

        var sorted = clocks.Order(Comparer<ClockOffset>.Create((a, b) => a.Offset.CompareTo(b.Offset))).ToList();
        var median = sorted[sorted.Count / 2];

        // Half the round trip is not known, so an offset within it is none.
        var (offset, doubt) = (median.Offset.Duration(), median.RoundTrip / 2);
        var side = median.Offset > TimeSpan.Zero ? "behind" : "ahead of";
        var seen = $"this clock is {Seconds(offset)} {side} the middle one of {clocks.Count} other {(clocks.Count == 1 ? "member" : "members")}, "
            + $"give or take {Seconds(doubt)}";
        var level = offset - doubt >= OffsetMax ? FindingLevel.Problem : offset - doubt >= OffsetLow ? FindingLevel.Warning : FindingLevel.Ok;
        return level == FindingLevel.Ok
            ? Finding.Ok(check, seen)
            : new Finding(check, level, seen, "set the clock by NTP: 'timedatectl set-ntp true', or chrony; then see that it stays: 'timedatectl status'");
    }

    public static Finding? DiskWritable(HealthFacts facts) => facts.Disk switch
    {
        null => null,
        { WriteFailure: { } failure } disk => new Finding(
            "disk.writable", FindingLevel.Problem, $"nothing can be written to {disk.Folder}: {failure.Message}",
            "make room, or mount the disk for writing, and let the user of the node own the folder"),
        var disk => Finding.Ok("disk.writable", $"{disk.Folder} can be written to"),
    };

    public static Finding? DiskFree(HealthFacts facts)
    {
        const string check = "disk.free";

        // A disk of no size is one that the system tells nothing of.
        if (facts.Disk is not { TotalBytes: > 0 } disk)
        {
            return null;
        }

        var seen = $"{Gibibytes(disk.FreeBytes)} of {Gibibytes(disk.TotalBytes)} are free";
        return disk.FreeBytes < FreeMin
            ? new Finding(check, FindingLevel.Problem, seen, "make room or move the data folder to a larger disk: without room the node takes no commands")
            : disk.FreeBytes < FreeLow
                ? new Finding(check, FindingLevel.Warning, seen, "make room or move the data folder to a larger disk before it is full")
                : Finding.Ok(check, seen);
    }

    public static Finding? DiskSpeed(HealthFacts facts)
    {
        const string check = "disk.speed";
        if (facts.Disk?.SyncTime is not { } time)
        {
            return null;
        }

        var seen = $"a small write is safe on the disk after {time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture)} ms";
        var level = time >= SyncTooSlow ? FindingLevel.Problem : time >= SyncSlow ? FindingLevel.Warning : FindingLevel.Ok;
        return level == FindingLevel.Ok
            ? Finding.Ok(check, seen)
            : new Finding(check, level, seen, "every command waits for that: see what else writes to this disk, or move the data folder to a local SSD");
    }

    public static Finding? Log(HealthFacts facts)
    {
        const string check = "log.size";
        if (facts.Log is not { } log)
        {
            return null;
        }

        var expected = Math.Max(Gibibyte, CheckpointsKept * log.CheckpointBytes * Math.Max(1, log.Groups));
        var seen = $"the log takes {Gibibytes(log.Bytes)}";
        return log.Bytes <= expected
            ? Finding.Ok(check, seen)
            : new Finding(
                check, FindingLevel.Warning, $"{seen}, more than the {Gibibytes(expected)} that checkpoints should leave",
                "a group makes no checkpoints: see above for one that stands still, and restart the node; or lower cete.groups.checkpoint-bytes");
    }

    public static Finding? OpenFiles(HealthFacts facts)
    {
        const string check = "open-files";
        const string mend = "allow more: LimitNOFILE=65536 in the systemd unit, or 'ulimit -n 65536' before 'cete node'";
        if (facts.OpenFiles is not { } files)
        {
            return null;
        }

        var seen = $"{files.Open} of {files.Limit} file descriptors are in use";
        return files.Open >= files.Limit * 0.9 ? new Finding(check, FindingLevel.Problem, seen, mend)
            : files.Open >= files.Limit * 0.7 || files.Limit < OpenFilesLow ? new Finding(check, FindingLevel.Warning, seen, mend)
            : Finding.Ok(check, seen);
    }

    private static string Gibibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)Gibibyte:0.0} GiB");

    private static string Seconds(TimeSpan time) => time.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms")
        : time.TotalDays >= 2
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0} days")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
