using System.Globalization;
using Cete.Core;
using Cete.Groups;

namespace Cete.Accounts;

/// <summary>What is read from the tables.</summary>
internal static class AccountsQueries
{
    public static readonly Failure NotBegun = new(FailureKind.Unavailable, "no accounts were begun here yet; the community's first node does so");

    public static readonly Failure WrongRecovery = new(FailureKind.Forbidden, "there is no such recovery code, or it was used; take the next one");

    public static readonly Failure NoSecondFactor = new(FailureKind.NotFound, "the account has no second factor");

    public static readonly Failure WrongCode = new(FailureKind.Unauthenticated, "the code is wrong, or was used already; wait for the next one");

    public static readonly Failure NoPasskey = new(FailureKind.NotFound, "the account has no such passkey; look for it in the list of passkeys");

    public static readonly Failure CopiedPasskey = new(
        FailureKind.Forbidden, "the passkey's counter did not go on: it may be a copy; log in with the password, and remove it");

    /// <summary>Shorter than any id, so that it stands before all.</summary>
    private static readonly byte[] BeforeAll = [0];

    /// <summary>No name has it, and it stands behind all that names are made of.</summary>
    private const string BehindLetters = "\uFFFF";

    public static Failure NoAccount(AccountId id) => new(FailureKind.NotFound, $"there is no account {id}");

    public static AccountRecord? Account(SqlSession sql, AccountId id) =>
        new AccountTable(sql).Find(id) is { } row ? Show(sql, row) : null;

    public static AccountRecord? ByName(SqlSession sql, string key) =>
        new AccountTable(sql).FindName(key) is { } row ? Show(sql, row) : null;

    /// <summary>Accounts that are not closed, by id.</summary>
    public static AccountsPage<AccountRecord> Accounts(SqlSession sql, string? cursor, int limit)
    {
        var after = AccountId.TryParse(cursor, out var last) ? last.ToArray() : BeforeAll;
        var rows = sql.Query(
            $"SELECT {AccountTable.Columns} FROM accounts WHERE id > @p1 AND closed_at = 0 ORDER BY id LIMIT @p2", AccountTable.Read, after, limit + 1);
        var page = Cut(rows, limit, row => row.Id.ToString());
        return new AccountsPage<AccountRecord>([.. page.Items.Select(row => Show(sql, row))], page.Next);
    }

    /// <summary>Accounts that are not closed whose folded names begin so, by folded name.</summary>
    public static AccountsPage<AccountRecord> ByBeginning(SqlSession sql, string beginning, string? cursor, int limit)
    {
        var rows = sql.Query(
            $"SELECT {AccountTable.Columns} FROM accounts WHERE name_key >= @p1 AND name_key < @p2 AND name_key > @p3 ORDER BY name_key LIMIT @p4",
            AccountTable.Read, beginning, beginning + BehindLetters, cursor ?? string.Empty, limit + 1);
        var page = Cut(rows, limit, row => row.NameKey!);
        return new AccountsPage<AccountRecord>([.. page.Items.Select(row => Show(sql, row))], page.Next);
    }

    /// <summary>Invitations of one account or of all, the newest first.</summary>
    public static AccountsPage<InvitationRecord> Invitations(SqlSession sql, AccountId? by, string? cursor, int limit)
    {
        var before = Before(cursor);
        var found = by is { } account
            ? sql.Query(
                $"SELECT {InvitationTable.Columns} FROM invitations WHERE account = @p1 AND number < @p2 ORDER BY number DESC LIMIT @p3",
                row => (Record: InvitationTable.Read(row), Number: row.GetInt64(9)), account.ToArray(), before, limit + 1)
            : sql.Query(
                $"SELECT {InvitationTable.Columns} FROM invitations WHERE number < @p1 ORDER BY number DESC LIMIT @p2",
                row => (Record: InvitationTable.Read(row), Number: row.GetInt64(9)), before, limit + 1);
        var page = Cut(found, limit, item => item.Number.ToString(CultureInfo.InvariantCulture));
        return new AccountsPage<InvitationRecord>([.. page.Items.Select(item => item.Record)], page.Next);
    }

    /// <summary>Acts of one account or of all, the newest first.</summary>
    public static AccountsPage<AuditEntry> Audit(SqlSession sql, AccountId? by, string? cursor, int limit)
    {
        var before = Before(cursor);
        var found = by is { } account
            ? sql.Query(
                $"SELECT {AuditTable.Columns} FROM audit WHERE account = @p1 AND position < @p2 ORDER BY position DESC LIMIT @p3",
                AuditTable.Read, account.ToArray(), before, limit + 1)
            : sql.Query(
                $"SELECT {AuditTable.Columns} FROM audit WHERE position < @p1 ORDER BY position DESC LIMIT @p2", AuditTable.Read, before, limit + 1);
        return Cut(found, limit, entry => entry.Position.ToString(CultureInfo.InvariantCulture));
    }

    public static AccountExport? Export(SqlSession sql, AccountId id) => Account(sql, id) is { } account
        ? new AccountExport(
            account, new SessionTable(sql).Of(id), new DeviceTable(sql).Of(id), Invitations(sql, id, null, Limits.PageItemsMax).Items,
            Audit(sql, id, null, Limits.PageItemsMax).Items)
        {
            Passkeys = Passkeys(sql, id),
            Delegates = Delegates(sql, id),
        }
        : null;

    /// <summary>None below the level that knows them.</summary>
    public static IReadOnlyList<PasskeyRecord> Passkeys(SqlSession sql, AccountId id) => HasLater(sql) ? new PasskeyTable(sql).Of(id) : [];

    /// <summary>None below the level that knows them.</summary>
    public static IReadOnlyList<DelegateRecord> Delegates(SqlSession sql, AccountId id) =>
        HasLater(sql) ? [.. new DelegateTable(sql).Of(id).Select(row => row.Record)] : [];

    /// <summary>The tables of level 3 are there.</summary>
    public static bool HasLater(SqlSession sql) => AccountsSchema.Has(sql, "passkeys");

    public static StandingsPage? StandingsSince(SqlSession sql, long version)
    {
        if (new RulesTable(sql).Find() is not { } rules)
        {
            return null;
        }

        var standings = new Standings(new RoleTable(sql).All());
        var rows = sql.Query(
            $"SELECT {AccountTable.Columns} FROM accounts WHERE changed_version > @p1 ORDER BY changed_version LIMIT @p2", AccountTable.Read, version,
            AccountsLimits.StandingsPerPage + 1);
        var page = Cut(rows, AccountsLimits.StandingsPerPage, row => string.Empty);
        var isMore = page.Next is not null;
        return new StandingsPage(
            isMore ? page.Items[^1].Version : rules.Version, rules.RolesVersion, [.. page.Items.Select(standings.Of)], standings.Guest, isMore);
    }

    private static AccountRecord Show(SqlSession sql, AccountRow row)
    {
        var tables = new PrivateTables(sql);
        var personal = tables.Personal(row.Id) is var (key, text) ? PersonalText.Open(row.Id, key, text) : new Proto.Personal();
        return new AccountRecord(row.Id, row.Name, row.Roles, row.CreatedAt)
        {
            SuspendedAt = row.SuspendedAt,
            SuspensionReason = row.Reason,
            ClosedAt = row.ClosedAt,
            HasPassword = tables.Password(row.Id) is not null,
            HasSecondFactor = tables.Factor(row.Id) is { IsConfirmed: true },
            RecoveryKeysLeft = (int)tables.CountRecoveryKeys(row.Id),
            DisplayName = personal.DisplayName,
            About = personal.About,
            Version = row.Version,
        };
    }

    private static long Before(string? cursor) =>
        long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before : long.MaxValue;

    /// <summary>One more than asked for was read: it tells whether there is a next page.</summary>
    private static AccountsPage<T> Cut<T>(List<T> found, int limit, Func<T, string> cursorOf)
    {
        if (found.Count <= limit)
        {
            return new AccountsPage<T>(found, null);
        }

        found.RemoveRange(limit, found.Count - limit);
        return new AccountsPage<T>(found, cursorOf(found[^1]));
    }
}
