using Cete.Core;

namespace Cete.Ports;

/// <summary>
/// Signs records with one key. A port, so that a simulator can sign the same bytes the same way in every run: real ECDSA takes a
/// random number a signature.
/// </summary>
public interface ISigner
{
    /// <summary>Whose signatures these are: the name of <see cref="PublicKey"/>.</summary>
    KeyId Id { get; }

    /// <summary>What verifies them: the public key in DER (SubjectPublicKeyInfo, RFC 5280 §4.1).</summary>
    ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Signs a record; what is signed for one purpose or community counts for no other.</summary>
    /// <param name="purpose">What the record is, of a-z, 0-9, '.' and '-', such as <c>member-record</c>; at most 64 characters.</param>
    /// <param name="community">Where it counts.</param>
    /// <param name="record">The exact bytes.</param>
    /// <returns>64 bytes (IEEE P1363).</returns>
    byte[] Sign(string purpose, KeyId community, ReadOnlySpan<byte> record);
}

/// <summary>Verifies what an <see cref="ISigner"/> signed.</summary>
public interface ISignatureCheck
{
    /// <summary>
    /// Whether the holder of a key signed the record for this purpose and community. False for keys and signatures of any other form; never
    /// throws for them. A second valid signature can be made from a first one, so a signature is no name of what it signs.
    /// </summary>
    bool Verify(ReadOnlySpan<byte> publicKey, string purpose, KeyId community, ReadOnlySpan<byte> record, ReadOnlySpan<byte> signature);
}
