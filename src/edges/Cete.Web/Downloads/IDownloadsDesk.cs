using Cete.Core;
using Cete.Ports;

namespace Cete.Web.Downloads;

/// <summary>A user's downloads, as their page shows and changes them.</summary>
public interface IDownloadsDesk
{
    /// <summary>All of them, whose turn it is first.</summary>
    IReadOnlyList<DownloadJob> All();

    /// <summary>One of them.</summary>
    Outcome<DownloadJob> Find(long id);

    /// <summary>What one does; of one that does not run nothing.</summary>
    Outcome<JobDetails> Look(long id);

    /// <summary>Has one paused, gone on with, given up, moved or made more urgent.</summary>
    /// <param name="id">Which.</param>
    /// <param name="action">What, one of the words of <c>cete downloads</c>.</param>
    Outcome<DownloadJob> Change(long id, string action);

    /// <summary>Forgets those that have ended.</summary>
    void Clear();

    /// <summary>Where a file of a download can be looked at while it comes; null where it cannot.</summary>
    string? PreviewOf(long id, JobFile file);
}
