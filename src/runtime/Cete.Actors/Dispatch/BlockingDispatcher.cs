using Cete.Core;

namespace Cete.Actors;

/// <summary>
/// Runs actors on a few background threads of its own: for stores and logs, which block. However long they take, the thread pool
/// stays free. The queue holds each actor at most once.
/// </summary>
public sealed class BlockingDispatcher : IDispatcher, IDisposable
{
    private const int Throughput = 32;

    private readonly Queue<IRunnable> _ready = new();
    private bool _disposed;

    /// <summary>Starts the threads.</summary>
    /// <param name="name">The beginning of the threads' names.</param>
    /// <param name="threads">How many actors may block at once, 1 to 1,024.</param>
    /// <exception cref="CheckFailedException"><paramref name="threads"/> is out of range.</exception>
    public BlockingDispatcher(string name, int threads)
    {
        Check.That(threads is >= 1 and <= 1_024);
        for (var i = 0; i < threads; i++)
        {
            // Unsafe: the context of whoever made the dispatcher is not the context of what runs here.
            new Thread(Loop) { IsBackground = true, Name = $"{name}-{i}" }.UnsafeStart();
        }
    }

    /// <summary>Queues work; after <see cref="Dispose"/> it is dropped.</summary>
    /// <param name="work">What to run.</param>
    public void Schedule(IRunnable work)
    {
        lock (_ready)
        {
            if (!_disposed)
            {
                _ready.Enqueue(work);
                Monitor.Pulse(_ready);
            }
        }
    }

    /// <summary>
    /// Ends each thread after its current turn, without waiting for it; queued turns are dropped. Stop the actors first: then nothing is
    /// left to wait for. It never waits, because what blocks may block for ever, and because an actor on it may be who calls this; the
    /// threads are background threads, so they keep no process alive. A second call does nothing.
    /// </summary>
    public void Dispose()
    {
        lock (_ready)
        {
            _disposed = true;
            _ready.Clear();
            Monitor.PulseAll(_ready);
        }
    }

    private void Loop()
    {
        while (Next() is { } work)
        {
            if (work.Run(Throughput))
            {
                Schedule(work);
            }
        }
    }

    private IRunnable? Next()
    {
        lock (_ready)
        {
            while (_ready.Count == 0 && !_disposed)
            {
                Monitor.Wait(_ready);
            }

            return _disposed ? null : _ready.Dequeue();
        }
    }
}
