using Cete.Core;
using Cete.Groups;
using Cete.Ledger;
using Cete.Trust;

namespace Cete.Bank;

/// <summary>The figures of the community's credits: for plots, tables and alarms.</summary>
public sealed partial class BankService
{
    /// <summary>Signed heads that are looked at.</summary>
    public const int HeadsShown = 8;

    /// <summary>Whoever asks again meanwhile gets the same: they read what every account has.</summary>
    private static readonly TimeSpan FiguresAge = TimeSpan.FromSeconds(5);

    private BankFigures? _figures;

    /// <summary>How the credits stand, and how they came to it; as of a few seconds ago.</summary>
    public async Task<Outcome<BankFigures>> FiguresAsync(Instant now, CancellationToken cancellation)
    {
        if (Volatile.Read(ref _figures) is { } known && now >= known.At && now - known.At < FiguresAge)
        {
            return known;
        }

        var found = await AskAsync((sql, facts) => ReadFigures(sql, facts, now), ReadLevel.Local, cancellation);
        if (found.Succeeded)
        {
            Volatile.Write(ref _figures, found.Value);
        }

        return found;
    }

    private static BankFigures ReadFigures(SqlSession sql, BankFacts facts, Instant now)
    {
        var kinds = Kinds(sql);
        var (entries, lastAt) = sql.First(
            "SELECT number, at FROM journal ORDER BY number DESC LIMIT 1", row => (row.GetInt64(0), (Instant?)new Instant(row.GetInt64(1))));
        var heads = HeadTable.Latest(sql, HeadsShown);
        var unsigned = sql.First(
            "SELECT at FROM journal WHERE number = @p1", row => (Instant?)new Instant(row.GetInt64(0)), (heads.FirstOrDefault()?.Number ?? 0) + 1);
        return new BankFigures(
            now, kinds, BankSchema.HasDays(sql) ? ReadDays(sql, kinds, now) : [], ReadSpread(sql), facts.Policy,
            new Instant(sql.Scalar<long>("SELECT policy_at FROM bank_rules WHERE one = 1")))
        {
            Entries = entries,
            LastAt = lastAt,
            UnsignedSince = unsigned,
            Heads = [.. heads.Select(head => Look(sql, head, facts))],
            DueSince = new DueTable(sql).Next() is { } next && next < now ? next : null,
        };
    }

    private static List<KindSum> Kinds(SqlSession sql) => sql.Query(
        "SELECT kind, count(*), sum(balance) FROM ledger_accounts GROUP BY kind ORDER BY kind",
        row => new KindSum((LedgerAccountKind)(int)row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)));

    /// <summary>From what there is now back: each day's end is the next one's less what that changed.</summary>
    private static List<DayFigures> ReadDays(SqlSession sql, List<KindSum> kinds, Instant now)
    {
        var today = DayTable.DayOf(now);
        var table = new DayTable(sql);
        var rows = table.From(today - BankLimits.DaysMax + 1).ToDictionary(row => row.Day);
        if (rows.Count == 0)
        {
            return [];
        }

        var refused = table.RefusedFrom(rows.Keys.Min()).ToLookup(row => row.Day);
        var balances = new long[DayTable.KindsMax];
        foreach (var kind in kinds)
        {
            balances[(int)kind.Kind - 1] = kind.Balance;
        }

        List<DayFigures> days = [];
        for (var day = Math.Max(today, rows.Keys.Max()); day >= rows.Keys.Min(); day--)
        {
            var row = rows.GetValueOrDefault(day) ?? new DayRow(day);
            days.Add(new DayFigures(day, [.. balances])
            {
                Entries = row.Entries,
                Moved = row.Moved,
                Spent = row.Spent,
                Made = row.Made,
                Given = row.Given,
                Joined = row.Joined,
                Refused = new SortedDictionary<Refusal, long>(refused[day].ToDictionary(one => one.Reason, one => one.Count)),
            });
            for (var kind = 0; kind < balances.Length; kind++)
            {
                balances[kind] -= row.Kinds[kind];
            }
        }

        days.Reverse();
        return days;
    }

    /// <summary>What accounts earned and were given counts together; what they have set aside does not.</summary>
    private static Spread ReadSpread(SqlSession sql)
    {
        var counter = new Spread.Counter(sql.Scalar<long>(
            "SELECT count(DISTINCT owner) FROM ledger_accounts WHERE kind IN (3, 4) AND balance > 0"));
        sql.Each(
            "SELECT sum(balance) AS has FROM ledger_accounts WHERE kind IN (3, 4) AND balance > 0 GROUP BY owner ORDER BY has",
            row =>
            {
                counter.Add(row.GetInt64(0));
                return true;
            });
        return counter.ToSpread();
    }

    /// <summary>Looks at a head again, as if somebody else had taken it up.</summary>
    private static HeadFigures Look(SqlSession sql, HeadRow head, BankFacts facts)
    {
        var statement = SignedStatement.Parse(head.Statement);
        var said = statement.Succeeded ? JournalHead.Parse(statement.Value.Payload.Span) : statement.Failure;
        var wrong = said.Failure?.Message
            ?? statement.Value.Verify(head.PublicKey, facts.Community, JournalHead.Purpose)?.Message
            ?? (said.Value.Number != head.Number || said.Value.Hash != JournalTable.HashOf(sql, head.Number).ToString()
                || said.Value.Ledger != facts.Ledger.ToString() ? "what was signed names another entry" : null);
        return new HeadFigures(head.Number, head.At, KeyId.Of(head.PublicKey), wrong);
    }
}
