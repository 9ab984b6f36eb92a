using System.Globalization;
using Cete.Core;

namespace Cete.Formats.Tracking;

/// <summary>Why a client announces itself (BEP 3).</summary>
public enum AnnounceEvent
{
    /// <summary>As it does from time to time.</summary>
    None,

    Started,

    /// <summary>It has everything now.</summary>
    Completed,

    /// <summary>It goes.</summary>
    Stopped,
}

/// <summary>
/// What a client says to a tracker (BEP 3, compact answers of BEP 23). The address it says it has is not taken: anybody could name anybody's.
/// </summary>
public sealed record AnnounceRequest
{
    /// <summary>Bytes of an info hash, and of a peer id.</summary>
    public const int IdSize = 20;

    /// <summary>Peers that are told unless the client asks for another number.</summary>
    public const int PeersUsual = 50;

    /// <summary>Peers that are told at most.</summary>
    public const int PeersMax = 200;

    public required byte[] InfoHash { get; init; }

    public required byte[] PeerId { get; init; }

    /// <summary>Where it takes connections, 1 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>Bytes that it still needs; 0 of a seed.</summary>
    public long Left { get; init; }

    public AnnounceEvent Event { get; init; }

    /// <summary>Peers that it wants to be told, 0 to <see cref="PeersMax"/>.</summary>
    public int PeersWanted { get; init; } = PeersUsual;

    /// <summary>Peers are told in 6 bytes each. Those that ask otherwise get a list.</summary>
    public bool IsCompact { get; init; } = true;

    /// <summary>Reads the query of an announce, percent-encoded as it came: its values are bytes, not text.</summary>
    public static Outcome<AnnounceRequest> Parse(string query)
    {
        var fields = QueryBytes.Parse(query);
        if (!fields.Succeeded)
        {
            return fields.Failure;
        }

        if (fields.Value.Bytes("info_hash") is not { Length: IdSize } hash)
        {
            return new Failure(FailureKind.Invalid, $"'info_hash' has {IdSize} bytes");
        }

        if (fields.Value.Bytes("peer_id") is not { Length: IdSize } peer)
        {
            return new Failure(FailureKind.Invalid, $"'peer_id' has {IdSize} bytes");
        }

        if (fields.Value.Number("port") is not (>= 1 and <= 65_535 and var port))
        {
            return new Failure(FailureKind.Invalid, "'port' is a number from 1 to 65535");
        }

        if (ReadEvent(fields.Value.Text("event")) is not { } happened)
        {
            return new Failure(FailureKind.Invalid, "'event' is started, completed, stopped or absent");
        }

        // A client that does not know how much is left (a magnet link without metadata) leaves it out or says nonsense: it is no seed.
        var left = fields.Value.Number("left") ?? long.MaxValue;
        return new AnnounceRequest
        {
            InfoHash = hash,
            PeerId = peer,
            Port = (int)port,
            Left = left,
            Event = happened,
            PeersWanted = (int)Math.Clamp(fields.Value.Number("numwant") ?? PeersUsual, 0, PeersMax),
            IsCompact = fields.Value.Text("compact") is not "0",
        };
    }

    private static AnnounceEvent? ReadEvent(string? text) => text switch
    {
        null or "" or "empty" => AnnounceEvent.None,
        "started" => AnnounceEvent.Started,
        "completed" => AnnounceEvent.Completed,
        "stopped" => AnnounceEvent.Stopped,

        // BEP 21: a partial seed that has all it wants.
        "paused" => AnnounceEvent.None,
        _ => null,
    };
}

/// <summary>What a client asks about swarms (BEP 48).</summary>
public static class ScrapeRequest
{
    /// <summary>Swarms that one request asks about.</summary>
    public const int HashesMax = 64;

    /// <summary>The info hashes asked about, at least one.</summary>
    public static Outcome<IReadOnlyList<byte[]>> Parse(string query)
    {
        var fields = QueryBytes.Parse(query);
        if (!fields.Succeeded)
        {
            return fields.Failure;
        }

        var hashes = fields.Value.All("info_hash");
        return hashes.Count is 0 or > HashesMax || hashes.Any(hash => hash.Length != AnnounceRequest.IdSize)
            ? new Failure(FailureKind.Invalid, $"a scrape names 1 to {HashesMax} swarms by an 'info_hash' of {AnnounceRequest.IdSize} bytes each")
            : Outcome.Of(hashes);
    }
}

/// <summary>A query whose values are bytes.</summary>
internal sealed class QueryBytes
{
    private const int FieldsMax = 100;
    private readonly List<(string Key, byte[] Value)> _fields = [];

    public static Outcome<QueryBytes> Parse(string query)
    {
        var found = new QueryBytes();
        foreach (var part in query.TrimStart('?').Split('&', FieldsMax + 1, StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (found._fields.Count == FieldsMax || equals < 0 || Decode(part.AsSpan(equals + 1)) is not { } value)
            {
                return new Failure(FailureKind.Invalid, $"the query is not percent-encoded KEY=VALUE, at most {FieldsMax} of them");
            }

            found._fields.Add((part[..equals], value));
        }

        return found;
    }

    public byte[]? Bytes(string key) => _fields.FirstOrDefault(field => field.Key == key).Value;

    public IReadOnlyList<byte[]> All(string key) => [.. _fields.Where(field => field.Key == key).Select(field => field.Value)];

    public string? Text(string key) => Bytes(key) is { } bytes ? System.Text.Encoding.Latin1.GetString(bytes) : null;

    public long? Number(string key) =>
        long.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static byte[]? Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length
                    || !byte.TryParse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[count]))
                {
                    return null;
                }

                i += 2;
            }
            else if (text[i] > '\u00FF')
            {
                return null;
            }
            else
            {
                bytes[count] = text[i] == '+' ? (byte)' ' : (byte)text[i];
            }

            count++;
        }

        return bytes[..count];
    }
}
