using Cete.Core;
using Cete.Groups;
using Google.Protobuf;

namespace Cete.Tracker;

/// <summary>One command on its way through the tables.</summary>
internal sealed class Change(AppliedCommand command, ApplyContext context)
{
    private long _version;

    public SqlSession Sql => context.Sql;

    public long Index => command.Index;

    public Instant At => command.At;

    public NodeTable Nodes { get; } = new(context.Sql);

    public TokenTable Tokens { get; } = new(context.Sql);

    public IssuerTable Issuers { get; } = new(context.Sql);

    public GroupTable Groups { get; } = new(context.Sql);

    public SelfServiceTable SelfService { get; } = new(context.Sql);

    /// <summary>Brings the roster to its next version, once a command; answers with it.</summary>
    public long Touch()
    {
        if (_version == 0)
        {
            _version = 1 + Sql.Scalar<long>("SELECT version FROM community WHERE one = 1");
            Sql.Execute("UPDATE community SET version = @p1, changed_at = @p2 WHERE one = 1", _version, At.Microseconds);
        }

        return _version;
    }

    public void Emit(string type, IMessage body) => context.Emit(type, body.ToByteArray());
}
