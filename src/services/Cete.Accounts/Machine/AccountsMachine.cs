using System.Globalization;
using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Groups;
using Cete.Ports;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Cete.Accounts;

/// <summary>
/// The accounts of a community as a state machine: who has one, by what they are known, what they may do. Passwords come as hashes, secrets of sessions
/// and invitations too; what gives or takes rights comes signed, and every replica verifies it.
/// </summary>
/// <param name="community">
/// Whose node it runs on: tables of another community, from a backup, are taken over by this one. None where tables are always of their own community.
/// </param>
/// <param name="levelMax">The newest apply level: an older one is for tests of what older programs wrote.</param>
public sealed partial class AccountsMachine(KeyId? community = null, int levelMax = AccountsMachine.FeedLevel) : IStateMachine
{
    /// <summary>The role of nodes that keep accounts and check passwords.</summary>
    public const string AccountsRole = "accounts";

    /// <summary>From this level on an account without a device takes its first one by itself.</summary>
    internal const int FirstDeviceLevel = 2;

    /// <summary>From this level on other groups import accounts, so events tell all that it takes to verify what keys sign.</summary>
    internal const int FeedLevel = 3;

    /// <summary>The level from which on a command is known, where that is not the first.</summary>
    private static readonly Dictionary<string, int> Levels = new(StringComparer.Ordinal)
    {
        [nameof(AddFirstDevice)] = FirstDeviceLevel,
        [nameof(AddDelegate)] = FeedLevel,
        [nameof(RemoveDelegate)] = FeedLevel,
        [nameof(AddPasskey)] = FeedLevel,
        [nameof(RenamePasskey)] = FeedLevel,
        [nameof(RemovePasskey)] = FeedLevel,
    };

    private static readonly Dictionary<string, MessageDescriptor> Commands = new IMessage[]
    {
        new Begin(), new Register(), new OpenSession(), new EndSession(), new EndSessions(), new SetPassword(), new UpgradeCredential(), new Recover(),
        new SetRecoveryKeys(), new ChangeDevice(), new SetSecondFactor(), new ConfirmSecondFactor(), new RemoveSecondFactor(), new UseStep(),
        new SetPersonal(), new Close(), new CreateInvitation(), new RevokeInvitation(), new Govern(), new Prune(), new AddFirstDevice(),
        new AddDelegate(), new RemoveDelegate(), new AddPasskey(), new RenamePasskey(), new RemovePasskey(),
    }.ToDictionary(message => message.Descriptor.Name, message => message.Descriptor, StringComparer.Ordinal);

    public int LevelMax => levelMax;

    /// <summary>What makes a statement count.</summary>
    internal StatementRules Statements { get; init; } = StatementRules.Right;

    public void Raise(int level, SqlSession sql) => AccountsSchema.Raise(level, sql);

    public Outcome<ReadOnlyMemory<byte>> Apply(AppliedCommand command, ApplyContext context)
    {
        var parsed = Parse(command, context.Level);
        if (!parsed.Succeeded)
        {
            return parsed.Failure;
        }

        var message = parsed.Value;
        if ((Checks.Of(message) ?? (context.Level >= FeedLevel ? Checks.OfLater(message) : null) ?? AskerRights.Check(message, command.Asker)) is { } failure)
        {
            return failure;
        }

        var change = new Change(command, context, Statements);
        if (message is Begin begin)
        {
            return Start(begin, change);
        }

        return change.Rules.Find() is { } rules ? Apply(message, rules, change) : AccountsQueries.NotBegun;
    }

    private static Outcome<ReadOnlyMemory<byte>> Apply(IMessage message, AccountRules rules, Change change) => message switch
    {
        Register c => Enter(c, rules, change),
        OpenSession c => Open(c, change),
        EndSession c => End(c, change),
        EndSessions c => End(c, change),
        SetPassword c => Set(c, change),
        UpgradeCredential c => Upgrade(c, change),
        Recover c => Restore(c, rules, change),
        SetRecoveryKeys c => Set(c, rules, change),
        ChangeDevice c => Apply(c, rules, change),
        AddFirstDevice c => Apply(c, rules, change),
        AddDelegate c => Apply(c, rules, change),
        RemoveDelegate c => Apply(c, change),
        AddPasskey c => Apply(c, change),
        RenamePasskey c => Apply(c, change),
        RemovePasskey c => Apply(c, change),
        SetSecondFactor c => Set(c, change),
        ConfirmSecondFactor c => Confirm(c, change),
        RemoveSecondFactor c => Remove(c, change),
        UseStep c => Use(c, change),
        SetPersonal c => Set(c, change),
        Close c => Leave(c, rules, change),
        CreateInvitation c => Invite(c, change),
        RevokeInvitation c => TakeBack(c, change),
        Govern c => Rule(c, rules, change),
        _ => Forget(change),
    };

    private static Outcome<IMessage> Parse(AppliedCommand command, int level)
    {
        if (!Commands.TryGetValue(command.Type, out var message) || level < Levels.GetValueOrDefault(command.Type))
        {
            return new Failure(FailureKind.Invalid, $"accounts know no command '{Checks.Short(command.Type)}'");
        }

        try
        {
            return Outcome.Of(ProtobufBytes.Read(message, command.Body.Span));
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Invalid, $"the body of the command '{command.Type}' cannot be read");
        }
    }

    private static Outcome<ReadOnlyMemory<byte>> Forget(Change change)
    {
        var sessions = change.Sessions.ForgetEnded(change.At + -AccountsLimits.EndedSessionKept, AccountsLimits.PrunedMax);
        var invitations = change.Invitations.ForgetEnded(change.At + -AccountsLimits.EndedInvitationKept, AccountsLimits.PrunedMax);
        var devices = change.Devices.ForgetRemoved(change.At + -AccountsLimits.RemovedDeviceKept, AccountsLimits.PrunedMax);
        var acts = change.Audit.Forget(change.At + -AccountsLimits.ActKept, AccountsLimits.ActsMax, AccountsLimits.PrunedMax);
        var delegates = change.TellsAll ? change.Delegates.ForgetEnded(change.At + -AccountsLimits.EndedDelegateKept, AccountsLimits.PrunedMax) : 0;
        return Answer(new Pruned { Sessions = sessions, Invitations = invitations, Devices = devices, Acts = acts, Delegates = delegates });
    }

    /// <summary>An account that is there.</summary>
    private static Outcome<AccountRow> Present(AccountId id, Change change)
    {
        var found = change.Accounts.Find(id);
        return found is null ? AccountsQueries.NoAccount(id)
            : found.ClosedAt is { } closed ? new Failure(FailureKind.Conflict, $"the account {id} was closed at {Show(closed)}")
            : found;
    }

    private static Outcome<AccountRow> Present(ByteString id, Change change) => Present(new AccountId(id.Span), change);

    private static ByteString Bytes(AccountId id) => ByteString.CopyFrom(id.ToArray());

    private static ByteString Bytes(KeyId id) => ByteString.CopyFrom(id.ToArray());

    private static string Show(Instant at) => at.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static Outcome<ReadOnlyMemory<byte>> Done(bool changed = true) => Answer(new Done { Changed = changed });

    private static Outcome<ReadOnlyMemory<byte>> Answer(IMessage message) => (ReadOnlyMemory<byte>)message.ToByteArray();
}
