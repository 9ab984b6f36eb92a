using Cete.Core;
using Cete.Described.Proto;
using Google.Protobuf;

namespace Cete.Described;

/// <summary>What is due: schedules, deleted records whose time is over, and words that are to be filed anew.</summary>
internal static class Ticking
{
    /// <summary>Schedules a tick: each may change a thousand records.</summary>
    private const int SchedulesMax = 4;

    /// <summary>Records that are forgotten a tick, of each kind.</summary>
    private const int ForgottenMax = 500;

    public static IMessage Do(Change change)
    {
        CheckNode(change);
        var due = change.Sql.Query(
            "SELECT service, hook FROM schedules WHERE next_at <= @p1 ORDER BY next_at, service, hook LIMIT @p2", row => (row.GetInt64(0), row.GetString(1)),
            change.At.Microseconds, SchedulesMax);
        var hooks = new Hooks(change);
        foreach (var (number, name) in due)
        {
            Run(hooks, number, name, change);
        }

        return new Ticked { IsMore = due.Count == SchedulesMax | Forget(change) | Charging.Forget(change) | TextIndex.GoOn(change.Sql, change.Catalogue) };
    }

    /// <summary>Refuses whoever is no node that keeps services.</summary>
    public static void CheckNode(Change change)
    {
        if (!KeyId.TryParse(change.Asker.Account, out _) || !change.Asker.Roles.Contains(DescribedMachine.ServicesRole))
        {
            throw new RefusedException(new Failure(FailureKind.Forbidden, $"only a node with the role '{DescribedMachine.ServicesRole}' does that"));
        }
    }

    private static void Run(Hooks hooks, long number, string name, Change change)
    {
        if (change.Catalogue.Find(change.Sql, number) is not { } service || service.Descriptor.Hooks.FirstOrDefault(each => each.Name == name) is not { } hook)
        {
            change.Sql.Execute("DELETE FROM schedules WHERE service = @p1 AND hook = @p2", number, name);
            return;
        }

        // Times that were missed are not made up for: a schedule looks at how things stand.
        change.Sql.Execute(
            "UPDATE schedules SET next_at = @p3 WHERE service = @p1 AND hook = @p2", number, name, (change.At + hook.Every).Microseconds);
        var writer = hooks.WriterOf(service);
        hooks.Run(writer, hook, writer.Scope, 0);
    }

    private static bool Forget(Change change)
    {
        var isMore = false;
        foreach (var kind in change.Catalogue.All(change.Sql).SelectMany(service => service.Kinds))
        {
            var before = (change.At + -kind.Kind.KeepsDeleted).Microseconds;
            var gone = change.Sql.Query(
                $"SELECT id FROM {kind.Table} WHERE deleted_at <= @p1 ORDER BY id LIMIT @p2", row => row.GetInt64(0), before, ForgottenMax);
            foreach (var id in gone)
            {
                change.Sql.Execute("DELETE FROM history WHERE service = @p1 AND kind = @p2 AND id = @p3", kind.Service, kind.Name, id);
                change.Sql.Execute($"DELETE FROM {kind.Table} WHERE id = @p1", id);
            }

            isMore |= gone.Count == ForgottenMax;
        }

        return isMore;
    }
}
