using Cete.Bank;
using Cete.Core;
using Cete.Groups;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Testing;

/// <summary>
/// The bank, with what it imports of accounts handed in like a command: so it stands in logs that tests keep, and a root can make it up.
/// </summary>
internal sealed class ImportingBank(BankMachine bank) : IStateMachine
{
    private const string Prefix = "import ";

    public int LevelMax => bank.LevelMax;

    public static ClientCommand Import((string Type, byte[] Body) told) => new(Prefix + told.Type, told.Body, Asker.Local);

    public void Raise(int level, SqlSession sql) => bank.Raise(level, sql);

    public void Refused(AppliedCommand command, Failure failure, ApplyContext context) => bank.Refused(command, failure, context);

    public Outcome<ReadOnlyMemory<byte>> Apply(AppliedCommand command, ApplyContext context)
    {
        if (!command.Type.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return bank.Apply(command, context);
        }

        try
        {
            var told = new FeedEvent(command.Index, command.At, command.Type[Prefix.Length..], command.Body);
            var failure = bank.Import(new ImportedEvent(BankMachine.Accounts, told, false, command.Index, command.At), context);
            return failure is null ? ReadOnlyMemory<byte>.Empty : failure;
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            // As groups do with bytes of others.
            return new Failure(FailureKind.Damaged, error.Message);
        }
    }
}

/// <summary>What accounts tell (<c>src/services/Cete.Accounts/Proto/feed.proto</c>), written field by field: two assemblies have types of one name for
/// it.</summary>
internal static class AccountsTell
{
    public const int Unknown = 0;
    public const int Registration = 1;
    public const int Password = 2;
    public const int Device = 3;
    public const int Recovery = 4;

    public static (string Type, byte[] Body) Account(string what, AccountId account, Instant at = default, byte[]? statement = null) =>
        ($"account-{what}", Write((1, account.ToArray()), (2, 1L), (3, at.Microseconds), (4, statement ?? [])));

    public static (string Type, byte[] Body) DeviceAdded(AccountId account, byte[] key, int origin, KeyId? approver = null, byte[]? statement = null) =>
        ("device-added", Write(
            (1, account.ToArray()), (2, KeyId.Of(key).ToArray()), (3, key), (4, (long)origin), (5, approver?.ToArray() ?? []), (6, statement ?? [])));

    public static (string Type, byte[] Body) DeviceRemoved(AccountId account, KeyId key, KeyId? approver = null, byte[]? statement = null) =>
        ("device-removed", Write((1, account.ToArray()), (2, key.ToArray()), (5, approver?.ToArray() ?? []), (6, statement ?? [])));

    public static (string Type, byte[] Body) RecoveryKeys(AccountId account, IEnumerable<byte[]> keys, byte[]? statement = null) =>
        ("recovery-keys-replaced", Write([(1, account.ToArray()), .. keys.Select(key => (2, (object)key)), (3, statement ?? [])]));

    public static (string Type, byte[] Body) DelegateAdded(
        AccountId account, byte[] key, KeyId node, Instant expiresAt, long cap, int origin, KeyId? approver = null, byte[]? statement = null) =>
        ("delegate-added", Write(
            (1, account.ToArray()), (2, KeyId.Of(key).ToArray()), (3, key), (4, node.ToArray()), (5, expiresAt.Microseconds), (6, cap), (7, (long)origin),
            (8, approver?.ToArray() ?? []), (9, statement ?? [])));

    public static (string Type, byte[] Body) DelegateRemoved(AccountId account, KeyId key) =>
        ("delegate-removed", Write((1, account.ToArray()), (2, key.ToArray())));

    private static byte[] Write(params (int Field, object Value)[] fields)
    {
        using var bytes = new MemoryStream();
        using var output = new CodedOutputStream(bytes);
        foreach (var (field, value) in fields)
        {
            if (value is byte[] { Length: > 0 } body)
            {
                output.WriteTag(field, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(body));
            }
            else if (value is long and not 0)
            {
                output.WriteTag(field, WireFormat.WireType.Varint);
                output.WriteInt64((long)value);
            }
        }

        output.Flush();
        return bytes.ToArray();
    }
}
