using System.Buffers.Binary;
using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Ports;

namespace Cete.Cluster.Health;

/// <summary>Compares this node's clock with those of other members (Cristian's algorithm): their time against the middle of the question's way.</summary>
public static class ClockSurvey
{
    /// <summary>Members that are asked: enough for a median.</summary>
    private const int MembersMax = 9;

    /// <summary>Of several answers the quickest is the most exact; the first one may have waited for a connection.</summary>
    private const int AsksEach = 3;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    /// <summary>Answers another member: microseconds since 1970, little endian.</summary>
    public static Outcome<ReadOnlyMemory<byte>> Answer(TimeProvider clock)
    {
        var answer = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(answer, Instant.From(clock.GetUtcNow()).Microseconds);
        return Outcome.Of<ReadOnlyMemory<byte>>(answer);
    }

    /// <summary>Asks some members; those that do not answer, or cannot yet, are left out.</summary>
    public static async Task<IReadOnlyList<ClockOffset>> AskAsync(ClusterView view, IFabric fabric, TimeProvider clock, CancellationToken cancellation)
    {
        // The nearest ones give the most exact answers.
        var asked = view.Present.Where(member => member.Id != view.Self).OrderBy(member => member.RoundTrip ?? TimeSpan.MaxValue).Take(MembersMax);
        var answers = await Task.WhenAll(asked.Select(member => AskAsync(member, fabric, clock, cancellation)));
        return [.. answers.OfType<ClockOffset>()];
    }

    private static async Task<ClockOffset?> AskAsync(ClusterMember member, IFabric fabric, TimeProvider clock, CancellationToken cancellation)
    {
        ClockOffset? best = null;
        for (var i = 0; i < AsksEach; i++)
        {
            var (began, sent) = (clock.GetTimestamp(), Instant.From(clock.GetUtcNow()));
            var answer = await fabric.AskAsync(member.Id, FabricTopic.Clock, ReadOnlyMemory<byte>.Empty, Deadline, cancellation);
            if (answer is not { Succeeded: true, Value.Length: sizeof(long) })
            {
                break;
            }

            var trip = clock.GetElapsedTime(began);
            if (best is null || trip < best.RoundTrip)
            {
                var theirs = new Instant(BinaryPrimitives.ReadInt64LittleEndian(answer.Value.Span));
                best = new ClockOffset(member.Id, member.Facts.Name, theirs - (sent + (trip / 2)), trip);
            }
        }

        return best;
    }
}
