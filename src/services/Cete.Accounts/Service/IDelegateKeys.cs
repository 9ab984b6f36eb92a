using Cete.Core;

namespace Cete.Accounts;

/// <summary>The private keys by which one node signs payments for accounts, kept where its owner alone reads them. For several callers at once.</summary>
public interface IDelegateKeys
{
    /// <summary>The name of the node's own key, by which delegates name it.</summary>
    KeyId Node { get; }

    /// <summary>Makes a key and keeps it; it counts once the account says so, and is dropped where that does not come soon.</summary>
    /// <param name="account">For whom it signs.</param>
    /// <param name="cap">Micro-credits that it may spend in all.</param>
    /// <param name="expiresAt">When it ends.</param>
    Outcome<DeviceAct.AddDelegate> Make(AccountId account, long cap, Instant expiresAt);

    /// <summary>Whether the key is here.</summary>
    bool Has(AccountId account, KeyId key);

    /// <summary>Drops the key; nothing happens where it is not here.</summary>
    void Remove(AccountId account, KeyId key);
}
