using Cete.Core;
using Cete.Ports;
using Cete.Ports.Payments;
using Cete.Transfer.Payments;
using Cete.Trust.Tickets;

namespace Cete.Web.Bank;

/// <summary>What this node sells contents with to who has nothing but a browser.</summary>
/// <param name="Contents">What it has.</param>
/// <param name="Till">Where it is paid.</param>
/// <param name="Passes">Downloads that it pays for in somebody's name.</param>
/// <param name="BookOf">Where channels of an account are kept until they are closed.</param>
public sealed record PaidParts(IContentStore Contents, ITill Till, PaidPasses Passes, Func<AccountId, IPayerBook> BookOf)
{
    /// <summary>Who pays for addresses by which anybody downloads.</summary>
    public required IPaidLinkBook Links { get; init; }

    /// <summary>Tells which of them count.</summary>
    public required TicketVerifier Tickets { get; init; }
}
