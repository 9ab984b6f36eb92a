using Cete.Core;

namespace Cete.Simulation.World;

/// <summary>Draws a schedule of faults. Each kind has a generator of its own, so that changing one rate leaves the other kinds as they were.</summary>
internal sealed class FaultSchedule(NemesisOptions options, IReadOnlyList<int> hosts)
{
    private readonly List<Fault> _admitted = [];

    public IReadOnlyList<Fault> Draw(Prng chance)
    {
        // One split a kind, asked for or not.
        var splits = Enum.GetValues<FaultKind>().ToDictionary(kind => kind, _ => chance.Split());
        var wanted = options.Rates.SelectMany(rate => Wanted(rate, splits[rate.Kind]).Select(fault => (fault, rate)));
        foreach (var (fault, rate) in wanted.OrderBy(item => item.fault.At).ThenBy(item => item.fault.Kind))
        {
            if (IsAdmitted(fault, rate))
            {
                _admitted.Add(fault);
            }
        }

        return _admitted;
    }

    /// <summary>Whether a fault takes its host down.</summary>
    public static bool IsDown(FaultKind kind) => kind is FaultKind.Crash or FaultKind.Kill or FaultKind.StopAtDisk;

    private IEnumerable<Fault> Wanted(FaultRate rate, Prng chance)
    {
        for (var at = Between(chance, TimeSpan.Zero, 2 * rate.Every); at < options.Duration; at += Between(chance, TimeSpan.Zero, 2 * rate.Every))
        {
            var until = at + Between(chance, rate.Least, rate.Most);
            var host = hosts[chance.Next(hosts.Count)];
            var peer = hosts[chance.Next(hosts.Count)];
            var group = hosts.Where(_ => chance.Chance(1, 2)).ToList();
            var amount = Amount(rate.Kind, chance);
            var isNothing = rate.Kind switch
            {
                FaultKind.CutPair or FaultKind.Clog => peer == host,
                FaultKind.Split => group.Count == 0 || group.Count == hosts.Count,
                _ => false,
            };
            if (!isNothing)
            {
                yield return new Fault(at, until < options.Duration ? until : options.Duration, rate.Kind, host, peer, group, amount);
            }
        }
    }

    private bool IsAdmitted(Fault fault, FaultRate rate)
    {
        var holding = _admitted.Where(other => other.Until > fault.At).ToList();
        return holding.Count(other => other.Kind == fault.Kind) < rate.AtOnce
            && !(IsDown(fault.Kind) && holding.Count(other => IsDown(other.Kind)) >= options.DownMost)
            && !holding.Any(other => IsSameThing(fault, other));
    }

    /// <summary>Whether the end of one fault would undo the other.</summary>
    private static bool IsSameThing(Fault a, Fault b) =>
        a.Kind == FaultKind.Noise
            ? b.Kind == FaultKind.Noise
            : a.Host == b.Host && (a.Kind == b.Kind || (IsDown(a.Kind) && IsDown(b.Kind)));

    private long Amount(FaultKind kind, Prng chance) => kind switch
    {
        FaultKind.StopAtDisk => 1 + chance.Next(20),
        FaultKind.ClockDrift => chance.Next((2 * options.ClockDriftMostPpm) + 1) - options.ClockDriftMostPpm,
        FaultKind.ClockJump => Jump(chance),
        FaultKind.Slow => 1 + chance.Next(200_000),
        _ => 0,
    };

    private long Jump(Prng chance)
    {
        // First the size, then the number: what is a millisecond off is as likely as what is years off.
        var bits = 64 - long.LeadingZeroCount((long)options.ClockJumpMost.TotalMicroseconds);
        var size = Math.Min(chance.Next(1L << (int)(1 + chance.Next(bits))), (long)options.ClockJumpMost.TotalMicroseconds);
        return chance.Chance(1, 2) ? size : -size;
    }

    private static TimeSpan Between(Prng chance, TimeSpan least, TimeSpan most) => least + TimeSpan.FromTicks(chance.Next((most - least).Ticks + 1));
}
