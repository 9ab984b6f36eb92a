using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Cete.Core;
using Cete.Ports.Limits;

namespace Cete.App.Agent;

/// <summary>Where to listen, as users write it: an address or an interface of this machine, with or without a port.</summary>
internal static class ListenText
{
    private const int NamesMax = 10;

    /// <summary>The address that is meant now; port 0 where none is named.</summary>
    public static Outcome<IPEndPoint> Resolve(string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            return Check(new IPEndPoint(address, 0));
        }

        // A name may hold colons, as in eth0:1: it is looked for whole first.
        if (Find(text) is { } whole)
        {
            return new IPEndPoint(whole, 0);
        }

        var colon = text.LastIndexOf(':');
        var (host, port) = (colon < 0 ? text : text[..colon], 0);
        if (colon >= 0 && !(int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue))
        {
            return new Failure(FailureKind.Invalid, $"'{EntryName.Show(text)}' ends with no port; one is a number from 1 to {ushort.MaxValue}");
        }

        return IPAddress.TryParse(host, out address) ? Check(new IPEndPoint(address, port))
            : Find(host) is { } found ? new IPEndPoint(found, port)
            : new Failure(
                FailureKind.NotFound,
                $"this machine has no interface '{EntryName.Show(host)}' with an address; there is {string.Join(", ", Names())}, and '{AgentLimits.Anywhere}' for all");
    }

    private static Outcome<IPEndPoint> Check(IPEndPoint end)
    {
        var isAny = end.Address.Equals(IPAddress.Any) || end.Address.Equals(IPAddress.IPv6Any);
        return isAny || IPAddress.IsLoopback(end.Address) || Cards().Any(card => AddressesOf(card).Contains(end.Address))
            ? end
            : new Failure(FailureKind.NotFound, $"{end.Address} is no address of this machine; it has {string.Join(", ", Names())}");
    }

    /// <summary>The address of an interface, IPv4 where it has one; null where there is none.</summary>
    private static IPAddress? Find(string name) => name == AgentLimits.Anywhere
        ? IPAddress.Any
        : Cards().Where(card => card.Name == name).SelectMany(AddressesOf)
            .OrderBy(address => address.AddressFamily == AddressFamily.InterNetworkV6)
            .FirstOrDefault(address => !address.IsIPv6LinkLocal);

    private static IEnumerable<string> Names() => Cards().Where(card => AddressesOf(card).Any()).Take(NamesMax)
        .Select(card => $"{card.Name} ({AddressesOf(card).First()})");

    private static IEnumerable<IPAddress> AddressesOf(NetworkInterface card) => card.GetIPProperties().UnicastAddresses.Select(one => one.Address);

    private static NetworkInterface[] Cards()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces();
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }
}
