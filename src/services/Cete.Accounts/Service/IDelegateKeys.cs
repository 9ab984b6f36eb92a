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

    /// <summary>
    /// Signs a payment of an account's own credits: a transfer or what becomes of a channel, within the cap, while the key counts. Nothing else is signed.
    /// Every use is logged.
    /// </summary>
    /// <param name="delegate">The key, as the accounts know it.</param>
    /// <param name="purpose">What the statement is for.</param>
    /// <param name="payload">What is said.</param>
    /// <returns>The bytes of the statement.</returns>
    Outcome<byte[]> Sign(DelegateRecord @delegate, string purpose, ReadOnlyMemory<byte> payload);

    /// <summary>Drops the key; nothing happens where it is not here.</summary>
    void Remove(AccountId account, KeyId key);
}
