using System.Collections.Concurrent;
using System.Globalization;
using Cete.Core;

namespace Cete.Program.Tests;

/// <summary>
/// Clients that write to the index through whichever node answers and read it back, all at once, until they are stopped. Each gives a command an id and
/// repeats it until it is answered, as the program does. What they saw is kept, and judged at the end.
/// </summary>
internal sealed class IndexLoad : IAsyncDisposable
{
    /// <summary>So many names a folder, which one page of a listing holds.</summary>
    private const int NamesPerFolder = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly IReadOnlyList<NodeApi> _nodes;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<long, SetHistory> _folders = [];
    private readonly ConcurrentQueue<string> _wrong = [];
    private readonly Client[] _clients;
    private readonly Task _running;
    private readonly string _name;
    private long _created;

    /// <param name="nodes">Any of them may be asked.</param>
    /// <param name="clients">How many.</param>
    /// <param name="seed">Of what they choose.</param>
    /// <param name="name">Keeps loads apart that one community has after each other.</param>
    public IndexLoad(IReadOnlyList<NodeApi> nodes, int clients, ulong seed, string name = "load")
    {
        (_nodes, _name) = (nodes, name);
        _clients = [.. Enumerable.Range(0, clients).Select(number => new Client(number, new Prng(seed + (ulong)number)))];
        _running = Task.WhenAll(_clients.Select(client => Task.Run(() => RunAsync(client))));
    }

    /// <summary>Commands that were acknowledged, of each client.</summary>
    public IReadOnlyList<long> Acknowledged => [.. _clients.Select(client => Interlocked.Read(ref client.Acknowledged))];

    /// <summary>Additions and readings in the history.</summary>
    public int Operations => _folders.Values.Sum(folder => folder.Count);

    /// <summary>How long the slowest command of each client took that was acknowledged since <paramref name="timestamp"/>.</summary>
    public IReadOnlyList<TimeSpan> SlowestSince(long timestamp) => [.. _clients.Select(client =>
        client.Commands.Where(command => command.Ended >= timestamp).Select(command => TimeProvider.System.GetElapsedTime(command.Began, command.Ended))
            .DefaultIfEmpty().Max())];

    /// <summary>Waits until each client had so many more commands acknowledged.</summary>
    public async Task GoOnAsync(int commands, string what)
    {
        var from = Acknowledged;
        await Testing.Eventually.TrueAsync(
            () => !_wrong.IsEmpty || Acknowledged.Zip(from).All(pair => pair.First >= pair.Second + commands),
            $"all clients go on: {what}",
            TimeSpan.FromMinutes(3));
        Assert.Empty(_wrong);
    }

    /// <summary>Stops the clients; what is not answered then may still be carried out.</summary>
    public async Task StopAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            await _running;
        }
    }

    /// <summary>Stops the clients; then all that was acknowledged must be on every node, once, and there be an order that explains what they saw.</summary>
    public async Task VerifyAsync(IReadOnlyList<NodeApi> on)
    {
        await StopAsync();
        Assert.Empty(_wrong);
        foreach (var (number, history) in _folders)
        {
            foreach (var node in on)
            {
                var began = TimeProvider.System.GetTimestamp();
                var names = await ReadAsync(node, FolderOf(number), isLocal: false);
                history.Read(names, began, TimeProvider.System.GetTimestamp());
                Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
                Assert.Empty(history.Acknowledged.Except(names));

                // What a replica served as the newest it has; more may come of what was not answered when the clients stopped.
                Assert.Empty(names.Except(await ReadAsync(node, FolderOf(number), isLocal: true)));
            }

            await Testing.Eventually.TrueAsync(
                async () => (await Task.WhenAll(on.Select(node => ReadAsync(node, FolderOf(number), isLocal: true))))
                    .DistinctBy(names => string.Join('/', names)).Count() == 1,
                $"all replicas have the same in {FolderOf(number)}");
            Assert.Null(history.Explain());
        }

        foreach (var client in _clients)
        {
            foreach (var node in on)
            {
                // A move carried out twice, or not at all, would have left it elsewhere; one that was not answered may have been carried out.
                var at = Assert.Single(await ReadAsync(node, client.Home(_name), isLocal: false));
                Assert.Contains(int.Parse(at, CultureInfo.InvariantCulture), (int[])[client.At, client.Asked]);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private string FolderOf(long number) => $"/{_name}-{number}";

    private static async Task<List<string>> ReadAsync(NodeApi node, string folder, bool isLocal)
    {
        Outcome<List<string>> read = default;
        await Testing.Eventually.TrueAsync(
            async () => (read = await node.ListAsync(folder, isLocal)).Succeeded, $"{folder} can be read", TimeSpan.FromMinutes(2));
        return read.Value;
    }

    private async Task RunAsync(Client client)
    {
        using var pause = new PeriodicTimer(Pause, TimeProvider.System);
        try
        {
            await WriteAsync(client, (node, id) => node.MakeFolderAsync($"{client.Home(_name)}/0", id));
            while (_wrong.IsEmpty)
            {
                await (client.Chance.Next(4) switch
                {
                    0 => MoveAsync(client),
                    1 => ReadAsync(client),
                    _ => CreateAsync(client),
                });
                await pause.WaitForNextTickAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task MoveAsync(Client client)
    {
        client.Asked = client.At + 1;
        await WriteAsync(client, (node, id) => node.MoveAsync($"{client.Home(_name)}/{client.At}", $"{client.Home(_name)}/{client.Asked}", id));
        client.At = client.Asked;
    }

    private async Task CreateAsync(Client client)
    {
        var number = Interlocked.Increment(ref _created) / NamesPerFolder;
        var (history, name) = (_folders.GetOrAdd(number, _ => new SetHistory()), $"{client.Number}-{client.Sequence}");
        var began = TimeProvider.System.GetTimestamp();
        long? ended = null;
        try
        {
            await WriteAsync(client, (node, id) => node.MakeFolderAsync($"{FolderOf(number)}/{name}", id));
            ended = TimeProvider.System.GetTimestamp();
        }
        finally
        {
            history.Add(name, began, ended);
        }
    }

    private async Task ReadAsync(Client client)
    {
        var number = Math.Max(0, (Interlocked.Read(ref _created) / NamesPerFolder) - client.Chance.Next(2));
        var history = _folders.GetOrAdd(number, _ => new SetHistory());
        while (true)
        {
            var began = TimeProvider.System.GetTimestamp();
            var read = await Any(client).ListAsync(FolderOf(number), isLocal: false);
            if (read.Succeeded)
            {
                history.Read(read.Value, began, TimeProvider.System.GetTimestamp());
                return;
            }

            await BearAsync(client, read.Failure, "a reading");
        }
    }

    private async Task WriteAsync<T>(Client client, Func<NodeApi, string, Task<Outcome<T>>> command)
    {
        var (id, began) = ($"{_name}-{client.Number}/{++client.Sequence}", TimeProvider.System.GetTimestamp());
        while (true)
        {
            var answer = await command(Any(client), id);
            if (answer.Succeeded)
            {
                client.Commands.Enqueue((began, TimeProvider.System.GetTimestamp()));
                Interlocked.Increment(ref client.Acknowledged);
                return;
            }

            await BearAsync(client, answer.Failure, id);
        }
    }

    /// <summary>That a node does not answer, or has no room, is to be borne; anything else that it says is wrong.</summary>
    private async Task BearAsync(Client client, Failure failure, string what)
    {
        if (failure.Kind is not (FailureKind.Unavailable or FailureKind.Full))
        {
            _wrong.Enqueue($"client {client.Number}, {what}: {failure.Kind}: {failure.Message}");
            throw new OperationCanceledException(failure.Message);
        }

        using var pause = new PeriodicTimer(Pause, TimeProvider.System);
        await pause.WaitForNextTickAsync(_stop.Token);
    }

    private NodeApi Any(Client client) => _nodes[client.Chance.Next(_nodes.Count)].Until(_stop.Token);

    private sealed class Client(int number, Prng chance)
    {
        public long Acknowledged;

        public int Number => number;

        public Prng Chance => chance;

        public long Sequence { get; set; }

        /// <summary>Where its own folder was moved to last.</summary>
        public int At { get; set; }

        /// <summary>Where it was to be moved to last.</summary>
        public int Asked { get; set; }

        public ConcurrentQueue<(long Began, long Ended)> Commands { get; } = [];

        public string Home(string load) => $"/{load}-of-{number}";
    }
}
