using System.Diagnostics;
using System.Diagnostics.Metrics;
using Cete.Core;

namespace Cete.Groups;

/// <summary>What is measured of groups and their log. Nothing is counted unless somebody listens.</summary>
internal static class GroupMetrics
{
    /// <summary>Of the meter and the source of spans.</summary>
    private const string Name = "Cete.Groups";

    private static readonly Meter Meter = new(Name);

    private static readonly ActivitySource Source = new(Name);

    private static readonly Histogram<double> Commands = Meter.CreateHistogram<double>(
        "cete.group.command.duration", "s", "From the submission of a command to its answer: durable and applied. Its count is that of commands.");

    private static readonly Counter<long> LogBytes = Meter.CreateCounter<long>("cete.log.io", "By", "Bytes of commands written to the log.");

    private static readonly Histogram<double> Syncs =
        Meter.CreateHistogram<double>("cete.log.sync.duration", "s", "One write of what waits and its fsync.");

    private static readonly Histogram<int> Applies =
        Meter.CreateHistogram<int>("cete.group.apply.batch", "{command}", "Commands applied in one transaction.");

    private static readonly Counter<long> Misbehaviours = Meter.CreateCounter<long>(
        "cete.group.misbehaviour", "{message}", "Messages that no member that follows the rules can have sent; they were ignored.");

    private static readonly Counter<long> ImportedEvents =
        Meter.CreateCounter<long>("cete.group.import.events", "{event}", "Events of another group's feed, and records of its scan, that were imported.");

    private static readonly Gauge<long> ImportsBehind = Meter.CreateGauge<long>(
        "cete.group.import.behind", "{entry}", "Entries of another group's log behind the one up to which its events were imported.");

    private static readonly Counter<long> OtherLineages = Meter.CreateCounter<long>(
        "cete.group.other_lineage", "{message}", "Messages of another group of the same name; they were ignored.");

    /// <summary>Somebody measures commands: asked first, so that nobody else pays for it.</summary>
    public static bool IsOn => Commands.Enabled || Source.HasListeners();

    /// <summary>Runs a command, as a span from its submission to its answer.</summary>
    public static async Task<Outcome<CommandReply>> SubmitAsync(GroupId group, Func<Task<Outcome<CommandReply>>> submit)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var activity = Source.StartActivity("cete.group.submit");
        activity?.SetTag("cete.group", group.Name);
        var outcome = await submit();
        var result = outcome.Failure is null ? "ok" : outcome.Failure.Kind.ToString().ToLowerInvariant();
        if (outcome.Failure is { } failure)
        {
            activity?.SetStatus(ActivityStatusCode.Error, failure.Message);
        }

        Commands.Record(
            TimeProvider.System.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>("cete.group", group.Name),
            new KeyValuePair<string, object?>("cete.result", result));
        return outcome;
    }

    /// <summary>Writes what waits to the log and syncs it, as a span. Several commands share one; it hangs below the one that began it.</summary>
    public static Failure? Sync(long bytes, Func<Failure?> sync)
    {
        if (!Syncs.Enabled && !Source.HasListeners())
        {
            return sync();
        }

        var began = TimeProvider.System.GetTimestamp();
        using var activity = Source.StartActivity("cete.log.sync");
        var failure = sync();
        if (failure is not null)
        {
            activity?.SetStatus(ActivityStatusCode.Error, failure.Message);
        }

        LogBytes.Add(bytes);
        Syncs.Record(TimeProvider.System.GetElapsedTime(began).TotalSeconds);
        return failure;
    }

    /// <summary>A member said what no member can say.</summary>
    public static void Misbehaved(GroupId group) => Misbehaviours.Add(1, new KeyValuePair<string, object?>("cete.group", group.Name));

    /// <summary>Events of another group were imported, which was so far ahead before, as far as that is known.</summary>
    public static void Imported(GroupId group, GroupId source, int events, long? behind)
    {
        var (ofGroup, ofSource) = (new KeyValuePair<string, object?>("cete.group", group.Name), new KeyValuePair<string, object?>("cete.source", source.Name));
        ImportedEvents.Add(events, ofGroup, ofSource);
        if (behind is { } entries)
        {
            ImportsBehind.Record(entries, ofGroup, ofSource);
        }
    }

    /// <summary>A member of another group of the same name spoke to this replica.</summary>
    public static void OtherLineage(GroupId group) => OtherLineages.Add(1, new KeyValuePair<string, object?>("cete.group", group.Name));

    /// <summary>A span around the application of a batch; null when nobody listens.</summary>
    public static Activity? Apply(GroupId group, int commands)
    {
        if (Applies.Enabled)
        {
            Applies.Record(commands, new KeyValuePair<string, object?>("cete.group", group.Name));
        }

        return Source.StartActivity("cete.group.apply")?.SetTag("cete.group", group.Name).SetTag("cete.group.commands", commands);
    }
}
