using System.Globalization;
using Cete.Core;
using Cete.Ports;

namespace Cete.Web.Pages.Downloads;

/// <summary>Downloads in words.</summary>
internal static class DownloadWords
{
    /// <summary>"film.mp4 and 2 more".</summary>
    public static string Name(DownloadJob job)
    {
        var first = job.Request.What[0];
        var name = first.TrimEnd('/')[(first.TrimEnd('/').LastIndexOf('/') + 1)..];
        return EntryName.Show(name.Length > 0 ? name : first) + (job.Request.What.Count > 1 ? $" and {job.Request.What.Count - 1} more" : string.Empty);
    }

    /// <summary>How it stands.</summary>
    public static string State(DownloadJob job) => job.State switch
    {
        JobState.Waiting => "waits",
        JobState.Running => "runs",
        JobState.Paused => "paused",
        JobState.Done => "done",
        JobState.Failed => "failed",
        _ => "cancelled",
    };

    /// <summary>"34 %"; a dash where the whole is not known.</summary>
    public static string Share(JobProgress progress) =>
        progress.Total is > 0 and var total ? string.Create(CultureInfo.InvariantCulture, $"{100 * progress.Done / total} %") : "–";

    /// <summary>"2.4 MiB/s".</summary>
    public static string Rate(long perSecond) => Sizes.Show(perSecond) + "/s";

    /// <summary>"12 s", "3 min", "2 h 5 min".</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds):0} s"),
        < 3_600 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 60):0} min {Math.Floor(seconds % 60):0} s"),
        < 360_000 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 3_600):0} h {Math.Floor(seconds % 3_600 / 60):0} min"),
        _ => "more than 4 days",
    };

    /// <summary>Who gave how much: "nodes 3.1 MiB, peers 20 MiB".</summary>
    public static string From(JobOrigins from)
    {
        (string Name, long Bytes)[] kinds = [("nodes", from.Nodes), ("peers", from.Peers), ("caches", from.Caches)];
        var given = string.Join(", ", kinds.Where(kind => kind.Bytes > 0).Select(kind => $"{kind.Name} {Sizes.Show(kind.Bytes)}"));
        return given.Length > 0 ? given : "nobody";
    }

    /// <summary>What somebody is to a download.</summary>
    public static string Role(JobPeerRole role) => role switch
    {
        JobPeerRole.Source => "source",
        JobPeerRole.Upstream => "gives parts",
        JobPeerRole.Downstream => "gets parts",
        _ => "neighbour",
    };

    /// <summary>The share of a content that somebody has.</summary>
    public static string Has(JobPeer peer) => peer.Share is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share / 10} %") : "–";
}
