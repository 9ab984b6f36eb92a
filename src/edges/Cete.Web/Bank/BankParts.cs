using Cete.Accounts;
using Cete.Bank;

namespace Cete.Web.Bank;

/// <summary>What the pages show the community's bank with.</summary>
/// <param name="Service">The bank; null on a node without a replica of it.</param>
/// <param name="Book">Names of accounts.</param>
/// <param name="Exists">Whether the community has a bank, be it here or on another node.</param>
public sealed record BankParts(BankService? Service, StandingBook Book, Func<bool> Exists);
