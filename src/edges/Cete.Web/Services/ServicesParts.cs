using System.Security.Cryptography;
using Cete.Accounts;
using Cete.Described;
using Cete.Web.Security;
using Cete.Web.Services.Feeds;

namespace Cete.Web.Services;

/// <summary>What described services are shown with.</summary>
/// <param name="Service">The services; null on a node without a replica of them.</param>
/// <param name="Book">Names of accounts; null where there are none.</param>
/// <param name="Guard">Against pages of strangers that post forms.</param>
/// <param name="Exists">Whether the community has them, be it here or on another node.</param>
public sealed record ServicesParts(DescribedService? Service, StandingBook? Book, CrossSiteGuard Guard, Func<bool> Exists)
{
    /// <summary>Private addresses of feeds, by a secret of the node; without one they are of this process alone.</summary>
    internal FeedKeys Keys { get; init; } = new(RandomNumberGenerator.GetBytes(32));

    /// <summary>The same, with the secret that the node keeps.</summary>
    public ServicesParts With(byte[] secret) => this with { Keys = new FeedKeys(secret) };
}
