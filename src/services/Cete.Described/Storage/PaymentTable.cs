using Cete.Core;
using Cete.Groups;
using Cete.Ledger;

namespace Cete.Described;

/// <summary>Something that was paid for.</summary>
/// <param name="Number">Counts up.</param>
/// <param name="At">When.</param>
/// <param name="Account">Who paid.</param>
/// <param name="Service">What service did it.</param>
/// <param name="What">What: the name of the action, or of the kind of record that was made.</param>
/// <param name="Record">Of which record; 0 for none.</param>
/// <param name="Amount">Micro-credits.</param>
/// <param name="Payee">Who was paid.</param>
public sealed record ServicePayment(long Number, Instant At, string Account, string Service, string What, long Record, long Amount, LedgerAddress Payee);

/// <summary>What was paid, and what was done for nothing today.</summary>
internal sealed class PaymentTable(SqlSession sql)
{
    private const long DayMicroseconds = 24L * 60 * 60 * 1_000_000;

    public void Add(ServicePayment payment) => sql.Execute(
        "INSERT INTO payments (number, at, account, service, what, record, amount, payee) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)",
        payment.Number, payment.At.Microseconds, payment.Account, payment.Service, payment.What, payment.Record, payment.Amount, payment.Payee.ToString());

    /// <summary>What an account paid, the newest first.</summary>
    public List<ServicePayment> Of(string account, long before, int countMax) => sql.Query(
        """
        SELECT number, at, account, service, what, record, amount, payee FROM payments WHERE account = @p1 AND number < @p2 ORDER BY number DESC LIMIT @p3
        """,
        row => new ServicePayment(
            row.GetInt64(0), new Instant(row.GetInt64(1)), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5), row.GetInt64(6),
            LedgerAddress.TryParse(row.GetString(7), out var payee) ? payee : LedgerAddress.Treasury),
        account, before, countMax);

    /// <summary>Forgets what was paid before a moment; whether there may be more.</summary>
    public bool Forget(Instant before, int countMax) => sql.Execute(
        "DELETE FROM payments WHERE number IN (SELECT number FROM (SELECT number, at FROM payments ORDER BY number LIMIT @p2) WHERE at < @p1)",
        before.Microseconds, countMax) == countMax;

    /// <summary>How often an account did something for nothing on the day of a moment.</summary>
    public long Used(string account, long service, string what, Instant at) => sql.Scalar<long>(
        "SELECT coalesce(max(used), 0) FROM allowances WHERE account = @p1 AND service = @p2 AND what = @p3 AND day = @p4",
        account, service, what, DayOf(at));

    /// <summary>It did so once more.</summary>
    public void Use(string account, long service, string what, Instant at) => sql.Execute(
        """
        INSERT INTO allowances (account, service, what, day, used) VALUES (@p1, @p2, @p3, @p4, 1)
        ON CONFLICT (account, service, what) DO UPDATE SET used = CASE WHEN day = excluded.day THEN used + 1 ELSE 1 END, day = excluded.day
        """,
        account, service, what, DayOf(at));

    /// <summary>Forgets allowances of days that are over; whether there may be more.</summary>
    public bool ForgetAllowances(Instant now, int countMax) => sql.Execute(
        """
        DELETE FROM allowances WHERE (account, service, what) IN (
            SELECT account, service, what FROM allowances WHERE day < @p1 ORDER BY day, account, service, what LIMIT @p2)
        """,
        DayOf(now), countMax) == countMax;

    private static long DayOf(Instant at) => at.Microseconds / DayMicroseconds;
}
