using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Cete.Net.Tests;

/// <summary>HTTP by hand, for what no well-behaved client sends.</summary>
internal static class RawHttp
{
    /// <summary>Sends bytes as they are and reads until the server closes.</summary>
    public static async Task<string> AskAsync(Uri server, string request, bool closeEarly = false)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port, cancel);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), cancel);
        if (closeEarly)
        {
            client.Client.Shutdown(SocketShutdown.Send);
        }

        try
        {
            using var reader = new StreamReader(stream, Encoding.Latin1);
            return await reader.ReadToEndAsync(cancel);
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }
}

/// <summary>A server that answers every request by a script of its own.</summary>
internal sealed class LyingServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public LyingServer(Func<NetworkStream, string, CancellationToken, Task> script)
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _loop = Task.Run(() => RunAsync(script));
    }

    /// <summary>Answers with the same bytes, then closes.</summary>
    public LyingServer(string answer)
        : this((stream, _, cancel) => stream.WriteAsync(Encoding.Latin1.GetBytes(answer), cancel).AsTask())
    {
    }

    public Uri Address { get; }

    /// <summary>The first lines of the requests that came.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>What a server does that says nothing and stays.</summary>
    public static Task SilenceAsync(CancellationToken cancel) => new TaskCompletionSource().Task.WaitAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync(Func<NetworkStream, string, CancellationToken, Task> script)
    {
        List<Task> clients = [];
        try
        {
            while (true)
            {
                clients.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), script));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task ServeAsync(TcpClient client, Func<NetworkStream, string, CancellationToken, Task> script)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var head = new StringBuilder();
                var one = new byte[1];
                while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _stop.Token) > 0)
                {
                    head.Append((char)one[0]);
                }

                Requests.Enqueue(head.ToString());
                await script(stream, head.ToString(), _stop.Token);
                client.Client.Shutdown(SocketShutdown.Send);

                // What else the client sends is read, so that closing does not reset what it has not read yet.
                while (await stream.ReadAsync(new byte[4_096], _stop.Token) > 0)
                {
                }
            }
            catch (Exception error) when (error is OperationCanceledException or IOException or SocketException)
            {
                return;
            }
        }
    }
}

/// <summary>A clock whose timers go off when a test says so.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Alarm> _alarms = [];
    private TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Waits until a timer is set, and lets all go off that are.</summary>
    public async Task FireAsync()
    {
        await _armed.Task.WaitAsync(TestContext.Current.CancellationToken);
        Alarm[] due;
        lock (_gate)
        {
            due = [.. _alarms];
            _alarms.Clear();
            _armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        foreach (var alarm in due)
        {
            alarm.Go();
        }
    }

    private sealed class Alarm(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._alarms.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    clock._alarms.Add(this);
                    clock._armed.TrySetResult();
                }
            }

            return true;
        }

        public void Go() => callback(state);

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
