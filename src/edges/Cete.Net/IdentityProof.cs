using System.Security.Cryptography;
using Cete.Api;
using Cete.Core;
using Cete.Trust;

namespace Cete.Net;

/// <summary>Has whoever answers at an address show which community it is a node of.</summary>
internal static class IdentityProof
{
    /// <summary>What is asked with a challenge.</summary>
    public static string Ask(byte[] challenge) => $"{Routes.Identity}?challenge={Convert.ToHexStringLower(challenge)}";

    /// <summary>A challenge that nobody can have signed before.</summary>
    public static byte[] NewChallenge() => RandomNumberGenerator.GetBytes(IdentityAnswer.ChallengeSize);

    /// <summary>The community as a node of which the answer is signed; null where it is not.</summary>
    public static string? CommunityOf(IdentityAnswer answer, byte[] challenge, TimeProvider clock)
    {
        if (!KeyId.TryParse(answer.CommunityId, out var community))
        {
            return null;
        }

        var shown = new CertificateVerifier(community, clock).Verify(new IssuedCertificate(answer.Node, answer.Issuing));
        return shown.Succeeded && new RecordSignatures().Verify(shown.Value.PublicKey.Span, IdentityAnswer.Purpose, community, challenge, answer.Signature)
            ? answer.CommunityId
            : null;
    }
}
