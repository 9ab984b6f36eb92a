using Cete.Core;
using Cete.Hocon;

namespace Cete.Configuration;

/// <summary>The settings of a node, read and checked once. What each means, its unit and its reason stand in <c>hocon/reference.conf</c>.</summary>
public sealed record NodeSettings
{
    [Setting("cete.http.listen")]
    public required string HttpListen { get; init; }

    [Setting("cete.http.connections-max")]
    public required int HttpConnectionsMax { get; init; }

    [Setting("cete.http.header-timeout")]
    public required TimeSpan HttpHeaderTimeout { get; init; }

    [Setting("cete.http.rate-min")]
    public required long HttpRateMin { get; init; }

    [Setting("cete.groups.checkpoint-bytes")]
    public required long GroupsCheckpointBytes { get; init; }

    [Setting("cete.groups.readers")]
    public required int GroupsReaders { get; init; }

    [Setting("cete.groups.answer-deadline")]
    public required TimeSpan GroupsAnswerDeadline { get; init; }

    [Setting("cete.groups.retry-delay")]
    public required TimeSpan GroupsRetryDelay { get; init; }

    [Setting("cete.content.incoming-kept")]
    public required TimeSpan ContentIncomingKept { get; init; }

    /// <summary>Reads settings from a resolved configuration; the failure names every value that is wrong, where it stands and what would be right.</summary>
    public static Outcome<NodeSettings> Read(HoconObject configuration)
    {
        var reader = new SettingsReader(configuration);
        var settings = new NodeSettings
        {
            HttpListen = reader.Text("cete.http.listen"),
            HttpConnectionsMax = (int)reader.Number("cete.http.connections-max", 10, 100_000),
            HttpHeaderTimeout = reader.Duration("cete.http.header-timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            HttpRateMin = reader.Size("cete.http.rate-min", 0, 1 << 20),
            GroupsCheckpointBytes = reader.Size("cete.groups.checkpoint-bytes", 1 << 20, 1 << 30),
            GroupsReaders = (int)reader.Number("cete.groups.readers", 1, 32),
            GroupsAnswerDeadline = reader.Duration("cete.groups.answer-deadline", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            GroupsRetryDelay = reader.Duration("cete.groups.retry-delay", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
            ContentIncomingKept = reader.Duration("cete.content.incoming-kept", TimeSpan.FromHours(1), TimeSpan.FromDays(365)),
        };
        return reader.Problems.Count == 0 ? settings : new Failure(FailureKind.Invalid, string.Join('\n', reader.Problems));
    }
}
