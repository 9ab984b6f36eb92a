using Cete.Core;
using Cete.Groups;
using Google.Protobuf;

namespace Cete.Accounts;

/// <summary>One command on its way through the tables.</summary>
internal sealed class Change(AppliedCommand command, ApplyContext context, StatementRules statements)
{
    public SqlSession Sql => context.Sql;

    public long Index => command.Index;

    public Instant At => command.At;

    public Asker Asker => command.Asker;

    /// <summary>Other groups import what is emitted, and what they need to verify it is kept.</summary>
    public bool TellsAll => context.Level >= AccountsMachine.FeedLevel;

    public StatementRules Statements => statements;

    public RulesTable Rules { get; } = new(context.Sql);

    public AccountTable Accounts { get; } = new(context.Sql);

    public PrivateTables Private { get; } = new(context.Sql);

    public DeviceTable Devices { get; } = new(context.Sql);

    public KeyHistoryTable History { get; } = new(context.Sql);

    public DelegateTable Delegates { get; } = new(context.Sql);

    public PasskeyTable Passkeys { get; } = new(context.Sql);

    public SessionTable Sessions { get; } = new(context.Sql);

    public InvitationTable Invitations { get; } = new(context.Sql);

    public RoleTable Roles { get; } = new(context.Sql);

    public AuditTable Audit { get; } = new(context.Sql);

    public void Emit(string type, IMessage body) => context.Emit(type, body.ToByteArray());
}
