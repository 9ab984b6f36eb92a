using Cete.Core;

namespace Cete.Actors;

/// <summary>
/// Runs one message of one actor a step, for simulations and tests. Which actor is next is a choice among those with something to
/// do; with the same choices and the same calls from outside, in the same order, a run repeats exactly.
/// </summary>
public sealed class StepDispatcher : IDispatcher
{
    private readonly List<IRunnable> _ready = [];
    private readonly Func<int, int> _choose;

    /// <summary>Draws the order from a generator.</summary>
    /// <param name="chance">The source of all choices; nobody else may use it.</param>
    public StepDispatcher(Prng chance)
        : this(chance.Next)
    {
    }

    /// <summary>Takes the order from the caller: to walk through all orders, or to force one.</summary>
    /// <param name="choose">
    /// Gets the number of actors that are ready, in the order in which they became so; gives the index of the next one.
    /// </param>
    public StepDispatcher(Func<int, int> choose) => _choose = choose;

    /// <summary>How many actors have something to do.</summary>
    public int ReadyCount
    {
        get
        {
            lock (_ready)
            {
                return _ready.Count;
            }
        }
    }

    /// <summary>Queues work. Calls from other threads are safe but end the promise of repeatability.</summary>
    /// <param name="work">What to run.</param>
    public void Schedule(IRunnable work)
    {
        lock (_ready)
        {
            _ready.Add(work);
        }
    }

    /// <summary>Lets one actor handle one message. Not to be called from within an actor.</summary>
    /// <returns>False if nothing was ready.</returns>
    public bool Step()
    {
        IRunnable work;
        lock (_ready)
        {
            if (_ready.Count == 0)
            {
                return false;
            }

            var index = _choose(_ready.Count);
            work = _ready[index];
            _ready.RemoveAt(index);
        }

        if (work.Run(1))
        {
            Schedule(work);
        }

        return true;
    }

    /// <summary>Steps until nothing is ready.</summary>
    /// <param name="stepsMax">The bound, at least 1: actors that tell each other for ever never get idle.</param>
    /// <returns>The number of steps taken.</returns>
    /// <exception cref="CheckFailedException">Something is still ready after <paramref name="stepsMax"/> steps.</exception>
    public int RunUntilIdle(int stepsMax = 1_000_000)
    {
        var steps = 0;
        while (Step())
        {
            steps++;
            Check.That(steps < stepsMax || ReadyCount == 0, "the actors do not get idle");
        }

        return steps;
    }
}
