using Cete.Core;

namespace Cete.Simulation.World;

/// <content>What the sender does when it hears nothing.</content>
internal sealed partial class SendStream
{
    private const int DoublingsMost = 20;
    private RetransmitTimer? _timer;
    private Instant _heardAt;
    private Instant _due;
    private int _repetitions;

    /// <summary>Until when an answer must come, or the connection is taken for broken.</summary>
    private Instant Deadline =>
        (HasOutstanding ? Instant.Max(_heardAt, _oldest!.FirstSentAt) : _heardAt) + _settings.RetransmitTimeout;

    private void Repeat(Segment segment)
    {
        var waited = (long)(World.Now - segment.SentAt).TotalMicroseconds;
        World.Record(TraceKind.Retransmitted, sender.Host.Id, sender.Peer, sender.Id, waited, null, 0);
        Transmit(segment);
    }

    private void ArmTimer()
    {
        if ((!HasOutstanding && _unsent is null) || sender.Transport != Transport.Live)
        {
            return;
        }

        var least = TimeSpan.FromTicks(Math.Max(_settings.RetransmitLeast.Ticks, 2 * _roundTrip.Ticks));
        var wait = least * (1L << Math.Min(_repetitions, DoublingsMost));
        wait = wait < _settings.RetransmitMost ? wait : _settings.RetransmitMost;

        // What still waits for the link does not wait for an answer yet.
        var due = (HasOutstanding ? Instant.Max(World.Now, _oldest!.SentAt) : World.Now) + wait;
        _due = Instant.Max(World.Now, due < Deadline ? due : Deadline);
        if (_timer is null || _timer.Due > _due)
        {
            World.Schedule(_due, _timer = new RetransmitTimer(this, _due));
        }
    }

    private void OnTimer()
    {
        _timer = null;
        if (!HasOutstanding && _unsent is null)
        {
            return;
        }

        if (World.Now < _due)
        {
            World.Schedule(_due, _timer = new RetransmitTimer(this, _due));
        }
        else if (World.Now >= Deadline)
        {
            sender.End(CloseReason.TimedOut, Transport.Gone);
        }
        else
        {
            _repetitions++;
            if (HasOutstanding)
            {
                Repeat(_oldest!);
            }
            else
            {
                // The receiver's window is closed, and the news that it opened may have been lost.
                network.SendPacket(new ProbePacket(network, this, World.Now), 0, ref _lastArrival);
            }

            ArmTimer();
        }
    }

    /// <summary>Is left to run out when it is not needed any more: to call one off for each message would cost more.</summary>
    private sealed class RetransmitTimer(SendStream stream, Instant due) : SimEvent
    {
        public Instant Due { get; } = due;

        internal override bool IsStale => stream._timer != this || stream.Sender.Transport != Transport.Live;

        internal override string Name => $"{stream.Sender} waits for an acknowledgement";

        internal override void Run() => stream.OnTimer();
    }
}
