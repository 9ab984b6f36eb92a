using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Cete.Core;

namespace Cete.Trust;

/// <summary>Where a node can be called: a DNS name or an IP address, and a port. Written <c>host:port</c>, IPv6 in brackets (RFC 3986 §3.2.2).</summary>
public readonly record struct NodeAddress
{
    /// <summary>The longest DNS name (RFC 1035 §2.3.4), without the dot of the root.</summary>
    public const int HostLengthMax = 253;

    /// <summary>The longest text.</summary>
    public const int TextLengthMax = HostLengthMax + 6;

    private const int LabelLengthMax = 63;

    private readonly bool _isSixth;

    private NodeAddress(string host, int port, bool isSixth) => (Host, Port, _isSixth) = (host, port, isSixth);

    /// <summary>A DNS name in lower case, or an IP address in its usual form, without brackets.</summary>
    public string Host { get; }

    /// <summary>1 to 65535.</summary>
    public int Port { get; }

    /// <summary>Reads <c>host:port</c>.</summary>
    public static Outcome<NodeAddress> Parse(string text)
    {
        if (text.Length > TextLengthMax)
        {
            return new Failure(FailureKind.TooLarge, $"an address has at most {TextLengthMax} characters");
        }

        var colon = text.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is 0 or > 65_535)
        {
            return Bad(text, "it must end in ':' and a port of 1 to 65535");
        }

        var host = text[..colon];
        if (host is ['[', .. var inner, ']'])
        {
            return !inner.Contains('%', StringComparison.Ordinal)
                && IPAddress.TryParse(inner, out var sixth) && sixth.AddressFamily == AddressFamily.InterNetworkV6
                ? new NodeAddress(sixth.ToString(), port, isSixth: true)
                : Bad(text, "what stands in the brackets is no IPv6 address that others can call");
        }

        if (host.Contains(':', StringComparison.Ordinal))
        {
            return Bad(text, "an IPv6 address stands in brackets, as in [2001:db8::1]:7400");
        }

        // Four numbers are an address or nothing: a name in this place would reach different hosts with different resolvers.
        var labels = host.ToLowerInvariant().Split('.');
        if (labels[^1] is { Length: > 0 } last && last.All(char.IsAsciiDigit))
        {
            return labels.Length == 4 && labels.All(IsOctet) && IPAddress.TryParse(host, out var fourth)
                ? new NodeAddress(fourth.ToString(), port, isSixth: false)
                : Bad(text, "it is no IPv4 address");
        }

        return host.Length <= HostLengthMax && labels.All(IsLabel)
            ? new NodeAddress(string.Join('.', labels), port, isSixth: false)
            : Bad(text, "it is no host name of a-z, 0-9, '-' and '.'; write a name with other letters in its xn-- form");
    }

    public override string ToString() => _isSixth ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>Without zeros in front, which some resolvers read as octal.</summary>
    private static bool IsOctet(string text) =>
        byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) && (text.Length == 1 || text[0] != '0');

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= LabelLengthMax
        && label[0] != '-' && label[^1] != '-'
        && label.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    private static Failure Bad(string text, string why) => new(FailureKind.Invalid, $"'{EntryName.Show(text)}' is no address of a node: {why}");
}
