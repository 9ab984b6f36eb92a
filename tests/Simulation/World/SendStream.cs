using Cete.Core;

namespace Cete.Simulation.World;

/// <summary>
/// One direction of a connection: a queue at the sender, segments on their way, acknowledgements back, and repetition with
/// exponential back-off. A lost segment holds up those behind it; one round trip when more follow it, else until the timer.
/// Segments are chained in the order of sending, and both sides see the chain; only packets carry news from one to the other.
/// </summary>
internal sealed partial class SendStream(SimNetwork network, SimConnection sender)
{
    private readonly ConnectionSettings _settings = sender.Settings;
    private Segment? _oldest;
    private Segment? _unsent;
    private Segment? _last;
    private long _segments;
    private long _sentBytes;
    private long _readBytes;
    private bool _wasFull;
    private TimeSpan _roundTrip;
    private Instant _lastArrival;

    /// <summary>Bytes that were taken and are not acknowledged.</summary>
    public long QueuedBytes { get; private set; }

    public SimConnection Sender => sender;

    public SimConnection Receiver => sender.Other;

    private SimWorld World => sender.Host.World;

    private bool HasOutstanding => _oldest is not null && _oldest != _unsent;

    public bool TryEnqueue(in SimMessage message)
    {
        // One message always finds room in an empty queue, however large it is.
        if (QueuedBytes > 0 && QueuedBytes + message.Bytes > _settings.SendQueueBytes)
        {
            _wasFull = true;
            return false;
        }

        var rest = message.Bytes;
        for (; rest > _settings.SegmentBytes; rest -= _settings.SegmentBytes)
        {
            Chain(new Segment(SegmentKind.Part, _segments++, _settings.SegmentBytes, default));
        }

        Chain(new Segment(SegmentKind.Message, _segments++, rest, message));
        QueuedBytes += message.Bytes;
        SendMore();
        return true;
    }

    /// <summary>The last flight of a handshake: with it the other side may begin.</summary>
    public void EnqueueFinished()
    {
        Chain(new Segment(SegmentKind.Finished, _segments++, 0, default));
        SendMore();
    }

    public void EnqueueEnd()
    {
        Chain(new Segment(SegmentKind.End, _segments++, 0, default));
        SendMore();
    }

    /// <summary>What the handshake found out.</summary>
    public void Expect(TimeSpan roundTrip) => _roundTrip = roundTrip;

    /// <summary>Tells the receiver that the connection is no more, behind what is on its way to it.</summary>
    public void SendReset(CloseReason reason) => network.SendPacket(new ResetPacket(network, Receiver, reason), 0, ref _lastArrival);

    public void OnAcknowledged(long below, long readBytes, long highest, Instant echo)
    {
        if (sender.Transport is not (Transport.Live or Transport.Ended))
        {
            return;
        }

        _heardAt = World.Now;
        MeasureRoundTrip(World.Now - echo);
        _readBytes = Math.Max(_readBytes, readBytes);
        while (HasOutstanding && _oldest!.Number < below)
        {
            QueuedBytes -= _oldest.Bytes;
            _repetitions = 0;
            if (_oldest.Kind == SegmentKind.End)
            {
                sender.Finish(Transport.Ended);
            }

            _oldest = _oldest.Next;
        }

        // A later one came through: this one did not, unless it is on its way again.
        if (HasOutstanding && highest > _oldest!.Number && World.Now - _oldest.SentAt >= _roundTrip)
        {
            Repeat(_oldest);
        }

        SendMore();
        ArmTimer();
        if (_wasFull && QueuedBytes <= _settings.SendQueueBytes / 2)
        {
            _wasFull = false;
            sender.Host.Take(new ConnectionEvent(sender, ConnectionEventKind.Writable, null));
        }
    }

    private void Chain(Segment segment)
    {
        if (_last is not null)
        {
            _last.Next = segment;
        }

        _last = segment;
        _unsent ??= segment;
        _oldest ??= segment;
    }

    private void SendMore()
    {
        if (sender.Transport != Transport.Live)
        {
            return;
        }

        var wasIdle = !HasOutstanding;
        while (_unsent is { } segment && (_sentBytes == _readBytes || _sentBytes - _readBytes + segment.Bytes <= _settings.WindowBytes))
        {
            _sentBytes += segment.Bytes;
            _unsent = segment.Next;
            Transmit(segment);
        }

        if (wasIdle && (HasOutstanding || _unsent is not null))
        {
            _heardAt = World.Now;
            _repetitions = 0;
            ArmTimer();
        }
    }

    private void Transmit(Segment segment)
    {
        segment.SentAt = network.SendPacket(new SegmentPacket(network, this, segment, World.Now), segment.Bytes, ref _lastArrival);
        segment.FirstSentAt = segment.Transmissions++ == 0 ? segment.SentAt : segment.FirstSentAt;
    }

    // Up at once and down slowly, which stands in for a mean and a variance.
    private void MeasureRoundTrip(TimeSpan sample) =>
        _roundTrip = TimeSpan.FromTicks(Math.Max(sample.Ticks, ((7 * _roundTrip.Ticks) + sample.Ticks) / 8));
}

/// <summary>What a segment carries.</summary>
internal enum SegmentKind
{
    /// <summary>A part of a message that is not its last.</summary>
    Part,

    /// <summary>A message or its last part.</summary>
    Message,

    /// <summary>The end of a handshake.</summary>
    Finished,

    /// <summary>The end of the stream.</summary>
    End,
}

/// <summary>What is lost and repeated together.</summary>
internal sealed class Segment(SegmentKind kind, long number, int bytes, SimMessage message)
{
    public SegmentKind Kind { get; } = kind;

    public long Number { get; } = number;

    public int Bytes { get; } = bytes;

    public SimMessage Message { get; } = message;

    public Segment? Next { get; set; }

    /// <summary>When it left its sender for the first time.</summary>
    public Instant FirstSentAt { get; set; }

    /// <summary>When it left its sender for the last time.</summary>
    public Instant SentAt { get; set; }

    public int Transmissions { get; set; }

    /// <summary>Known to the receiver alone.</summary>
    public bool HasArrived { get; set; }
}
