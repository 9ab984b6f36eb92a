using Cete.Core;

namespace Cete.Swarm;

/// <summary>
/// Where a peer is found, and by which key it is known: <c>cete://KEY.COMMUNITY@HOST:PORT</c>, as it stands in ID files. Whoever connects shows a key
/// too, and a ticket for it (DESIGN.md §6).
/// </summary>
/// <param name="Host">Name or address; an IPv6 address in brackets.</param>
/// <param name="Port">Of its http port.</param>
/// <param name="Key">Its key.</param>
/// <param name="Community">Of which it is a node.</param>
public sealed record PeerAddress(string Host, int Port, KeyId Key, KeyId Community)
{
    /// <summary>How such addresses begin.</summary>
    public const string Scheme = "cete";

    /// <summary>Reads one; null where it is none.</summary>
    public static PeerAddress? Parse(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) ? Of(uri) : null;

    /// <summary>Reads one; null where it is none.</summary>
    public static PeerAddress? Of(Uri uri) =>
        uri is { Scheme: Scheme, Host.Length: > 0, Port: > 0 }
        && uri.UserInfo.Split('.') is [var key, var community]
        && KeyId.TryParse(key, out var known) && KeyId.TryParse(community, out var home)
            ? new PeerAddress(uri.Host, uri.Port, known, home)
            : null;

    /// <summary>As an address.</summary>
    public Uri ToUri() => new($"{Scheme}://{Key}.{Community}@{Host}:{Port}/");

    /// <inheritdoc/>
    public override string ToString() => $"{Scheme}://{Key}.{Community}@{Host}:{Port}";
}
