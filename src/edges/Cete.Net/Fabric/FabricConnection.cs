using System.Buffers.Binary;
using System.Diagnostics;
using Cete.Core;
using Cete.Net.Fabric.Proto;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Net.Fabric;

/// <summary>
/// One connection with another node: frames out of a bounded buffer, which is written as a whole so that many small messages cost one record
/// of TLS, and frames in. Ends once; then everything that waits for an answer fails.
/// </summary>
internal sealed class FabricConnection : IThreadPoolWorkItem, IAsyncDisposable
{
    private const int LengthSize = sizeof(int);

    private readonly Lock _gate = new();
    private readonly Stream _stream;
    private readonly FabricRouter _router;
    private readonly TimeProvider _clock;
    private readonly Dictionary<ulong, TaskCompletionSource<Outcome<ReadOnlyMemory<byte>>>> _calls = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource<Failure?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FrameBuffer _pending = new();
    private FrameBuffer _writing = new();
    private bool _isFlushing;
    private bool _isClosed;
    private ulong _call;
    private int _requests;
    private long _lastUsed;

    public FabricConnection(Stream stream, FabricPeer? peer, FabricLane lane, KeyId? initiator, FabricRouter router, TimeProvider clock)
    {
        (_stream, Peer, Lane, Initiator, _router, _clock) = (stream, peer, lane, initiator, router, clock);
        _lastUsed = clock.GetTimestamp();
    }

    /// <summary>Who is at the other end; null if it showed no certificate.</summary>
    public FabricPeer? Peer { get; }

    public FabricLane Lane { get; }

    /// <summary>Who made it; null for one without a certificate.</summary>
    public KeyId? Initiator { get; }

    /// <summary>The member that carries it through a tunnel; null for a direct one.</summary>
    public KeyId? Relay { get; init; }

    /// <summary>Completes when it has ended: with null when this side closed it for want of use.</summary>
    public Task<Failure?> Closed => _closed.Task;

    public TimeSpan Idle => _clock.GetElapsedTime(Volatile.Read(ref _lastUsed));

    private int FrameMax => Peer is null ? FabricLimits.AnonymousFrameMax : FabricLimits.FrameMax(Lane);

    /// <summary>Queues a frame; false if it is closed or too much waits. An urgent one goes out before this returns, others with what comes next.</summary>
    public bool TrySend(Envelope envelope, bool isUrgent = false)
    {
        var size = envelope.CalculateSize();
        Check.That(size <= FabricLimits.FrameMax(Lane), "a message is made to fit a frame");
        lock (_gate)
        {
            if (_isClosed || _pending.Length + size + LengthSize > FabricLimits.PendingBytesMax)
            {
                return false;
            }

            var frame = _pending.Append(LengthSize + size);
            BinaryPrimitives.WriteInt32LittleEndian(frame, size);
            envelope.WriteTo(frame.Slice(LengthSize, size));
            FabricMetrics.Sent(Lane, LengthSize + size);
            if (_isFlushing)
            {
                return true;
            }

            _isFlushing = true;
        }

        if (isUrgent)
        {
            _ = FlushAsync();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return true;
    }

    /// <summary>Asks, and waits for the answer.</summary>
    public async Task<Outcome<ReadOnlyMemory<byte>>> AskAsync(Envelope request, TimeSpan deadline, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<Outcome<ReadOnlyMemory<byte>>>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isAlone;
        lock (_gate)
        {
            if (_isClosed)
            {
                return Gone(null);
            }

            request.Call = ++_call;
            _calls.Add(request.Call, answer);
            isAlone = _calls.Count == 1;
        }

        try
        {
            // One of several rather shares a record with the others than goes a moment sooner.
            return TrySend(request, isAlone)
                ? await answer.Task.WaitAsync(deadline, _clock, cancellation)
                : new Failure(FailureKind.Unavailable, "too much waits to be sent to that node");
        }
        catch (TimeoutException)
        {
            return new Failure(FailureKind.Unavailable, $"the node did not answer in {deadline.TotalSeconds:0.#} s");
        }
        finally
        {
            lock (_gate)
            {
                _calls.Remove(request.Call);
            }
        }
    }

    /// <summary>Reads until it ends.</summary>
    public async Task RunAsync(FrameReader reader)
    {
        Failure? failure;
        try
        {
            while (true)
            {
                failure = await reader.FillAsync(_stream, FrameMax, _closing.Token);
                if (failure is not null)
                {
                    break;
                }

                Volatile.Write(ref _lastUsed, _clock.GetTimestamp());
                while (failure is null && reader.TryTake(out var envelope))
                {
                    failure = Take(envelope, reader.HasMore);
                }

                if (failure is not null)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            failure = null;
        }

        Close(failure);
    }

    /// <summary>Tells the other side why, as far as that works, and ends.</summary>
    public async Task CloseAsync(Failure? reason)
    {
        if (reason is not null)
        {
            TrySend(Goodbye(reason), isUrgent: true);
            await Task.WhenAny(_closed.Task, Task.Delay(TimeSpan.FromMilliseconds(200), _clock));
        }

        Close(null);
    }

    public void Close(Failure? failure)
    {
        List<TaskCompletionSource<Outcome<ReadOnlyMemory<byte>>>> waiting;
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            waiting = [.. _calls.Values];
        }

        _closing.Cancel();
        _stream.Dispose();
        foreach (var call in waiting)
        {
            call.TrySetResult(Gone(failure));
        }

        _closed.TrySetResult(failure);
    }

    void IThreadPoolWorkItem.Execute() => _ = FlushAsync();

    public ValueTask DisposeAsync()
    {
        Close(null);
        return ValueTask.CompletedTask;
    }

    /// <summary>The last frame of whoever ends a connection for a reason.</summary>
    public static Envelope Goodbye(Failure reason) =>
        new() { Kind = Envelope.Types.Kind.Goodbye, Text = reason.Message, Failure = (uint)reason.Kind + 1 };

    private static Failure Gone(Failure? failure) =>
        new(FailureKind.Unavailable, failure is null ? "the connection to that node was closed" : $"the connection to that node ended: {failure.Message}");

    private async Task FlushAsync()
    {
        try
        {
            while (true)
            {
                lock (_gate)
                {
                    if (_isClosed || _pending.Length == 0)
                    {
                        _isFlushing = false;
                        return;
                    }

                    (_pending, _writing) = (_writing, _pending);
                }

                await _stream.WriteAsync(_writing.Written, _closing.Token);
                _writing.Clear();
                Volatile.Write(ref _lastUsed, _clock.GetTimestamp());
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            Close(new Failure(FailureKind.Unavailable, $"it could not be written to: {error.Message}"));
        }
    }

    /// <summary>Carries one frame on; a failure ends the connection.</summary>
    /// <param name="envelope">The frame.</param>
    /// <param name="isMore">Another one is here already, so that an answer to this one need not go alone.</param>
    private Failure? Take(Envelope envelope, bool isMore)
    {
        FabricMetrics.Received(Lane, envelope);
        switch (envelope.Kind)
        {
            case Envelope.Types.Kind.OneWay when Peer is not null && envelope.Topic == (uint)FabricTopic.Tunnel:
                return _router.Tunnels?.Take(this, envelope.Body.Span);
            case Envelope.Types.Kind.OneWay when Peer is not null:
                _router.Take((FabricTopic)envelope.Topic, Peer, envelope.Body.Memory);
                return null;
            case Envelope.Types.Kind.Request:
                if (Interlocked.Increment(ref _requests) > (Peer is null ? 1 : FabricLimits.RequestsMax))
                {
                    Interlocked.Decrement(ref _requests);
                    Answer(envelope.Call, new Failure(FailureKind.Unavailable, "too many requests at once"), isUrgent: false);
                    return null;
                }

                _ = AnswerAsync(envelope, isUrgent: !isMore);
                return null;
            case Envelope.Types.Kind.Answer or Envelope.Types.Kind.Failure:
                TakeAnswer(envelope);
                return null;
            case Envelope.Types.Kind.Goodbye:
                return FailureOf(envelope);
            default:
                // Of a newer protocol, or of somebody without a certificate who does not wait for answers.
                return null;
        }
    }

    private void TakeAnswer(Envelope envelope)
    {
        TaskCompletionSource<Outcome<ReadOnlyMemory<byte>>>? call;
        lock (_gate)
        {
            _calls.Remove(envelope.Call, out call);
        }

        call?.TrySetResult(envelope.Kind == Envelope.Types.Kind.Answer ? envelope.Body.Memory : FailureOf(envelope));
    }

    private async Task AnswerAsync(Envelope request, bool isUrgent)
    {
        Outcome<ReadOnlyMemory<byte>> outcome;
        try
        {
            outcome = await _router.AnswerAsync((FabricTopic)request.Topic, new FabricRequest(Peer, request.Body.Memory), _closing.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception bug) when (bug is not CheckFailedException)
        {
            Debug.Fail(bug.ToString());
            outcome = new Failure(FailureKind.Unavailable, "the node made a mistake");
        }
        finally
        {
            Interlocked.Decrement(ref _requests);
        }

        Answer(request.Call, outcome, isUrgent);
    }

    private void Answer(ulong call, Outcome<ReadOnlyMemory<byte>> outcome, bool isUrgent)
    {
        var answer = outcome.Succeeded
            ? new Envelope { Kind = Envelope.Types.Kind.Answer, Call = call, Body = UnsafeByteOperations.UnsafeWrap(outcome.Value) }
            : new Envelope { Kind = Envelope.Types.Kind.Failure, Call = call, Failure = (uint)outcome.Failure.Kind + 1, Text = outcome.Failure.Message };
        TrySend(answer, isUrgent);
    }

    private static Failure FailureOf(Envelope envelope)
    {
        var kind = (FailureKind)((int)envelope.Failure - 1);
        var text = envelope.Text.Length > 1_000 ? envelope.Text[..1_000] : envelope.Text;
        return new Failure(Enum.IsDefined(kind) ? kind : FailureKind.Unavailable, EntryName.Show(text));
    }
}
