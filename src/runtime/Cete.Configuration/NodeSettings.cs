using System.Globalization;
using System.Net;
using static Cete.Configuration.TakenUp;

namespace Cete.Configuration;

/// <summary>
/// The settings of a node, read and checked once. Each is stated by the one line below that reads it: its path, its range, and whether it is
/// taken up live; what it means, its unit, its default and its reason stand in <c>hocon/reference.conf</c>, and tests hold the two together.
/// </summary>
public sealed record NodeSettings
{
    /// <summary>All there are, in the order of their sections.</summary>
    public static IReadOnlyList<Setting> All { get; } = SettingsReader.ListAll();

    public required HttpSettings Http { get; init; }

    public required FabricSettings Fabric { get; init; }

    public required GroupsSettings Groups { get; init; }

    public required ContentSettings Content { get; init; }

    public required CacheRoleSettings Cache { get; init; }

    public required TelemetrySettings Telemetry { get; init; }

    public required LogSettings Log { get; init; }

    internal static NodeSettings Read(SettingsReader from) => new()
    {
        Http = HttpSettings.Read(from),
        Fabric = FabricSettings.Read(from),
        Groups = GroupsSettings.Read(from),
        Content = ContentSettings.Read(from),
        Cache = CacheRoleSettings.Read(from),
        Telemetry = TelemetrySettings.Read(from),
        Log = LogSettings.Read(from),
    };
}

/// <summary>The http port.</summary>
public sealed record HttpSettings
{
    public const string ListenPath = "cete.http.listen";

    public required IPEndPoint Listen { get; init; }

    public required int ConnectionsMax { get; init; }

    public required TimeSpan HeaderTimeout { get; init; }

    public required long RateMin { get; init; }

    /// <summary>Names by which browsers open the web door, beside those of its certificate and of this machine.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The community's domain, for which passkeys are; empty for none.</summary>
    public required string Domain { get; init; }

    /// <summary>Requests a second that one address may send on average; 0 for any number.</summary>
    public required int RequestsPerSecond { get; init; }

    /// <summary>Requests that it may send at once after a while of silence.</summary>
    public required int RequestsBurst { get; init; }

    /// <summary>This machine's own programs are counted too.</summary>
    public required bool IsLoopbackLimited { get; init; }

    public required TlsSettings Tls { get; init; }

    internal static HttpSettings Read(SettingsReader from) => new()
    {
        Listen = from.Listen(ListenPath, Restart),
        ConnectionsMax = (int)from.Number("cete.http.connections-max", 10, 100_000, Restart),
        HeaderTimeout = from.Duration("cete.http.header-timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), Live),
        RateMin = from.Size("cete.http.rate-min", 0, 1 << 20, Live),
        Names = from.Texts("cete.http.names", "up to 16 names of hosts", 16, CheckName, Live),
        Domain = from.Host("cete.http.domain", Restart),
        RequestsPerSecond = (int)from.Number("cete.http.requests-per-second", 0, 1_000_000, Restart),
        RequestsBurst = (int)from.Number("cete.http.requests-burst", 1, 1_000_000, Restart),
        IsLoopbackLimited = from.Choice("cete.http.requests-loopback", ["free", "limited"], Restart) == "limited",
        Tls = TlsSettings.Read(from),
    };

    private static string? CheckName(string text) =>
        text.Length <= 253 && Uri.CheckHostName(text) == UriHostNameType.Dns ? null : "has names of hosts without a port, such as cete.example.org";
}

/// <summary>TLS of the http port.</summary>
public sealed record TlsSettings
{
    public const string CertificatePath = "cete.http.tls.certificate";

    public const string KeyPath = "cete.http.tls.key";

    /// <summary>File with the certificate and its chain; empty for no TLS.</summary>
    public required string Certificate { get; init; }

    /// <summary>File with the key; empty when it stands in the certificate's file.</summary>
    public required string Key { get; init; }

    /// <summary>How long a client may take for its handshake.</summary>
    public required TimeSpan HandshakeTimeout { get; init; }

    internal static TlsSettings Read(SettingsReader from)
    {
        var certificate = from.File(CertificatePath, Restart);
        return new TlsSettings
        {
            Certificate = certificate,
            Key = from.File(KeyPath, Restart, key => key.Length > 0 && certificate is "" ? $"needs {CertificatePath} beside it" : null),
            HandshakeTimeout = from.Duration("cete.http.tls.handshake-timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), Restart),
        };
    }
}

/// <summary>The fabric port, and how eagerly nodes watch over each other.</summary>
public sealed record FabricSettings
{
    public const string ListenPath = "cete.fabric.listen";

    public const string AdvertisePath = "cete.fabric.advertise";

    /// <summary>Where it listens unless somebody says otherwise.</summary>
    public static readonly IPEndPoint DefaultListen = new(IPAddress.Loopback, 2384);

    public required IPEndPoint Listen { get; init; }

    /// <summary>Where others reach it; empty to find that out.</summary>
    public required IReadOnlyList<string> Advertise { get; init; }

    /// <summary>Name of the membership's preset.</summary>
    public required string Preset { get; init; }

    public required int ConnectionsMax { get; init; }

    internal static FabricSettings Read(SettingsReader from) => new()
    {
        Listen = from.Listen(ListenPath, Restart),
        Advertise = from.Texts(AdvertisePath, "up to 4 of HOST:PORT", 4, CheckAddress, Restart),
        Preset = from.Choice("cete.fabric.preset", ["wan", "lan", "local"], Restart),
        ConnectionsMax = (int)from.Number("cete.fabric.connections-max", 16, 100_000, Restart),
    };

    private static string? CheckAddress(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && text.Length <= 260
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? null
            : "has addresses HOST:PORT such as example.org:2384";
    }
}

/// <summary>Replicated services.</summary>
public sealed record GroupsSettings
{
    public required long CheckpointBytes { get; init; }

    public required int Readers { get; init; }

    public required TimeSpan AnswerDeadline { get; init; }

    public required TimeSpan RetryDelay { get; init; }

    /// <summary>Voters of a group where there are enough nodes.</summary>
    public required int Voters { get; init; }

    /// <summary>Silence after which another node takes a member's place.</summary>
    public required TimeSpan ReplaceAfter { get; init; }

    /// <summary>How often a root says that it is there.</summary>
    public required TimeSpan Heartbeat { get; init; }

    /// <summary>Silence of a root after which another one is elected: once to twice as long.</summary>
    public required TimeSpan ElectionTimeout { get; init; }

    internal static GroupsSettings Read(SettingsReader from) => new()
    {
        CheckpointBytes = from.Size("cete.groups.checkpoint-bytes", 1 << 20, 1 << 30, Live),
        Readers = (int)from.Number("cete.groups.readers", 1, 32, Restart),
        AnswerDeadline = from.Duration("cete.groups.answer-deadline", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), Live),
        RetryDelay = from.Duration("cete.groups.retry-delay", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5), Live),
        Voters = from.Choice("cete.groups.voters", ["1", "3", "5"], Restart) switch { "1" => 1, "5" => 5, _ => 3 },
        ReplaceAfter = from.Duration("cete.groups.replace-after", TimeSpan.FromSeconds(10), TimeSpan.FromDays(30), Restart),
        Heartbeat = from.Duration("cete.groups.heartbeat", TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(10), Restart),
        ElectionTimeout = from.Duration("cete.groups.election-timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), Restart),
    };
}

/// <summary>Contents and uploads.</summary>
public sealed record ContentSettings
{
    public required TimeSpan IncomingKept { get; init; }

    /// <summary>Parts of contents that are sent to agents at a time.</summary>
    public required int UploadSlots { get; init; }

    internal static ContentSettings Read(SettingsReader from) => new()
    {
        IncomingKept = from.Duration("cete.content.incoming-kept", TimeSpan.FromHours(1), TimeSpan.FromDays(365), Restart),
        UploadSlots = (int)from.Number("cete.content.upload-slots", 1, 10_000, Restart),
    };
}

/// <summary>What a node with the role <c>cache</c> keeps for others.</summary>
public sealed record CacheRoleSettings
{
    public const string SizePath = "cete.cache.size";

    /// <summary>Bytes of the disk; 0 for none, and no cache.</summary>
    public required long Size { get; init; }

    /// <summary>Contents that are fetched at a time.</summary>
    public required int Fetches { get; init; }

    internal static CacheRoleSettings Read(SettingsReader from) => new()
    {
        Size = from.Size(SizePath, 0, 1L << 50, Restart),
        Fetches = (int)from.Number("cete.cache.fetches", 1, 100, Restart),
    };
}

/// <summary>Metrics and traces for those who collect them.</summary>
public sealed record TelemetrySettings
{
    /// <summary>Base address of the collector; empty for none.</summary>
    public required string Otlp { get; init; }

    /// <summary>How often metrics are sent.</summary>
    public required TimeSpan Interval { get; init; }

    internal static TelemetrySettings Read(SettingsReader from) => new()
    {
        Otlp = from.Address("cete.telemetry.otlp", Restart),
        Interval = from.Duration("cete.telemetry.interval", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), Restart),
    };
}

/// <summary>What a node says on its error stream, and how.</summary>
public sealed record LogSettings
{
    /// <summary>The least level that is said.</summary>
    public required string Level { get; init; }

    /// <summary><c>text</c> or <c>json</c>.</summary>
    public required string Format { get; init; }

    internal static LogSettings Read(SettingsReader from) => new()
    {
        Level = from.Choice("cete.log.level", ["debug", "information", "warning", "error"], Live),
        Format = from.Choice("cete.log.format", ["text", "json"], Live),
    };
}
