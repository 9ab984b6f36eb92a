using Cete.Api;
using Cete.Core;
using Cete.Ports;
using Cete.Trust;
using Cete.Web.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Community;

/// <summary>A node shows whose it is, to clients that come back to an address after a long time.</summary>
/// <param name="community">Its community.</param>
/// <param name="signer">Its key.</param>
/// <param name="issued">Its certificate of now.</param>
public sealed class IdentityApi(KeyId community, ISigner signer, Func<IssuedCertificate> issued)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Routes.Identity, (string? challenge) => ApiAnswers.Of(Answer(challenge), ApiJson.Default.IdentityAnswer))
            .Tells("Node", "The node shows that it belongs to the community that it names").Gives<IdentityAnswer>()
            .Asks("challenge", "64 hexadecimal digits of the asker's choice, which it signs");

    private Outcome<IdentityAnswer> Answer(string? challenge)
    {
        if (challenge is not { Length: 2 * IdentityAnswer.ChallengeSize } || !challenge.All(char.IsAsciiHexDigit))
        {
            return new Failure(FailureKind.Invalid, $"a challenge is {2 * IdentityAnswer.ChallengeSize} hexadecimal digits of your choice");
        }

        var shown = issued();
        return new IdentityAnswer(
            community.ToString(), shown.Node.ToArray(), shown.Issuing.ToArray(),
            signer.Sign(IdentityAnswer.Purpose, community, Convert.FromHexString(challenge)));
    }
}
