using Cete.Core;
using Cete.Net.Fabric.Proto;
using Cete.Ports;

namespace Cete.Net.Fabric;

/// <summary>The way to one node on one lane: a connection, one in the making, or a pause before the next try.</summary>
internal sealed class FabricLink(KeyId peer, FabricLane lane, FabricOptions options, Func<FabricLink, Task> dial)
{
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<Envelope> _waiting = new();
    private FabricConnection? _current;
    private TaskCompletionSource<Outcome<FabricConnection>>? _dialing;
    private TimeSpan _retry = options.RetryMin;
    private long _retryFrom;
    private bool _mustRest;

    public KeyId Peer => peer;

    public FabricLane Lane => lane;

    public FabricConnection? Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    /// <summary>Sends now, or as soon as the connection stands that this begins to make.</summary>
    public bool TrySend(Envelope envelope, bool isUrgent)
    {
        FabricConnection? current;
        var begins = false;
        lock (_gate)
        {
            current = _current;
            if (current is null)
            {
                if (!MayDial() || _waiting.Count >= FabricLimits.WaitingMax)
                {
                    return false;
                }

                _waiting.Enqueue(envelope);
                begins = _dialing is null;
                if (begins)
                {
                    StartDialing();
                }
            }
        }

        if (begins)
        {
            _ = dial(this);
        }

        // Outside the lock: an urgent one is written to the socket before this returns, and others need not wait for that.
        return current?.TrySend(envelope, isUrgent) ?? true;
    }

    /// <summary>The connection, once it stands.</summary>
    public async Task<Outcome<FabricConnection>> ConnectionAsync(CancellationToken cancellation)
    {
        Task<Outcome<FabricConnection>> dialing;
        var begins = false;
        lock (_gate)
        {
            if (_current is not null)
            {
                return _current;
            }

            if (!MayDial())
            {
                return new Failure(FailureKind.Unavailable, "that node could not be reached just now; it is tried again in a second");
            }

            if (_dialing is null)
            {
                StartDialing();
                begins = true;
            }

            dialing = _dialing!.Task;
        }

        if (begins)
        {
            _ = dial(this);
        }

        return await dialing.WaitAsync(cancellation);
    }

    /// <summary>
    /// Takes over a connection; the one to close in its place, if any. Of two that both sides began at once, both keep the one that the
    /// smaller of them began; a direct one is better than one through a tunnel.
    /// </summary>
    public FabricConnection? Take(FabricConnection connection)
    {
        lock (_gate)
        {
            var (dialing, before) = (_dialing, _current);
            (_dialing, _mustRest, _retry) = (null, false, options.RetryMin);
            if (before is not null && !before.Closed.IsCompleted && IsBetter(before, connection))
            {
                dialing?.TrySetResult(before);
                return connection;
            }

            _current = connection;
            while (_waiting.TryDequeue(out var envelope))
            {
                connection.TrySend(envelope);
            }

            dialing?.TrySetResult(connection);
            return before;
        }
    }

    /// <summary>No connection came about: what waited for it is let go, and the next try waits a bit longer than this one did.</summary>
    public void Fail(Failure failure)
    {
        lock (_gate)
        {
            _waiting.Clear();
            (_mustRest, _retryFrom) = (true, options.Clock.GetTimestamp());
            _retry = _retry * 2 > RetryMax ? RetryMax : _retry * 2;
            _dialing?.TrySetResult(failure);
            _dialing = null;
        }
    }

    /// <summary>A connection ended; true if it was the one in use.</summary>
    public bool Lose(FabricConnection connection)
    {
        lock (_gate)
        {
            if (_current != connection)
            {
                return false;
            }

            _current = null;
            return true;
        }
    }

    private static bool IsBetter(FabricConnection before, FabricConnection connection) =>
        before.Relay is null != connection.Relay is null
            ? before.Relay is null
            : before.Initiator != connection.Initiator && before.Initiator!.Value < connection.Initiator!.Value;

    private bool MayDial() => _dialing is not null || !_mustRest || options.Clock.GetElapsedTime(_retryFrom) >= _retry;

    private void StartDialing() => _dialing = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
