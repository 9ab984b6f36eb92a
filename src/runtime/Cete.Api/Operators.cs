namespace Cete.Api;

/// <summary>How a node stands. What is null is not known, or the node's program is older.</summary>
/// <param name="Community">Name of the community.</param>
/// <param name="Node">Id of the node.</param>
/// <param name="Version">Of the program.</param>
/// <param name="Services">Its replicas.</param>
/// <param name="Name">What people call the node.</param>
/// <param name="CommunityId">Id of the community.</param>
/// <param name="Started">When it started.</param>
/// <param name="Roles">What it may host.</param>
/// <param name="Findings">Warnings and problems that are seen without measuring anything; the doctor knows more.</param>
/// <param name="Process">The process.</param>
/// <param name="Disk">The disk with its data folder.</param>
/// <param name="Fabric">Its side of the network between nodes.</param>
/// <param name="Roster">The community's roster, and how many keep it.</param>
/// <param name="Members">The nodes as it sees them, itself among them.</param>
/// <param name="History">How busy it was.</param>
/// <param name="Cache">What it keeps for others; null without the role <c>cache</c>.</param>
public sealed record NodeStatus(
    string Community, string Node, string Version, IReadOnlyList<ServiceStatus> Services, string? Name = null, string? CommunityId = null,
    DateTimeOffset? Started = null, IReadOnlyList<string>? Roles = null, IReadOnlyList<FindingInfo>? Findings = null, ProcessInfo? Process = null,
    DiskInfo? Disk = null, FabricInfo? Fabric = null, RosterInfo? Roster = null, IReadOnlyList<NodeInfo>? Members = null, LoadSeries? History = null,
    CacheInfo? Cache = null);

/// <summary>What a node with the role <c>cache</c> keeps for others; counted since it began.</summary>
/// <param name="UsedBytes">Bytes that it keeps, or is fetching.</param>
/// <param name="SizeBytes">Bytes that it may keep; 0 where its settings give it none.</param>
/// <param name="Contents">Contents that it keeps, or is fetching.</param>
/// <param name="Fetching">Contents that it is fetching now.</param>
/// <param name="Fetched">Contents that it fetched.</param>
/// <param name="FetchedBytes">Their bytes.</param>
/// <param name="Hits">Newcomers that asked the community for what it had.</param>
/// <param name="Misses">Newcomers that asked for what it did not have.</param>
/// <param name="ServedBytes">Bytes of what it keeps that it read for others.</param>
/// <param name="Evicted">Contents that had to go for others.</param>
/// <param name="Failed">Contents that it could not fetch.</param>
public sealed record CacheInfo(
    long UsedBytes, long SizeBytes, int Contents, int Fetching, long Fetched, long FetchedBytes, long Hits, long Misses, long ServedBytes, long Evicted,
    long Failed);

/// <summary>How one replica stands.</summary>
/// <param name="Service">Name of the service, which is its group's.</param>
/// <param name="Root">It takes the writes.</param>
/// <param name="Applied">How far its log is applied.</param>
/// <param name="Problem">Why it stands still; null when it does not.</param>
/// <param name="Term">The newest term that it knows.</param>
/// <param name="Committed">How far its log is committed.</param>
/// <param name="Level">Its apply level.</param>
public sealed record ServiceStatus(string Service, bool Root, long Applied, string? Problem, long? Term = null, long? Committed = null, int? Level = null);

/// <summary>The process of a node.</summary>
/// <param name="Id">By which the system knows it.</param>
/// <param name="Load">0 to 1,000: the part of the machine's processors that it uses, smoothed over some seconds.</param>
/// <param name="Processors">Of the machine.</param>
/// <param name="CpuSeconds">Processor time that it has used.</param>
/// <param name="ResidentBytes">Memory that it occupies.</param>
/// <param name="HeapBytes">Of these, objects of the program.</param>
public sealed record ProcessInfo(int Id, int Load, int Processors, double CpuSeconds, long ResidentBytes, long HeapBytes);

/// <summary>The disk with a data folder.</summary>
/// <param name="Folder">The data folder.</param>
/// <param name="FreeBytes">Bytes that the node may still write.</param>
/// <param name="TotalBytes">Bytes that the disk holds.</param>
public sealed record DiskInfo(string Folder, long FreeBytes, long TotalBytes);

/// <summary>A node's side of the network between nodes.</summary>
/// <param name="Listen">Where it listens.</param>
/// <param name="Advertised">Where others are told to reach it.</param>
/// <param name="Connections">Connections with other nodes.</param>
public sealed record FabricInfo(string Listen, IReadOnlyList<string> Advertised, int Connections);

/// <summary>The roster as a node knows it.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Keepers">Nodes that are there and keep it.</param>
/// <param name="FailuresTolerated">How many of them may fail at once.</param>
public sealed record RosterInfo(long Version, int Keepers, int FailuresTolerated);

/// <summary>How busy a node was: one number of each list for each sample, the oldest first.</summary>
/// <param name="IntervalSeconds">Between two samples.</param>
/// <param name="Newest">When the last one was taken; null while there is none.</param>
/// <param name="Load">0 to 1,000, smoothed.</param>
/// <param name="Cpu">0 to 1,000: the part of the machine's processors used since the sample before.</param>
/// <param name="ResidentBytes">Memory that the process occupied.</param>
/// <param name="RoundTripMicroseconds">Median to the other members; -1 without any.</param>
public sealed record LoadSeries(
    int IntervalSeconds, DateTimeOffset? Newest, IReadOnlyList<int> Load, IReadOnlyList<int> Cpu, IReadOnlyList<long> ResidentBytes,
    IReadOnlyList<long> RoundTripMicroseconds);

/// <summary>What a node found about itself.</summary>
/// <param name="Node">Id of the node.</param>
/// <param name="Checked">When, by its clock.</param>
/// <param name="Findings">The worst first.</param>
public sealed record DoctorAnswer(string Node, DateTimeOffset Checked, IReadOnlyList<FindingInfo> Findings);

/// <summary>One thing that was looked at.</summary>
/// <param name="Check">What: a short name that stays.</param>
/// <param name="Level">ok, note, warning or problem.</param>
/// <param name="Seen">What is so.</param>
/// <param name="Mend">What to do; null where there is nothing to be done.</param>
public sealed record FindingInfo(string Check, string Level, string Seen, string? Mend = null);
