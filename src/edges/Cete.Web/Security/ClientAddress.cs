using System.Net;
using System.Net.Sockets;

namespace Cete.Web.Security;

/// <summary>Under which address somebody is counted who asks too much, or guesses.</summary>
public static class ClientAddress
{
    private const int PrefixBytes = 8;

    /// <summary>An address without what whoever has it can change at will; none for a request that came by no network.</summary>
    public static IPAddress Of(IPAddress? address)
    {
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address ?? IPAddress.None;
        if (plain.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(plain))
        {
            return plain;
        }

        // Whoever has one address of such a network has all of them (RFC 6177).
        var bytes = plain.GetAddressBytes();
        bytes.AsSpan(PrefixBytes).Clear();
        return new IPAddress(bytes);
    }
}
