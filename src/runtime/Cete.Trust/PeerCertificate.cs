using Cete.Core;

namespace Cete.Trust;

/// <summary>What a verified node certificate says. It holds bytes only, nothing to dispose.</summary>
/// <param name="Node">The node: the name of its key.</param>
/// <param name="PublicKey">That key in DER (SubjectPublicKeyInfo), for the signatures of its records.</param>
/// <param name="Roles">The roles it was given when the certificate was made; the roster may have taken them away since.</param>
/// <param name="NotBefore">Valid from.</param>
/// <param name="NotAfter">Valid until.</param>
/// <param name="Issuer">The name of the issuing key, by which a lost one is refused.</param>
/// <param name="Serial">The serial number in 32 hexadecimal digits.</param>
public sealed record PeerCertificate(
    KeyId Node, ReadOnlyMemory<byte> PublicKey, RoleSet Roles, Instant NotBefore, Instant NotAfter, KeyId Issuer, string Serial);
