using System.Net;
using Cete.Core;
using Cete.Swarm;

namespace Cete.Index.Swarms;

/// <summary>Who announces, as the node saw it that was asked.</summary>
/// <param name="Host">The address that the connection came from.</param>
/// <param name="Reporter">The account; where there is none, again the address.</param>
public sealed record SwarmAsker(string Host, string Reporter)
{
    /// <summary>Whether it is a process of the machine of the node that it asked.</summary>
    public bool IsHere => IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address);
}

/// <summary>Where a peer is reached, as far as that is known.</summary>
/// <param name="Host">Where the node that it asked saw it come from.</param>
/// <param name="Told">What it tells itself, of <paramref name="Port"/> all.</param>
/// <param name="Port">Where it listens.</param>
internal sealed record PeerPlace(string Host, IReadOnlyList<string> Told, int Port)
{
    /// <summary>The host by which another peer reaches it.</summary>
    /// <param name="asker">Where that one came from.</param>
    public string For(SwarmAsker asker)
    {
        var isHere = IPAddress.TryParse(Host, out var seen) && IPAddress.IsLoopback(seen);

        // Behind one address, which may be a router's, and on the machine of the node itself, what the peer tells leads to it; elsewhere what was seen.
        return Host == asker.Host || isHere
            ? Told.FirstOrDefault(told => isHere == asker.IsHere ? IsLoopback(told) == isHere : !IsLoopback(told)) ?? Host
            : Host;
    }

    /// <summary>Its address for another peer.</summary>
    public PeerAddress AddressFor(SwarmAsker asker, KeyId key, KeyId community) => new(For(asker), Port, key, community);

    /// <summary>Takes what a peer tells; null where it has no port to be reached at.</summary>
    public static PeerPlace? Read(string host, IReadOnlyList<string> addresses)
    {
        List<string> told = [];
        var port = 0;
        foreach (var address in addresses)
        {
            if (!IPEndPoint.TryParse(address, out var end) || end.Port == 0 || (port != 0 && end.Port != port))
            {
                return null;
            }

            port = end.Port;
            told.Add(Bracketed(end.Address));
        }

        return port == 0 || !IPAddress.TryParse(host, out var seen) ? null : new PeerPlace(Bracketed(seen), told, port);
    }

    private static bool IsLoopback(string host) => IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address);

    private static string Bracketed(IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
