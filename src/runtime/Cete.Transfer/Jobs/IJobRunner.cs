using Cete.Ports;

namespace Cete.Transfer.Jobs;

/// <summary>Carries a download out.</summary>
public interface IJobRunner
{
    /// <summary>
    /// Fetches; the problems that were met, none when everything is there, and at least one when it was stopped before. What came stays, to go on from there.
    /// </summary>
    /// <param name="request">What.</param>
    /// <param name="tell">Is given what tells how far it is; asked from any thread until it ends, and once more then.</param>
    /// <param name="stop">Stops it.</param>
    Task<IReadOnlyList<JobProblem>> RunAsync(JobRequest request, Action<IJobRun> tell, CancellationToken stop);
}

/// <summary>A download that runs. For several callers at once.</summary>
public interface IJobRun
{
    /// <summary>How far it is.</summary>
    JobProgress Progress { get; }

    /// <summary>What it does, and with whom.</summary>
    JobDetails Details { get; }
}
