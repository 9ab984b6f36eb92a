using Cete.Accounts;
using Cete.Bank;
using Cete.Core;
using Cete.Ledger;

namespace Cete.Web.Bank;

/// <summary>How far this node may pay for an account.</summary>
/// <param name="Key">The key with the most that is left; null where none counts.</param>
/// <param name="Left">Micro-credits that it may still spend.</param>
/// <param name="EndedAt">When the last one ended of itself; null where none did of late.</param>
/// <param name="KeepsKeys">This node holds keys for accounts at all.</param>
public sealed record NodeLeave(DelegateRecord? Key, long Left, Instant? EndedAt, bool KeepsKeys)
{
    /// <summary>Why this node does not pay so much for the account; null where it does.</summary>
    public Failure? Judge(long amount) =>
        !KeepsKeys ? new Failure(FailureKind.Unavailable, "this node pays for nobody; open the page at a node that keeps the accounts")
        : Key is null && EndedAt is { } ended ? new Failure(
            FailureKind.Expired,
            $"the leave that you gave this node ended on {Pages.Times.Day(ended)}; let it pay anew on the page of your account, or sign with a device")
        : Key is null ? new Failure(
            FailureKind.Forbidden, "this node may not pay for you; let it do so on the page of your account, or sign with a device")
        : amount > Left ? new Failure(
            FailureKind.Forbidden,
            $"this node may still spend {Credits.Counted(Left)} for you, and this takes {Credits.Show(amount)}; let it spend more on the page of "
            + "your account, or sign with a device")
        : null;
}

/// <summary>The keys by which this node pays for accounts, with what the bank says of them.</summary>
/// <param name="accounts">Who let it.</param>
/// <param name="bank">Counts what is spent.</param>
/// <param name="keys">Signs; null on a node that holds none.</param>
/// <param name="clock">The time here.</param>
internal sealed class NodeLeaves(AccountsService accounts, BankService bank, IDelegateKeys? keys, TimeProvider clock)
{
    /// <summary>What this node may do for an account.</summary>
    public async Task<Outcome<NodeLeave>> FindAsync(AccountId account, CancellationToken cancellation)
    {
        if (keys is null)
        {
            return new NodeLeave(null, 0, null, KeepsKeys: false);
        }

        var given = await accounts.DelegatesAsync(account, cancellation);
        var counted = given.Succeeded ? await bank.DelegatesAsync(account, cancellation) : given.Failure;
        if (!counted.Succeeded)
        {
            return counted.Failure;
        }

        var now = Instant.From(clock.GetUtcNow());
        var own = given.Value.Where(one => one.Node == keys.Node).ToList();
        var left = counted.Value.Where(one => !one.IsRemoved && one.ExpiresAt > now).ToDictionary(one => one.Key, one => one.Left);
        var best = own.Where(one => one.Counts(now) && left.ContainsKey(one.Id) && keys.Has(account, one.Id)).MaxBy(one => left[one.Id]);
        var ended = own.Where(one => one.RemovedAt is null && one.ExpiresAt <= now).Select(one => (Instant?)one.ExpiresAt).Max();
        return new NodeLeave(best, best is null ? 0 : left[best.Id], ended, KeepsKeys: true);
    }
}
