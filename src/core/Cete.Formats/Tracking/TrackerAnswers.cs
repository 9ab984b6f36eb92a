using System.Net.Sockets;
using Cete.Core;
using Cete.Formats.Torrents;

namespace Cete.Formats.Tracking;

/// <summary>Writes what a tracker answers, bencoded.</summary>
public static class TrackerAnswers
{
    /// <summary>The media type by which it is served.</summary>
    public const string MediaType = "text/plain";

    private const int Ip4Size = 4;
    private const int PortSize = 2;

    /// <summary>
    /// The answer to an announce (BEP 3; BEP 23 for compact peers, BEP 7 for those of IPv6). <c>url-list</c> names web seeds as BEP 19 does in
    /// torrents: clients that do not know it pass over it.
    /// </summary>
    public static byte[] Announced(SwarmCounts counts, IReadOnlyList<TrackedPeer> peers, bool isCompact, IReadOnlyList<Uri> webSeeds)
    {
        var writer = new BencodeWriter();
        writer.BeginDictionary();
        writer.Field("complete"u8, counts.Seeds);
        writer.Field("downloaded"u8, counts.Completed);
        writer.Field("incomplete"u8, counts.Downloaders);
        writer.Field("interval"u8, (long)TrackerSwarms.Interval.TotalSeconds);
        writer.Field("min interval"u8, (long)TrackerSwarms.IntervalMin.TotalSeconds);
        writer.Key("peers"u8);
        if (isCompact)
        {
            writer.Bytes(Compact(peers, AddressFamily.InterNetwork));
            writer.Field("peers6"u8, Compact(peers, AddressFamily.InterNetworkV6));
        }
        else
        {
            WriteList(writer, peers);
        }

        if (webSeeds.Count > 0)
        {
            writer.Key("url-list"u8);
            writer.BeginList();
            foreach (var seed in webSeeds)
            {
                writer.Text(seed.AbsoluteUri);
            }

            writer.End();
        }

        writer.End();
        return writer.Written.ToArray();
    }

    /// <summary>The answer to a scrape (BEP 48).</summary>
    public static byte[] Scraped(IEnumerable<(byte[] InfoHash, SwarmCounts Counts)> swarms)
    {
        var writer = new BencodeWriter();
        writer.BeginDictionary();
        writer.Key("files"u8);
        writer.BeginDictionary();
        var distinct = swarms.DistinctBy(s => Convert.ToHexString(s.InfoHash));
        foreach (var (hash, counts) in distinct.OrderBy(s => Convert.ToHexString(s.InfoHash), StringComparer.Ordinal))
        {
            writer.Key(hash);
            writer.BeginDictionary();
            writer.Field("complete"u8, counts.Seeds);
            writer.Field("downloaded"u8, counts.Completed);
            writer.Field("incomplete"u8, counts.Downloaders);
            writer.End();
        }

        writer.End();
        writer.End();
        return writer.Written.ToArray();
    }

    /// <summary>A refusal: clients show its reason.</summary>
    public static byte[] Failed(Failure failure)
    {
        var writer = new BencodeWriter();
        writer.BeginDictionary();
        writer.Field("failure reason"u8, failure.Message);
        writer.End();
        return writer.Written.ToArray();
    }

    private static byte[] Compact(IReadOnlyList<TrackedPeer> peers, AddressFamily family)
    {
        var some = peers.Where(peer => peer.Address.AddressFamily == family).ToList();
        var size = (family == AddressFamily.InterNetwork ? Ip4Size : 4 * Ip4Size) + PortSize;
        var bytes = new byte[some.Count * size];
        for (var i = 0; i < some.Count; i++)
        {
            var place = bytes.AsSpan(i * size, size);
            some[i].Address.TryWriteBytes(place, out var count);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(place[count..], (ushort)some[i].Port);
        }

        return bytes;
    }

    private static void WriteList(BencodeWriter writer, IReadOnlyList<TrackedPeer> peers)
    {
        writer.BeginList();
        foreach (var peer in peers)
        {
            writer.BeginDictionary();
            writer.Field("ip"u8, peer.Address.ToString());
            writer.Field("peer id"u8, peer.Id);
            writer.Field("port"u8, peer.Port);
            writer.End();
        }

        writer.End();
    }
}
