using System.Runtime.ExceptionServices;
using Cete.Actors;
using Cete.Core;

namespace Cete.Simulation.World;

/// <summary>
/// Runs the actors of one process: one message of one actor at a time, as events of its host, so that actors wait while the process is
/// paused and end with it. Which actor is next is drawn from the host's chance.
/// </summary>
public sealed class SimDispatcher : IDispatcher
{
    private readonly SimHost _host;
    private readonly StepDispatcher _steps;
    private readonly int _incarnation;
    private int _turnsAhead;
    private Exception? _fatal;

    private SimDispatcher(SimHost host) =>
        (_host, _steps, _incarnation) = (host, new StepDispatcher(host.Random.Split()), host.Incarnation);

    /// <summary>
    /// What an actor system of a simulated process is given. Supervision goes on as ever, but a failed check is a bug and ends the run,
    /// and a disk that stops the process does so through all supervisors.
    /// </summary>
    public static ActorSystemOptions OptionsFor(SimHost host)
    {
        var dispatcher = new SimDispatcher(host);
        return new ActorSystemOptions
        {
            Clock = host.Time,
            Default = dispatcher,
            Blocking = dispatcher,
            Seed = host.Random.NextBits(),
            Failures = failure => dispatcher.Note(failure.Cause),
        };
    }

    /// <inheritdoc/>
    public void Schedule(IRunnable work)
    {
        _steps.Schedule(work);
        Ensure();
    }

    private void Turn()
    {
        _turnsAhead--;
        _steps.Step();
        if (_fatal is { } cause)
        {
            _fatal = null;
            ExceptionDispatchInfo.Throw(cause);
        }

        Ensure();
    }

    private void Ensure()
    {
        for (; _turnsAhead < _steps.ReadyCount && _host.Incarnation == _incarnation; _turnsAhead++)
        {
            _host.Post(Turn, "actors");
        }
    }

    private void Note(Exception cause)
    {
        if (cause is SimStoppedException or CheckFailedException)
        {
            _fatal ??= cause;
        }
    }
}
