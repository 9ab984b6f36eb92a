using System.Globalization;
using Cete.Simulation.World;

namespace Cete.Simulation;

/// <summary>
/// Something that is to hold whatever the seed: it runs, and throws when it does not hold. It writes what happens to the writer,
/// which is <see cref="TextWriter.Null"/> unless somebody reads, and an <see cref="EndWriter"/> if only the end is read.
/// </summary>
public sealed record Scenario(string Name, string Shows, int UsualSeeds, Action<ulong, TextWriter> Run)
{
    /// <summary>What it writes are a few lines of figures, printed also when nobody asks for the trace.</summary>
    public bool IsReport { get; init; }

    /// <summary>A run takes so long that the usual seeds are enough.</summary>
    public bool IsLong { get; init; }

    /// <summary>A scenario in one world, whose trace is written as it happens, with its hash at the end.</summary>
    public static Scenario Of(string name, string shows, int usualSeeds, Action<SimWorld> run) => new(name, shows, usualSeeds, (seed, writer) =>
    {
        var world = new SimWorld(seed);
        world.Trace.Writer = writer == TextWriter.Null || writer is EndWriter ? null : writer;
        try
        {
            run(world);
        }
        finally
        {
            writer.WriteLine(FormattableString.Invariant(
                $"trace hash {world.TraceHash:x16} of {world.Trace.Count} lines, {world.Events} events, {world.Elapsed.TotalSeconds:F6} s"));
        }
    });

    /// <summary>What a run of one seed threw; null when all holds.</summary>
    public Exception? Failure(ulong seed, TextWriter writer)
    {
        try
        {
            Run(seed, writer);
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    /// <summary>What to type to see a run again.</summary>
    public string ReplayCommand(ulong seed) =>
        $"dotnet run --project tests/Simulation -c Release -- --seeds 1 --from {seed} --scenario {Name} --trace";
}

/// <summary>Takes what a scenario says at its end; a trace is not written to it.</summary>
internal sealed class EndWriter() : StringWriter(CultureInfo.InvariantCulture);
