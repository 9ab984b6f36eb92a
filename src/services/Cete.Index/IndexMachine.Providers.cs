using Cete.Core;
using Cete.Index.Proto;

namespace Cete.Index;

/// <summary>Who holds contents no more.</summary>
public sealed partial class IndexMachine
{
    private static Outcome<ReadOnlyMemory<byte>> TakeBack(Withdraw command, Change change)
    {
        if (!change.TellsMoves)
        {
            return new Failure(FailureKind.Unavailable, "a node of the community still runs a program that knows nothing of withdrawn contents");
        }

        if (command.Roots.Count > Limits.EntriesPerCommandMax)
        {
            return new Failure(FailureKind.TooLarge, $"{command.Roots.Count} contents at once; {Limits.EntriesPerCommandMax} is the most");
        }

        var (sql, taken) = (change.Sql, 0L);
        foreach (var root in command.Roots)
        {
            var held = sql.Query(
                "SELECT c.id, p.owner FROM contents c JOIN providers p ON p.content = c.id WHERE c.root = @p1 AND p.node = @p2",
                row => (Content: row.GetInt64(0), Owner: row.GetString(1)), root.ToByteArray(), command.Provider);
            if (held is not [var (content, owner)])
            {
                continue;
            }

            if (change.Rights.Withdraw(owner) is { } refused)
            {
                return refused;
            }

            sql.Execute("DELETE FROM providers WHERE content = @p1 AND node = @p2", content, command.Provider);
            sql.Execute("UPDATE contents SET holders = holders - 1 WHERE id = @p1", content);
            taken++;
        }

        return Answer(new Removed { Entries = taken });
    }
}
