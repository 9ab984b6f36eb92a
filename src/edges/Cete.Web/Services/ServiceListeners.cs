using Cete.Core;

namespace Cete.Web.Services;

/// <summary>Who is told of changes as they come: each of them holds a connection, and looks whenever something was written. For several at once.</summary>
internal sealed class ServiceListeners
{
    /// <summary>At this node.</summary>
    public const int CountMax = 500;

    /// <summary>Of one account; of guests, from one address.</summary>
    public const int OfOneMax = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _of = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>One more; it ends when what is given is disposed.</summary>
    public Outcome<IDisposable> Begin(string who)
    {
        lock (_gate)
        {
            var own = _of.GetValueOrDefault(who);
            if (own >= OfOneMax)
            {
                return new Failure(FailureKind.Throttled, $"you listen to {OfOneMax} streams of this node already; end one of them");
            }

            if (_count >= CountMax)
            {
                return new Failure(FailureKind.Unavailable, "too many listen to this node; ask another one, or for pages with ?after=");
            }

            (_of[who], _count) = (own + 1, _count + 1);
            return Outcome.Of<IDisposable>(new Place(this, who));
        }
    }

    private void End(string who)
    {
        lock (_gate)
        {
            _count--;
            if (--_of[who] == 0)
            {
                _of.Remove(who);
            }
        }
    }

    private sealed class Place(ServiceListeners all, string who) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                all.End(who);
            }
        }
    }
}
