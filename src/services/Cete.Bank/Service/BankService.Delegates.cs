using Cete.Core;
using Cete.Groups;

namespace Cete.Bank;

/// <summary>What a key that a node holds for an account may still spend, in micro-credits.</summary>
/// <param name="Key">Which.</param>
/// <param name="Cap">What it may spend in all.</param>
/// <param name="Spent">What it spent; what was set aside for channels counts whole, also where some of it came back.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="IsRemoved">It counts no longer.</param>
public sealed record DelegateBalance(KeyId Key, long Cap, long Spent, Instant ExpiresAt, bool IsRemoved)
{
    /// <summary>What is left of it.</summary>
    public long Left => Math.Max(0, Cap - Spent);
}

/// <summary>Keys that nodes hold for accounts.</summary>
public sealed partial class BankService
{
    /// <summary>The keys that nodes hold for an account, as the bank knows them.</summary>
    public Task<Outcome<IReadOnlyList<DelegateBalance>>> DelegatesAsync(AccountId account, CancellationToken cancellation) => AskAsync(
        (sql, _) => (IReadOnlyList<DelegateBalance>)
        [
            .. new HolderTable(sql).Keys(account).Where(key => key.IsDelegate)
                .Select(key => new DelegateBalance(key.Id, key.Cap, key.Spent, key.ExpiresAt, key.RemovedAt is not null)),
        ],
        ReadLevel.Linearizable, cancellation);
}
