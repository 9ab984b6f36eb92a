using System.Diagnostics;
using System.Diagnostics.Metrics;
using Cete.Core;
using Cete.Net.Fabric.Proto;
using Cete.Ports;

namespace Cete.Net.Fabric;

/// <summary>What is measured of the fabric; <c>TELEMETRY.md</c> of Cete.Cluster lists all instruments. Nothing is counted unless somebody listens.</summary>
internal static class FabricMetrics
{
    /// <summary>Of the meter and the source of spans.</summary>
    private const string Name = "Cete.Net.Fabric";

    private static readonly Meter Meter = new(Name);

    private static readonly ActivitySource Source = new(Name);

    private static readonly UpDownCounter<long> Connections =
        Meter.CreateUpDownCounter<long>("cete.fabric.connections", "{connection}", "Connections with other nodes.");

    private static readonly Counter<long> Messages =
        Meter.CreateCounter<long>("cete.fabric.messages", "{message}", "Messages to and from other nodes.");

    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>("cete.fabric.io", "By", "Bytes of these messages.");

    private static readonly Counter<long> Handshakes =
        Meter.CreateCounter<long>("cete.fabric.handshakes", "{handshake}", "Handshakes with other nodes, by how they ended.");

    private static readonly Histogram<double> Asks =
        Meter.CreateHistogram<double>("cete.fabric.ask.duration", "s", "From a question to another node to its answer.");

    public static void Connected(FabricLane lane, int change) => Connections.Add(change, LaneTag(lane));

    public static void Sent(FabricLane lane, int bytes)
    {
        if (Messages.Enabled || Bytes.Enabled)
        {
            Count("transmit", lane, bytes);
        }
    }

    /// <summary>The size of a message is asked for only where somebody wants it.</summary>
    public static void Received(FabricLane lane, Envelope envelope)
    {
        if (Messages.Enabled || Bytes.Enabled)
        {
            Count("receive", lane, sizeof(int) + envelope.CalculateSize());
        }
    }

    /// <summary>A handshake ended: well where there is no failure.</summary>
    public static void Handshake(Failure? failure)
    {
        if (Handshakes.Enabled)
        {
            Handshakes.Add(1, new KeyValuePair<string, object?>("cete.result", ResultOf(failure)));
        }
    }

    /// <summary>Somebody measures questions: asked first, so that nobody else pays for it.</summary>
    public static bool IsOn => Asks.Enabled || Source.HasListeners();

    /// <summary>Runs a question to another node, as a span.</summary>
    public static async Task<Outcome<ReadOnlyMemory<byte>>> AskAsync(
        KeyId to, FabricTopic topic, Func<Task<Outcome<ReadOnlyMemory<byte>>>> ask, TimeProvider clock)
    {
        var began = clock.GetTimestamp();
        using var activity = Source.StartActivity("cete.fabric.ask", ActivityKind.Client);
        activity?.SetTag("cete.fabric.peer", to.ToString()).SetTag("cete.fabric.topic", topic.ToString());
        var outcome = await ask();
        if (outcome.Failure is { } failure)
        {
            activity?.SetStatus(ActivityStatusCode.Error, failure.Message);
        }

        Asks.Record(
            clock.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>("cete.fabric.topic", topic.ToString()),
            new KeyValuePair<string, object?>("cete.result", ResultOf(outcome.Failure)));
        return outcome;
    }

    private static void Count(string direction, FabricLane lane, int bytes)
    {
        var (way, kind) = (new KeyValuePair<string, object?>("network.io.direction", direction), LaneTag(lane));
        Messages.Add(1, way, kind);
        Bytes.Add(bytes, way, kind);
    }

    private static KeyValuePair<string, object?> LaneTag(FabricLane lane) => new("cete.fabric.lane", lane == FabricLane.Bulk ? "bulk" : "control");

    private static string ResultOf(Failure? failure) => failure is null ? "ok" : failure.Kind.ToString().ToLowerInvariant();
}
