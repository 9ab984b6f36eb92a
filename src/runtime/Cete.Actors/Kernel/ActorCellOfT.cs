using System.Diagnostics;

namespace Cete.Actors;

/// <summary>The part of a cell that knows the messages.</summary>
internal sealed class ActorCell<TMessage> : ActorCell
{
    private readonly Func<Actor<TMessage>> _factory;
    private readonly Mailbox<TMessage> _mailbox;
    private Actor<TMessage>? _actor;
    private ActorContext<TMessage>? _context;
    private Stash<TMessage>? _stash;
    private int _handled;

    internal ActorCell(ActorSystem system, ActorCell? parent, string name, Func<Actor<TMessage>> factory, ActorOptions options)
        : base(system, parent, new Mailbox<TMessage>(options.MailboxCapacity, options.Overflow), options)
    {
        _mailbox = (Mailbox<TMessage>)Mailbox;
        _factory = factory;
        Self = new ActorRef<TMessage>(this, system, parent?.Ref, name);
    }

    internal ActorRef<TMessage> Self { get; }

    internal override ActorRef Ref => Self;

    internal int MailboxCount => _mailbox.Count + (_stash?.InHand ?? 0);

    internal Stash<TMessage> Stash => _stash ??= new Stash<TMessage>(Options.StashCapacity);

    private protected override bool HasInHand => _stash is { InHand: > 0 };

    internal PushResult Push(TMessage message)
    {
        var trace = ActorTrace.Source.HasListeners() ? Activity.Current : null;
        var result = _mailbox.Push(message, trace, System.Metrics.LatencyClock, out var wake, out var displaced);
        if (wake)
        {
            Dispatcher.Schedule(this);
        }

        if (result != PushResult.Accepted)
        {
            DeadLetter(result == PushResult.Dropped ? displaced! : message, result switch
            {
                PushResult.Full => DeadLetterReason.MailboxFull,
                PushResult.Stopped => DeadLetterReason.Stopped,
                _ => DeadLetterReason.Dropped,
            });
        }

        return result;
    }

    /// <summary>A message that does not go through the mailbox: it comes from a timer.</summary>
    internal void ReceiveNow(TMessage message)
    {
        _handled++;
        _actor!.Receive(message);
    }

    internal void DeadLetter(TMessage message, DeadLetterReason reason) => System.Lost(Self, message, reason);

    private protected override void Work(ref int left)
    {
        while (left > 0)
        {
            if (Mailbox.HasSystem && Mailbox.TakeSystem() is { } system)
            {
                left--;
                system.Apply(this);
            }
            else if (State == CellState.Running && TryTake(out var message, out var trace))
            {
                left--;
                _handled++;
                if (trace is null)
                {
                    _actor!.Receive(message);
                }
                else
                {
                    ReceiveTraced(message, trace);
                }
            }
            else
            {
                return;
            }
        }
    }

    private protected override void EndWork()
    {
        System.Metrics.Handled(_handled);
        _handled = 0;
    }

    private protected override void CreateInstance()
    {
        _context ??= new ActorContext<TMessage>(this);
        _actor = _factory();
        _actor.Attach(_context);
    }

    private protected override void ReleaseInstance()
    {
        _stash?.Unstash();
        _actor = null;
    }

    private protected override void CallStarted() => _actor!.Started();

    private protected override void CallStopped() => _actor!.Stopped();

    private protected override void CallSignal(Signal signal) => _actor!.Signal(signal);

    private protected override void ReleaseTimers() => _context?.ReleaseTimers();

    private protected override void Drain()
    {
        while (_stash is not null && _stash.TryTake(out var message))
        {
            DeadLetter(message, DeadLetterReason.Stopped);
        }

        do
        {
            while (_mailbox.TryTake(out var message, out _))
            {
                DeadLetter(message, DeadLetterReason.Stopped);
            }
        }
        while (_mailbox.TryRefill(out _, out _));

        _context = null;
        _stash = null;
    }

    private bool TryTake(out TMessage message, out Activity? trace)
    {
        if (_stash is not null && _stash.TryTake(out message))
        {
            trace = null;
            return true;
        }

        while (!_mailbox.TryTake(out message, out trace))
        {
            if (!_mailbox.TryRefill(out var length, out var stamp))
            {
                return false;
            }

            System.Metrics.Batch(length, stamp);
        }

        return true;
    }

    private void ReceiveTraced(TMessage message, Activity trace)
    {
        using var activity = ActorTrace.Source.StartActivity("actor.receive", ActivityKind.Consumer, trace.Context);
        activity?.SetTag("cete.actor.path", Self.Path);
        _actor!.Receive(message);
    }
}
