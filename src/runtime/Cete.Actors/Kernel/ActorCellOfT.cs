using System.Diagnostics;

namespace Cete.Actors;

/// <summary>The part of a cell that knows the messages.</summary>
internal sealed class ActorCell<TMessage> : ActorCell
{
    /// <summary>
    /// The message that this thread's turn handles, if it has a note: what is put aside keeps it. Here and not in the cell, because
    /// few actors stash, a turn is on one thread, and a million actors pay for each field.
    /// </summary>
    [ThreadStatic]
    private static (TMessage Message, Note? Note) _handling;

    private readonly Func<Actor<TMessage>> _factory;
    private readonly Mailbox<TMessage> _mailbox;
    private Actor<TMessage>? _actor;
    private ActorContext<TMessage>? _context;
    private Stash<TMessage>? _stash;

    private ActorCell(
        ActorSystem system, ActorCell? parent, string name, Func<Actor<TMessage>> factory, ActorOptions options, Mailbox<TMessage> mailbox)
        : base(system, parent, options)
    {
        _mailbox = mailbox;
        _factory = factory;
        mailbox.Attach(this);
        Self = new ActorRef<TMessage>(mailbox, name);
    }

    internal ActorRef<TMessage> Self { get; }

    internal override Mailbox Mailbox => _mailbox;

    internal override ActorRef Ref => Self;

    internal override int MailboxCount => _mailbox.Count + (_stash?.InHand ?? 0);

    internal int StashCount => _stash?.Count ?? 0;

    private protected override bool HasInHand => _stash is { InHand: > 0 };

    /// <summary>Makes a cell behind its mailbox: what the allocator puts side by side should not be written from both sides.</summary>
    internal static ActorCell<TMessage> Make(
        ActorSystem system, ActorCell? parent, string name, Func<Actor<TMessage>> factory, ActorOptions options) =>
        new(system, parent, name, factory, options, new Mailbox<TMessage>(options.MailboxCapacity, options.Overflow));

    /// <summary>A message that does not go through the mailbox: it comes from a timer.</summary>
    internal void ReceiveNow(TMessage message)
    {
        System.Metrics.Handled(1);
        _actor!.Receive(message);
    }

    /// <summary>Makes a message a dead letter, and tells who waits for its reply.</summary>
    internal void Lose(TMessage message, Note? note, DeadLetterReason reason)
    {
        System.Lost(Self, message, reason);
        note?.Asker?.Fail(reason == DeadLetterReason.Stopped ? new ActorStoppedException(Self.Path) : new MailboxFullException(Self.Path));
    }

    internal bool Stash(TMessage message)
    {
        var note = _handling.Note is { } noted && EqualityComparer<TMessage>.Default.Equals(_handling.Message, message) ? noted : null;
        _stash ??= new Stash<TMessage>(Options.StashCapacity);

        // When it comes back, it has been received once: its latency is known.
        if (_stash.TryAdd(message, note is { Stamp: not 0 } ? note with { Stamp = 0 } : note))
        {
            return true;
        }

        Lose(message, note, DeadLetterReason.StashFull);
        return false;
    }

    internal void Unstash() => _stash?.Unstash();

    private protected override void Work(ref Turn turn)
    {
        while (turn.Left > 0)
        {
            if (TryTakeSystem(out var system))
            {
                turn.Left--;
                system.Apply(this);
            }
            else if (State == CellState.Running && TryTake(out var message, out var note))
            {
                turn.Left--;
                turn.Handled++;
                if (note is null)
                {
                    _actor!.Receive(message);
                }
                else
                {
                    ReceiveNoted(message, note);
                }
            }
            else
            {
                return;
            }
        }
    }

    private protected override void CreateInstance()
    {
        _context ??= new ActorContext<TMessage>(this);
        _actor = _factory();
        _actor.Attach(_context);
    }

    private protected override void ReleaseInstance()
    {
        Unstash();
        _actor = null;
    }

    private protected override void CallStarted() => _actor!.Started();

    private protected override void CallStopped() => _actor!.Stopped();

    private protected override void CallSignal(Signal signal) => _actor!.Signal(signal);

    private protected override void ReleaseTimers() => _context?.ReleaseTimers();

    private protected override void Drain()
    {
        while (TryTake(out var message, out var note))
        {
            Lose(message, note, DeadLetterReason.Stopped);
        }

        _context = null;
        _stash = null;
    }

    private bool TryTake(out TMessage message, out Note? note)
    {
        if (_stash is not null && _stash.TryTake(out message, out note))
        {
            return true;
        }

        return _mailbox.TryTake(ref Position, out message, out note);
    }

    private void ReceiveNoted(TMessage message, Note note)
    {
        System.Metrics.Waited(note.Stamp);
        using var activity = note.Trace is { } sender
            ? ActorTrace.Source.StartActivity("actor.receive", ActivityKind.Consumer, sender.Context)
            : null;
        activity?.SetTag("cete.actor.path", Self.Path);
        _handling = (message, note);
        try
        {
            _actor!.Receive(message);
        }
        finally
        {
            _handling = default;
        }
    }
}
