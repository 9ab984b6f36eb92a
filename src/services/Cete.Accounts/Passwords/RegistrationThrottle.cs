using System.Globalization;
using Cete.Core;

namespace Cete.Accounts;

/// <summary>
/// How many accounts come from one address in a day, where anybody may register. In memory, each node for itself; bounded, the oldest forgotten first.
/// Whoever has an invitation is not counted: that is bounded itself.
/// </summary>
/// <param name="clock">What time it is.</param>
internal sealed class RegistrationThrottle(TimeProvider clock)
{
    /// <summary>Addresses that are counted at one time: about a megabyte.</summary>
    public const int EntriesMax = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byBeginning = new();

    /// <summary>Counts an account before it is made; null when it may be made, else when the next one may.</summary>
    /// <param name="address">Where it comes from.</param>
    public Failure? Begin(string address)
    {
        var now = Instant.From(clock.GetUtcNow());
        lock (_lock)
        {
            while (_byBeginning.First is { } oldest && (now - oldest.Value.Since >= AccountsLimits.RegistrationWindow || _entries.Count > EntriesMax))
            {
                Forget(oldest);
            }

            if (!_entries.TryGetValue(address, out var node))
            {
                node = _byBeginning.AddLast(new Entry(address, now));
                _entries.Add(address, node);
            }

            if (node.Value.Count < AccountsLimits.RegistrationsMax)
            {
                node.Value.Count++;
                return null;
            }

            var wait = node.Value.Since + AccountsLimits.RegistrationWindow - now;
            var hours = Math.Ceiling(wait.TotalHours).ToString(CultureInfo.InvariantCulture);
            return new Failure(
                FailureKind.Throttled, $"many accounts were made from your address; another can be made in {hours} h, or at once with an invitation")
            {
                RetryAfter = wait,
            };
        }
    }

    /// <summary>The account was not made.</summary>
    public void TakeBack(string address)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(address, out var node) && --node.Value.Count == 0)
            {
                Forget(node);
            }
        }
    }

    private void Forget(LinkedListNode<Entry> node)
    {
        _entries.Remove(node.Value.Address);
        _byBeginning.Remove(node);
    }

    private sealed class Entry(string address, Instant since)
    {
        public string Address => address;

        public Instant Since => since;

        public int Count { get; set; }
    }
}
