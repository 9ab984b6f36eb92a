using System.Security.Cryptography;
using System.Text;
using Cete.Core;

namespace Cete.Accounts.Passkeys;

/// <summary>Where a page is that asks for a passkey.</summary>
/// <param name="Host">The name under which the browser asked, as its <c>Host</c> says it.</param>
/// <param name="Port">Its port; null where the request names none, as for the usual one.</param>
public readonly record struct PageHost(string Host, int? Port);

/// <summary>What an authenticator said when a passkey was made, as browsers hand it over.</summary>
public sealed record PasskeyMade(ReadOnlyMemory<byte> ClientData, ReadOnlyMemory<byte> Attestation);

/// <summary>What one said when it was used.</summary>
/// <param name="Id">Which.</param>
/// <param name="ClientData">What the browser adds.</param>
/// <param name="Data">What the authenticator says.</param>
/// <param name="Signature">Over both.</param>
/// <param name="User">Whose it is, where it tells: the id of the account; empty where it does not.</param>
public sealed record PasskeyShown(
    ReadOnlyMemory<byte> Id, ReadOnlyMemory<byte> ClientData, ReadOnlyMemory<byte> Data, ReadOnlyMemory<byte> Signature, ReadOnlyMemory<byte> User);

/// <summary>
/// Verifies passkeys for one domain (WebAuthn level 2 §7.1 and §7.2): each rule that does not need to know any account. Whether a challenge was given is
/// for <see cref="PasskeyChallenges"/>.
/// </summary>
/// <param name="domain">The relying party's id: the community's domain, or <c>localhost</c>.</param>
public sealed class RelyingParty(string domain)
{
    /// <summary>To try it out at one's own machine: browsers take it without TLS.</summary>
    public const string Localhost = "localhost";

    private readonly byte[] _hash = SHA256.HashData(Encoding.ASCII.GetBytes(domain));

    /// <summary>The relying party's id.</summary>
    public string Domain => domain;

    /// <summary>Whether pages under this name can ask for passkeys of this domain: it itself, and names below it.</summary>
    public bool Covers(string host) =>
        host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);

    /// <summary>A passkey that was made; what it says of itself is believed once the challenge is.</summary>
    public Outcome<(ClientData Client, AuthenticatorData Data)> Verify(PasskeyMade made, PageHost page)
    {
        var (client, data) = (ClientData.Parse(made.ClientData), AuthenticatorData.ParseAttestation(made.Attestation));
        if ((client.Failure ?? data.Failure ?? Check(client.Value!, ClientData.Create, data.Value!, page)) is { } failure)
        {
            return failure;
        }

        if (data.Value!.Credential is not { } credential)
        {
            return Refused("no passkey was made");
        }

        var key = CoseKey.Parse(credential.PublicKey);
        return key.Succeeded ? (client.Value!, data.Value) : key.Failure;
    }

    /// <summary>A passkey that was used, by its key; its counter is for the accounts to look at.</summary>
    public Outcome<(ClientData Client, AuthenticatorData Data)> Verify(PasskeyShown shown, ReadOnlyMemory<byte> publicKey, PageHost page)
    {
        var (client, data, key) = (ClientData.Parse(shown.ClientData), AuthenticatorData.Parse(shown.Data), CoseKey.Parse(publicKey));
        if ((client.Failure ?? data.Failure ?? key.Failure ?? Check(client.Value!, ClientData.Get, data.Value!, page)) is { } failure)
        {
            return failure;
        }

        byte[] signed = [.. shown.Data.Span, .. SHA256.HashData(shown.ClientData.Span)];
        return key.Value!.Verify(signed, shown.Signature.Span) ? (client.Value!, data.Value!) : Refused("the signature is not this passkey's");
    }

    private static Failure Refused(string why) => new(FailureKind.Forbidden, $"the passkey does not count: {why}");

    private Failure? Check(ClientData client, string type, AuthenticatorData data, PageHost page) =>
        client.Type != type ? Refused("it was asked for another thing")
        : client.IsCrossOrigin || !IsOrigin(client.Origin, page) ? Refused("it was shown to another site")
        : !data.RelyingPartyHash.Span.SequenceEqual(_hash) ? Refused("it is for another domain")
        : !data.IsPresent || !data.IsVerified ? Refused("it did not make sure who you are; give it a PIN, a fingerprint or the like")
        : null;

    /// <summary>Only the page that this node showed: under the name that it was asked by, and over TLS unless that name is this computer's.</summary>
    private bool IsOrigin(string origin, PageHost page) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && Covers(page.Host)
        && uri.Host.Equals(page.Host, StringComparison.OrdinalIgnoreCase) && (page.Port is { } port ? uri.Port == port : uri.IsDefaultPort)
        && uri.PathAndQuery == "/" && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && domain == Localhost));
}
