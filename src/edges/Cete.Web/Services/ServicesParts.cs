using System.Security.Cryptography;
using Cete.Accounts;
using Cete.Core;
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

    /// <summary>Pays in the name of accounts that let this node; null where it pays for nobody.</summary>
    public PaysForServices? Pays { get; init; }
}

/// <summary>Has this node pay what something costs, in somebody's name.</summary>
/// <param name="account">Whose name.</param>
/// <param name="offer">What it costs; more than nothing.</param>
/// <param name="stop">Ends it.</param>
/// <returns>The voucher that pays it; or why this node does not pay.</returns>
public delegate Task<Outcome<ReadOnlyMemory<byte>>> PaysForServices(AccountId account, Offer offer, CancellationToken stop);
