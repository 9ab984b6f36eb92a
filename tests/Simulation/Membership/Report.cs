using Cete.Simulation.World;

namespace Cete.Simulation.Membership;

/// <summary>What a scenario of several worlds found: lines of figures for people, and one hash over all of its worlds.</summary>
internal sealed class Report(TextWriter writer)
{
    private Fingerprint _hash;

    /// <summary>Writes a line of figures.</summary>
    public void Line(FormattableString text) => writer.WriteLine(FormattableString.Invariant(text));

    /// <summary>A world has come to its end.</summary>
    public void End(SimWorld world) => _hash.Add(world.TraceHash);

    /// <summary>Writes the hash.</summary>
    public void Close() => writer.WriteLine(FormattableString.Invariant($"trace hash {_hash.Value:x16}"));
}
