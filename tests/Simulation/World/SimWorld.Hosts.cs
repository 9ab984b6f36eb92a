using Cete.Core;

namespace Cete.Simulation.World;

/// <content>What befalls hosts.</content>
public sealed partial class SimWorld
{
    /// <summary>Gives a host power, if it has none, and starts its process.</summary>
    public void Start(SimHost host) => Own(host).StartProcess();

    /// <summary>Starts the processes of all hosts on which nothing runs.</summary>
    public void StartAll()
    {
        foreach (var host in _hosts)
        {
            if (!host.IsRunning)
            {
                Start(host);
            }
        }
    }

    /// <summary>
    /// Power is lost: the process, its timers and what was on its way to it are gone, its connections fall silent, and the disk
    /// holds what <see cref="SimFiles.Crash"/> leaves of what was not synced.
    /// </summary>
    public void Crash(SimHost host)
    {
        Record(TraceKind.Crashed, host.Id, -1, host.Incarnation, 0, null, 0);
        host.IsUp = false;
        host.DropProcess();
        host.Disk.Crash();
        foreach (var connection in host.Connections.ToArray())
        {
            connection.FallSilent();
        }
    }

    /// <summary>SIGKILL: as <see cref="Crash"/>, but the disk keeps what was written, and the peers of its connections are told.</summary>
    public void Kill(SimHost host)
    {
        Record(TraceKind.Killed, host.Id, -1, host.Incarnation, 0, null, 0);
        host.DropProcess();
        foreach (var connection in OfProcess(host))
        {
            connection.Abort();
        }
    }

    /// <summary>SIGTERM: the process may say its last words; what its connections then hold is still sent before they are closed.</summary>
    public void Stop(SimHost host)
    {
        host.StopProcess();
        if (host.IsRunning)
        {
            Record(TraceKind.Stopped, host.Id, -1, host.Incarnation, 0, null, 0);
            host.DropProcess();
            foreach (var connection in OfProcess(host))
            {
                connection.Close();
            }
        }
    }

    /// <summary>Kills what still runs on a host and starts its next incarnation.</summary>
    public void Restart(SimHost host)
    {
        if (host.IsRunning)
        {
            Kill(host);
        }

        Start(host);
    }

    /// <summary>SIGSTOP, and SIGCONT after a span: messages and timers wait, then come in a burst. The kernel goes on to acknowledge.</summary>
    public void Pause(SimHost host, TimeSpan span)
    {
        Check.That(host.IsRunning, "only a process that runs can be paused");
        host.Pause(span);
        var until = host.PausedUntil;
        At(until, () =>
        {
            if (host.PausedUntil == until)
            {
                host.Resume();
            }
        });
    }

    /// <summary>Lets a paused process go on before its time.</summary>
    public void Resume(SimHost host) => Own(host).Resume();

    /// <summary>
    /// Makes a host slow: each event takes <paramref name="eventCost"/>, one after the other, and begins
    /// <paramref name="extraDelay"/> late. Two zeros make it fast again.
    /// </summary>
    public void Slow(SimHost host, TimeSpan eventCost, TimeSpan extraDelay = default) =>
        Own(host).Slow(eventCost, extraDelay);

    /// <summary>Makes the wall clock of a host jump.</summary>
    public void JumpClock(SimHost host, TimeSpan by)
    {
        host.Clock.Jump(by);
        Record(TraceKind.ClockJumped, host.Id, -1, 0, (long)by.TotalMicroseconds, null, 0);
    }

    /// <summary>Changes how fast the clocks of a host run; see <see cref="SimClock.DriftPpm"/>.</summary>
    public void DriftClock(SimHost host, int ppm)
    {
        host.Clock.SetDrift(ppm);
        Record(TraceKind.ClockDrifts, host.Id, -1, 0, ppm, null, 0);
    }

    private static SimConnection[] OfProcess(SimHost host) =>
        [.. host.Connections.Where(connection => connection.Incarnation == host.Incarnation)];

    private SimHost Own(SimHost host)
    {
        Check.That(_hosts[host.Id] == host, "a host of another world");
        return host;
    }
}
