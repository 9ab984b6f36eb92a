using System.Text.Json.Serialization;
using Cete.Ports;
using Cete.Ports.Folders;
using Cete.Ports.Limits;

namespace Cete.Net.Agent;

/// <summary>What an agent tells of itself.</summary>
/// <param name="Version">Of its program.</param>
/// <param name="Process">Its id.</param>
/// <param name="Started">Since when it runs.</param>
/// <param name="Running">Downloads that run.</param>
/// <param name="Waiting">And that wait for their turn.</param>
public sealed record AgentInfo(string Version, int Process, DateTimeOffset Started, int Running, int Waiting)
{
    /// <summary>By which other peers know it.</summary>
    public string Key { get; init; } = string.Empty;

    /// <summary>Where they reach it.</summary>
    public string Address { get; init; } = string.Empty;

    /// <summary>Bytes that it gave them since it started.</summary>
    public long Sent { get; init; }

    /// <summary>Contents that its user downloaded and gives back.</summary>
    public int Given { get; init; }

    /// <summary>Folders that it follows.</summary>
    public int Subscriptions { get; init; }

    /// <summary>Folders that it shares.</summary>
    public int Shares { get; init; }

    /// <summary>Bytes a second that it may send now; 0 for no limit.</summary>
    public long Up { get; init; }

    /// <summary>Bytes a second that it may fetch now; 0 for no limit.</summary>
    public long Down { get; init; }

    /// <summary>Parts of contents that it sends at a time at most.</summary>
    public int Slots { get; init; }

    /// <summary>What is downloaded is given back.</summary>
    public bool Share { get; init; }

    /// <summary>Bytes a second that it sent in the last seconds.</summary>
    public long Sending { get; init; }

    /// <summary>Bytes a second that it fetched in the last seconds.</summary>
    public long Fetching { get; init; }
}

/// <summary>Downloads of a user, the oldest first.</summary>
public sealed record JobList(IReadOnlyList<DownloadJob> Jobs);

/// <summary>A download and what it does now, as scripts are told of it.</summary>
public sealed record JobShown(DownloadJob Job, JobDetails Details);

/// <summary>A download that ended, as scripts are told of it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="State">How it ended.</param>
/// <param name="What">What was asked for.</param>
/// <param name="To">Where it went.</param>
/// <param name="Added">When it was asked for.</param>
/// <param name="Ended">When it ended.</param>
/// <param name="Seconds">How long it ran in all.</param>
/// <param name="Bytes">Bytes that are there.</param>
/// <param name="Fetched">Of them, those that were fetched.</param>
/// <param name="BytesPerSecond">The mean rate while it ran.</param>
/// <param name="From">Who gave them, by what they are.</param>
/// <param name="Sources">Who gave how much in the last run.</param>
public sealed record JobPast(
    long Id, JobState State, IReadOnlyList<string> What, string To, DateTimeOffset Added, DateTimeOffset? Ended, double Seconds, long Bytes, long Fetched,
    long BytesPerSecond, JobOrigins From, IReadOnlyList<JobSource> Sources)
{
    /// <summary>Of a download.</summary>
    public static JobPast Of(DownloadJob job) => new(
        job.Id, job.State, job.Request.What, job.Request.To, job.Added, job.Ended, job.Seconds, job.Progress.Done, job.FetchedInAll,
        job.Seconds > 0 ? (long)(job.FetchedInAll / job.Seconds) : 0, job.FromInAll, job.Progress.Sources);
}

/// <summary>Where something is to be seen in a browser.</summary>
public sealed record PageAnswer(string Address);

/// <summary>How many downloads were forgotten.</summary>
public sealed record ClearAnswer(int Forgotten);

/// <summary>What agents and their clients say to each other.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 16)]
[JsonSerializable(typeof(AgentInfo))]
[JsonSerializable(typeof(JobList))]
[JsonSerializable(typeof(JobRequest))]
[JsonSerializable(typeof(DownloadJob))]
[JsonSerializable(typeof(JobDetails))]
[JsonSerializable(typeof(JobShown))]
[JsonSerializable(typeof(JobPast))]
[JsonSerializable(typeof(ClearAnswer))]
[JsonSerializable(typeof(PageAnswer))]
[JsonSerializable(typeof(ShareRequest))]
[JsonSerializable(typeof(ShareInfo))]
[JsonSerializable(typeof(ShareList))]
[JsonSerializable(typeof(SharedFileInfo))]
[JsonSerializable(typeof(SharedFileList))]
[JsonSerializable(typeof(SubscriptionRequest))]
[JsonSerializable(typeof(SubscriptionInfo))]
[JsonSerializable(typeof(SubscriptionList))]
[JsonSerializable(typeof(SubscribedFile))]
[JsonSerializable(typeof(SubscribedFileList))]
[JsonSerializable(typeof(AgentLimits))]
[JsonSerializable(typeof(LimitsChange))]
[JsonSerializable(typeof(LimitsAnswer))]
public sealed partial class AgentJson : JsonSerializerContext;

/// <summary>The addresses of an agent, on its socket.</summary>
internal static class AgentRoutes
{
    public const string Agent = "/agent";
    public const string Stop = "/agent/stop";
    public const string Jobs = "/jobs";
    public const string Clear = "/jobs/clear";
    public const string Page = "/page";
    public const string Subscriptions = "/subscriptions";
    public const string Shares = "/shares";
    public const string Limits = "/limits";
}
