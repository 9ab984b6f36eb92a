namespace Cete.Benchmarks.Groups;

/// <summary>A replicated map of keys to values: some processes on this machine, and clients of them in this one.</summary>
internal interface IKeyValueNodes : IAsyncDisposable
{
    /// <summary>What it is called in the report.</summary>
    string Name { get; }

    /// <summary>How many processes there are.</summary>
    int Count { get; }

    /// <summary>Processor time that the processes have used.</summary>
    TimeSpan Used { get; }

    /// <summary>Starts a process, for the first time or again.</summary>
    Task StartAsync(int node);

    /// <summary>Ends a process without a warning (SIGKILL).</summary>
    void Kill(int node);

    /// <summary>Whether a process leads; false also where it does not answer.</summary>
    Task<bool> IsRootAsync(int node);

    /// <summary>Has a node write a value; false when it did not say that it did.</summary>
    /// <param name="node">Who is asked.</param>
    /// <param name="client">Who asks, from 0.</param>
    /// <param name="key">Its name.</param>
    /// <param name="value">What it stands for from now on.</param>
    Task<bool> PutAsync(int node, int client, byte[] key, byte[] value);
}

/// <summary>What is the same for all of them.</summary>
internal static class KeyValueNodes
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Starts all processes, and waits for a root.</summary>
    public static async Task<int> StartAllAsync(IKeyValueNodes nodes)
    {
        await Task.WhenAll(Enumerable.Range(0, nodes.Count).Select(nodes.StartAsync));
        return await RootAsync(nodes);
    }

    /// <summary>Waits for the node that leads; throws when there is none within half a minute.</summary>
    public static async Task<int> RootAsync(IKeyValueNodes nodes)
    {
        using var timer = new PeriodicTimer(Pause);
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30))
        {
            for (var node = 0; node < nodes.Count; node++)
            {
                if (await nodes.IsRootAsync(node))
                {
                    return node;
                }
            }

            await timer.WaitForNextTickAsync();
        }

        throw new InvalidOperationException($"{nodes.Name} has no root");
    }
}
