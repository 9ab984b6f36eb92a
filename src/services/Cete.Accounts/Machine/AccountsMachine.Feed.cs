using Cete.Accounts.Feed;
using Cete.Core;
using Cete.Groups;
using Google.Protobuf;

namespace Cete.Accounts;

/// <summary>What other groups learn of accounts (<c>Proto/feed.proto</c>): who there is, and which keys sign for whom on whose word.</summary>
public sealed partial class AccountsMachine : IFeedSource
{
    /// <summary>Node roles whose groups import accounts: those that take what devices of accounts sign.</summary>
    public static IReadOnlyList<string> Readers { get; } = ["bank"];

    /// <summary>Accounts whose records are read at one go.</summary>
    private const int ScannedAtOnce = 200;

    /// <summary>Shorter than any id, so that it stands before all.</summary>
    private static readonly byte[] BeforeAll = [0];

    /// <inheritdoc/>
    public int ScanLevel => FeedLevel;

    /// <inheritdoc/>
    public bool MayRead(RoleSet roles) => Readers.Any(roles.Contains);

    /// <inheritdoc/>
    public IEnumerable<ScannedRecord> Scan(SqlSession sql, int level)
    {
        var after = BeforeAll;
        while (true)
        {
            var accounts = sql.Query(
                $"SELECT {AccountTable.Columns} FROM accounts WHERE id > @p1 ORDER BY id LIMIT @p2", AccountTable.Read, after, ScannedAtOnce);
            foreach (var record in accounts.SelectMany(account => Records(account, sql)))
            {
                yield return record;
            }

            if (accounts.Count < ScannedAtOnce)
            {
                yield break;
            }

            after = accounts[^1].Id.ToArray();
        }
    }

    private static IEnumerable<ScannedRecord> Records(AccountRow account, SqlSession sql)
    {
        yield return Record("account-registered", EventOf(account.Id, account.Version, account.CreatedAt));
        if (account.ClosedAt is { } closed)
        {
            yield return Record("account-closed", EventOf(account.Id, account.Version, closed));
            yield break;
        }

        if (new PrivateTables(sql).RecoveryKeysOf(account.Id) is { Count: > 0 } keys)
        {
            var (statement, at) = new PrivateTables(sql).RecoveryStatement(account.Id) ?? ([], account.CreatedAt);
            yield return Record("recovery-keys-replaced", RecoveryEvent(account.Id, keys, statement, at));
        }

        var history = new KeyHistoryTable(sql).Of(account.Id);
        foreach (var row in history)
        {
            yield return Record("device-added", AddedEvent(row.Account, row.Id, row.SigningKey, row.Origin, row.Approver, row.Statement, row.AddedAt));
        }

        foreach (var row in history.Where(row => row.RemovedAt is not null))
        {
            yield return Record("device-removed", RemovedEvent(row.Account, row.Id, row.Remover, row.Removal, row.RemovedAt!.Value));
        }

        foreach (var row in new DelegateTable(sql).Of(account.Id).Where(row => row.Record.RemovedAt is null))
        {
            yield return Record("delegate-added", DelegateEventOf(row));
        }

        if (account.SuspendedAt is { } suspended)
        {
            yield return Record("account-suspended", EventOf(account.Id, account.Version, suspended));
        }
    }

    private static ScannedRecord Record(string type, IMessage body) => new(type, body.ToByteArray());

    private static AccountEvent EventOf(AccountId account, long version, Instant at) =>
        new() { Account = Bytes(account), Version = version, At = at.Microseconds };

    private static RecoveryKeysEvent RecoveryEvent(AccountId account, IEnumerable<byte[]> keys, ReadOnlySpan<byte> statement, Instant at) => new()
    {
        Account = Bytes(account),
        Keys = { keys.Select(key => ByteString.CopyFrom(key)) },
        Statement = ByteString.CopyFrom(statement),
        At = at.Microseconds,
    };

    private static DeviceEvent AddedEvent(
        AccountId account, KeyId device, ReadOnlySpan<byte> signingKey, KeyOrigin origin, ReadOnlySpan<byte> approver, ReadOnlySpan<byte> statement,
        Instant at) => new()
        {
            Account = Bytes(account),
            Device = Bytes(device),
            SigningKey = ByteString.CopyFrom(signingKey),
            Origin = origin,
            Approver = ByteString.CopyFrom(approver),
            Statement = ByteString.CopyFrom(statement),
            At = at.Microseconds,
        };

    private static DeviceEvent RemovedEvent(AccountId account, KeyId device, ReadOnlySpan<byte> remover, ReadOnlySpan<byte> statement, Instant at) => new()
    {
        Account = Bytes(account),
        Device = Bytes(device),
        Approver = ByteString.CopyFrom(remover),
        Statement = ByteString.CopyFrom(statement),
        At = at.Microseconds,
    };

    private static void EmitAccount(string type, AccountId account, long version, Change change, ReadOnlyMemory<byte> statement = default)
    {
        var told = new AccountEvent { Account = Bytes(account), Version = version };
        if (change.TellsAll)
        {
            (told.At, told.Statement) = (change.At.Microseconds, ByteString.CopyFrom(statement.Span));
        }

        change.Emit(type, told);
    }

    private static void EmitAdded(AccountId account, KeyId id, NewDevice device, KeyApproved approved, Change change) =>
        change.Emit("device-added", change.TellsAll
            ? AddedEvent(account, id, device.SigningKey.Span, approved.Origin, approved.ApproverBytes, approved.Statement.Span, change.At)
            : new DeviceEvent { Account = Bytes(account), Device = Bytes(id) });

    private static void EmitRemoved(AccountId account, KeyId id, KeyId remover, ReadOnlySpan<byte> statement, Change change) =>
        change.Emit("device-removed", change.TellsAll
            ? RemovedEvent(account, id, remover.ToArray(), statement, change.At)
            : new DeviceEvent { Account = Bytes(account), Device = Bytes(id) });
}
