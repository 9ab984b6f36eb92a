using System.Net;
using Cete.Api;
using Cete.App.Compose.Community;
using Cete.Cluster;
using Cete.Cluster.Health;
using Cete.Configuration;
using Cete.Core;
using Cete.Index.Swarms;
using Cete.Storage;
using Cete.Web.Community;

namespace Cete.App.Compose.Operations;

/// <summary>What a node knows about itself, gathered for the people who run it. For several callers at once.</summary>
internal sealed class NodeOperations : INodeReport, IDisposable
{
    private const string LogFolder = "log";

    /// <summary>An examination as young as this answers those who ask next, so that asking often costs the disk nothing.</summary>
    private static readonly TimeSpan ExaminationKept = TimeSpan.FromSeconds(2);

    private readonly DataFolder _folder;
    private readonly Node _node;
    private readonly NodeCluster _cluster;
    private readonly ISettings<EffectiveSettings> _settings;
    private readonly WebCertificate? _certificate;
    private readonly Func<CacheInfo?> _cache;
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly LoadHistory _history;
    private readonly DateTimeOffset _started;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private Task<DoctorAnswer>? _examination;
    private long _examinedAt;
    private TimeSpan _cpuUsed = Environment.CpuUsage.TotalTime;
    private long _cpuAt;

    public NodeOperations(DataFolder folder, Node node, NodeCluster cluster, ISettings<EffectiveSettings> settings, WebCertificate? certificate,
        Func<CacheInfo?> cache)
    {
        _cache = cache;
        (_folder, _node, _cluster, _settings, _certificate) = (folder, node, cluster, settings, certificate);
        (_started, _cpuAt) = (_clock.GetUtcNow(), _clock.GetTimestamp());
        Load = new LoadMeter(_clock, () => Environment.CpuUsage.TotalTime, Environment.ProcessorCount);
        _history = new LoadHistory(_clock, Sample);
    }

    /// <summary>How busy the process is.</summary>
    public LoadMeter Load { get; }

    public NodeStatus Status()
    {
        var (facts, view, identity) = (_folder.Facts, _cluster.Membership.View, _cluster.Identity);
        var known = Look(Disk(null));
        var keepers = RosterStanding.KeepersIn(view);
        return new NodeStatus(
            facts.Community, facts.Node, NodeHost.Version, [.. _node.Groups.Select(group => ServiceStatuses.Of(group.Id.Name, group.Status))],
            view.Find(view.Self)?.Facts.Name, identity.Community.ToString(), _started, [.. identity.Facts.Roles],
            [.. HealthChecks.Look(known).Where(finding => finding.Level >= FindingLevel.Warning).Select(Show)],
            new ProcessInfo(
                Environment.ProcessId, Load.Current, Environment.ProcessorCount, Environment.CpuUsage.TotalTime.TotalSeconds, Environment.WorkingSet,
                GC.GetTotalMemory(forceFullCollection: false)),
            new DiskInfo(_folder.Path, known.Disk!.FreeBytes, known.Disk.TotalBytes),
            new FabricInfo(_cluster.Address, view.Find(view.Self)?.Facts.Fabric ?? [], _cluster.Connections),
            new RosterInfo(_cluster.RosterVersion, keepers, RosterStanding.FailuresTolerated(keepers)),
            [.. view.Members.Select(MemberInfos.Of).Select(node => node.Id == facts.Node ? node with { Load = Load.Current } : node)],
            Series(), _cache() ?? (identity.Facts.Roles.Contains(RemoteSwarms.CacheRole) ? new CacheInfo(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) : null));
    }

    public Task<DoctorAnswer> ExamineAsync(CancellationToken cancellation)
    {
        Task<DoctorAnswer> examination;
        lock (_gate)
        {
            var isOld = _examination is not { IsCompleted: false } && (_examination is not { IsCompletedSuccessfully: true }
                || _clock.GetElapsedTime(_examinedAt) > ExaminationKept);
            if (isOld)
            {
                (_examination, _examinedAt) = (ExamineAsync(), _clock.GetTimestamp());
            }

            examination = _examination!;
        }

        return examination.WaitAsync(cancellation);
    }

    public void Dispose()
    {
        _history.Dispose();
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task<DoctorAnswer> ExamineAsync()
    {
        var clocks = await _cluster.CompareClocksAsync(_stopping.Token);
        var disk = Disk(DiskProbe.Measure(new PhysicalFiles(), _folder.Path, _clock));
        var facts = Look(disk) with
        {
            Clocks = clocks,
            Log = new LogFacts(
                DiskProbe.Used(Path.Combine(_folder.Path, LogFolder)), _settings.Current.Values.Groups.CheckpointBytes, _node.Groups.Count),
            OpenFiles = OpenFiles.Read(),
        };
        return new DoctorAnswer(_folder.Facts.Node, _clock.GetUtcNow(), [.. HealthChecks.Look(facts).Select(Show)]);
    }

    /// <summary>What is known without measuring.</summary>
    private HealthFacts Look(DiskFacts disk)
    {
        var (view, identity, settings) = (_cluster.Membership.View, _cluster.Identity, _settings.Current.Values);
        return new HealthFacts
        {
            Now = Instant.From(_clock.GetUtcNow()),
            View = view,
            Certificate = new CertificateFacts(identity.Facts.NotAfter, identity.RenewalDue, _cluster.RenewalFailure),
            Refusal = _cluster.MeetingRefusal,
            Preset = settings.Fabric.Preset,
            RosterVersion = _cluster.RosterVersion,
            Groups = [.. _node.Groups.Select(group => (group.Id.Name, group.Status))],
            Web = new WebFacts(settings.Http.Listen.ToString(), IPAddress.IsLoopback(settings.Http.Listen.Address), _certificate?.Ends),
            Disk = disk,
        };
    }

    private DiskFacts Disk(DiskAnswer? measured)
    {
        var (free, total) = DiskProbe.Room(_folder.Path);
        return new DiskFacts(_folder.Path, free, total, measured?.WriteFailure, measured?.SyncTime);
    }

    private LoadSample Sample()
    {
        var (now, used) = (_clock.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var span = _clock.GetElapsedTime(_cpuAt, now) * Environment.ProcessorCount;
        var cpu = span > TimeSpan.Zero ? (int)Math.Clamp(LoadMeter.Full * ((used - _cpuUsed) / span), 0, LoadMeter.Full) : 0;
        (_cpuAt, _cpuUsed) = (now, used);
        var trips = _cluster.Membership.View.Present.Select(member => member.RoundTrip).OfType<TimeSpan>().Order().ToList();
        return new LoadSample(
            Instant.From(_clock.GetUtcNow()), Load.Current, cpu, Environment.WorkingSet, trips.Count > 0 ? trips[trips.Count / 2] : null);
    }

    private LoadSeries Series()
    {
        var samples = _history.Samples;
        return new LoadSeries(
            (int)LoadHistory.Interval.TotalSeconds, samples.Count > 0 ? samples[^1].Taken.ToDateTimeOffset() : null,
            [.. samples.Select(sample => sample.Load)], [.. samples.Select(sample => sample.Cpu)], [.. samples.Select(sample => sample.ResidentBytes)],
            [.. samples.Select(sample => sample.RoundTrip is { } trip ? (long)trip.TotalMicroseconds : -1)]);
    }

    private static FindingInfo Show(Finding finding) => new(
        finding.Check, finding.Level.ToString().ToLowerInvariant(), finding.Seen, finding.Mend.Length > 0 ? finding.Mend : null);
}
