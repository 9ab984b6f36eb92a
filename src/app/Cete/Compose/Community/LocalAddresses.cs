using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Cete.App.Compose.Community;

/// <summary>Where others may reach a port of this machine.</summary>
internal static class LocalAddresses
{
    private const int Max = 3;

    /// <summary>The address listened at, or where that is all of them, those of this machine, the likeliest first.</summary>
    public static IReadOnlyList<string> Of(IPEndPoint listened)
    {
        if (!listened.Address.Equals(IPAddress.Any) && !listened.Address.Equals(IPAddress.IPv6Any))
        {
            return [listened.ToString()];
        }

        var found = All()
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork || listened.Address.Equals(IPAddress.IPv6Any))
            .Take(Max)
            .Select(address => new IPEndPoint(address, listened.Port).ToString())
            .ToList();
        return found.Count > 0 ? found : [new IPEndPoint(IPAddress.Loopback, listened.Port).ToString()];
    }

    /// <summary>Those of this machine that others may reach, IPv4 first.</summary>
    public static IEnumerable<IPAddress> All() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(card => card.GetIPProperties().UnicastAddresses.Select(address => address.Address))
        .Where(address => address.AddressFamily == AddressFamily.InterNetwork
            || (address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv6LinkLocal))
        .OrderBy(address => address.AddressFamily == AddressFamily.InterNetworkV6);
}
