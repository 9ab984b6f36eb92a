using System.Collections.Concurrent;
using Cete.Core;
using Cete.Trust.Tickets;

namespace Cete.Net.Tickets;

/// <summary>
/// Counts what this node sends for each capability, so that an address that was passed on to thousands does not cost its owner without end. The counts
/// are this node's own, and forgotten when it restarts. For several callers at once.
/// </summary>
public sealed class CapabilityMeter(TimeProvider clock)
{
    /// <summary>Capabilities that are counted at a time: each had to be signed by a node of the community.</summary>
    internal const int CountMax = 10_000;

    private readonly ConcurrentDictionary<(KeyId Issuer, ulong Serial), Use> _uses = new();

    /// <summary>What was used of one so far; a failure when too many are in use to count another one.</summary>
    public Outcome<Use> Find(Ticket ticket)
    {
        var key = (ticket.Issuer, ticket.Serial);
        if (_uses.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_uses.Count >= CountMax)
        {
            Forget();
        }

        return _uses.Count >= CountMax
            ? new Failure(FailureKind.Throttled, "too many addresses of this kind are in use at this node; try again later")
            : _uses.GetOrAdd(key, _ => new Use(ticket));
    }

    private void Forget()
    {
        var now = Instant.From(clock.GetUtcNow()) + -TicketVerifier.ClockSlack;
        foreach (var (key, use) in _uses)
        {
            if (use.Until <= now)
            {
                _uses.TryRemove(key, out _);
            }
        }
    }

    /// <summary>What was sent for one capability.</summary>
    public sealed class Use
    {
        private readonly long _max;
        private long _taken;

        internal Use(Ticket ticket) => (_max, Until) = (ticket.BytesMax, ticket.Until);

        internal Instant Until { get; }

        /// <summary>Sets bytes aside that are about to be sent; false when that would be more than it covers.</summary>
        public bool TryTake(long bytes)
        {
            if (_max == 0)
            {
                return true;
            }

            while (true)
            {
                var taken = Interlocked.Read(ref _taken);
                if (bytes > _max - taken)
                {
                    return false;
                }

                if (Interlocked.CompareExchange(ref _taken, taken + bytes, taken) == taken)
                {
                    return true;
                }
            }
        }

        /// <summary>They were set aside, and not sent.</summary>
        public void GiveBack(long bytes) => Interlocked.Add(ref _taken, -bytes);
    }
}
