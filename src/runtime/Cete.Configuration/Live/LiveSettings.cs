namespace Cete.Configuration;

/// <summary>Settings as they are now. Each value is immutable; a change puts another one in its place.</summary>
/// <typeparam name="T">The settings or a part of them.</typeparam>
public interface ISettings<out T>
{
    /// <summary>What counts now. Who needs several values that fit together reads this once.</summary>
    T Current { get; }

    /// <summary>Calls a listener after each change, on the thread that made it, one change after the other. Disposing ends that.</summary>
    IDisposable OnChange(Action<T> listener);
}

/// <summary>Settings that somebody changes. Safe from every thread.</summary>
/// <param name="initial">What counts first.</param>
/// <typeparam name="T">The settings or a part of them.</typeparam>
public sealed class LiveSettings<T>(T initial) : ISettings<T>
    where T : class
{
    private readonly Lock _lock = new();
    private readonly List<Action<T>> _listeners = [];
    private volatile T _current = initial;

    /// <inheritdoc/>
    public T Current => _current;

    /// <summary>Puts a value in the place of the current one, then tells the listeners.</summary>
    public void Change(T next)
    {
        lock (_lock)
        {
            _current = next;
            _listeners.ForEach(listener => listener(next));
        }
    }

    /// <inheritdoc/>
    public IDisposable OnChange(Action<T> listener)
    {
        lock (_lock)
        {
            _listeners.Add(listener);
        }

        return new Subscription(this, listener);
    }

    private void Forget(Action<T> listener)
    {
        lock (_lock)
        {
            _listeners.Remove(listener);
        }
    }

    private sealed class Subscription(LiveSettings<T> owner, Action<T> listener) : IDisposable
    {
        public void Dispose() => owner.Forget(listener);
    }
}

/// <summary>Parts of settings.</summary>
public static class SettingsParts
{
    /// <summary>A part that changes with its whole, and is made once a change.</summary>
    public static ISettings<TPart> Select<T, TPart>(this ISettings<T> whole, Func<T, TPart> part)
        where TPart : class
    {
        var live = new LiveSettings<TPart>(part(whole.Current));
        whole.OnChange(next => live.Change(part(next)));
        return live;
    }
}
