using System.Globalization;
using Cete.Core;

namespace Cete.Accounts;

/// <summary>
/// Slows down whoever guesses: failures are counted by account and by address, and from some of them on each takes twice as long as the one before. In
/// memory, each node for itself; bounded, the longest idle forgotten first.
/// </summary>
/// <param name="clock">What time it is.</param>
public sealed class LoginThrottle(TimeProvider clock)
{
    /// <summary>Failures of one account that take no longer: people mistype.</summary>
    public const int AccountFree = 5;

    /// <summary>Failures from one address that take no longer: people share one.</summary>
    public const int AddressFree = 20;

    /// <summary>What is counted at one time, accounts and addresses together: a few megabytes.</summary>
    public const int EntriesMax = 20_000;

    /// <summary>The longest wait. Longer ones would lock out the owner for somebody else's guesses.</summary>
    public static readonly TimeSpan DelayMax = TimeSpan.FromMinutes(15);

    /// <summary>After so long without a failure nothing is held against anybody.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(6);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();

    /// <summary>
    /// Counts an attempt as a failure before it is made, so that many at one time gain nothing; null when it may be made, else when the next one may.
    /// </summary>
    /// <param name="account">What tells accounts apart; null where no account can be meant.</param>
    /// <param name="address">Where it comes from.</param>
    public Failure? Begin(string? account, string address)
    {
        var now = Instant.From(clock.GetUtcNow());
        lock (_lock)
        {
            var (byAccount, byAddress) = (account is null ? null : Find(AccountKey(account), now), Find(AddressKey(address), now));
            var until = Instant.Max(byAccount?.BlockedUntil ?? default, byAddress.BlockedUntil);
            if (until > now)
            {
                var seconds = Math.Ceiling((until - now).TotalSeconds);
                return new Failure(FailureKind.Throttled, $"too many attempts failed; try again in {seconds.ToString(CultureInfo.InvariantCulture)} s")
                {
                    RetryAfter = TimeSpan.FromSeconds(seconds),
                };
            }

            byAccount?.Count(now, AccountFree);
            byAddress.Count(now, AddressFree);
            return null;
        }
    }

    /// <summary>It did not fail: nothing is held against the account, and this attempt not against the address.</summary>
    public void Succeed(string? account, string address)
    {
        lock (_lock)
        {
            if (account is not null)
            {
                Forget(AccountKey(account));
            }

            Refund(AddressKey(address));
        }
    }

    /// <summary>The attempt was not carried through for no fault of whoever made it.</summary>
    public void TakeBack(string? account, string address)
    {
        lock (_lock)
        {
            if (account is not null)
            {
                Refund(AccountKey(account));
            }

            Refund(AddressKey(address));
        }
    }

    private static string AccountKey(string account) => "n" + account;

    private static string AddressKey(string address) => "a" + (address.Length > 128 ? address[..128] : address);

    private void Refund(string key)
    {
        if (_entries.TryGetValue(key, out var node))
        {
            node.Value.Refund();
            if (node.Value.Failures == 0)
            {
                Forget(key);
            }
        }
    }

    private void Forget(string key)
    {
        if (_entries.Remove(key, out var node))
        {
            _byUse.Remove(node);
        }
    }

    private Entry Find(string key, Instant now)
    {
        if (_entries.TryGetValue(key, out var node))
        {
            _byUse.Remove(node);
            if (now - node.Value.LastAt > Memory)
            {
                node = new LinkedListNode<Entry>(new Entry(key));
                _entries[key] = node;
            }
        }
        else
        {
            if (_entries.Count >= EntriesMax)
            {
                Forget(_byUse.First!.Value.Key);
            }

            node = new LinkedListNode<Entry>(new Entry(key));
            _entries.Add(key, node);
        }

        _byUse.AddLast(node);
        return node.Value;
    }

    private sealed class Entry(string key)
    {
        public string Key => key;

        public int Failures { get; private set; }

        public Instant LastAt { get; private set; }

        public Instant BlockedUntil { get; private set; }

        public void Count(Instant now, int free)
        {
            (Failures, LastAt) = (Failures + 1, now);
            if (Failures >= free)
            {
                var delay = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(Failures - free, 20)));
                BlockedUntil = now + (delay < DelayMax ? delay : DelayMax);
            }
        }

        public void Refund() => (Failures, BlockedUntil) = (Failures - 1, default);
    }
}
