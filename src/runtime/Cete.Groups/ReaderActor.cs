using System.Data.Common;
using Cete.Actors;
using Cete.Core;

namespace Cete.Groups;

/// <summary>A question to a store, with the type of its answer inside.</summary>
internal abstract class Query
{
    public abstract void Run(SqlSession sql);

    public abstract void Fail(Failure failure);

    public abstract void Fail(Exception bug);
}

/// <summary>A question with its answer.</summary>
internal sealed class Query<T>(Func<SqlSession, T> query, ReplyTo<Outcome<T>> answer) : Query
{
    public override void Run(SqlSession sql) => answer.Reply(Outcome.Of(query(sql)));

    public override void Fail(Failure failure) => answer.Reply(failure);

    public override void Fail(Exception bug) => answer.Fail(bug);
}

/// <summary>Owns one read-only connection, on the blocking dispatcher; it is opened on first use.</summary>
internal sealed class ReaderActor(GroupId group, ReplicaBoard board) : Actor<Query>
{
    private DbConnection? _connection;
    private SqlSession? _sql;

    protected override void Receive(Query message)
    {
        if (board.Store is not { } state)
        {
            message.Fail(new Failure(FailureKind.Unavailable, $"the store of group '{group}' is not open"));
            return;
        }

        try
        {
            _connection ??= state.OpenReader();
            _sql ??= new SqlSession(_connection);
            _sql.Execute("BEGIN");
            try
            {
                message.Run(_sql);
            }
            finally
            {
                _sql.Execute("ROLLBACK");
            }
        }
        catch (DbException error)
        {
            message.Fail(state.Explain(error, $"reading from group '{group}'"));
            Close();
        }
        catch (Exception bug)
        {
            // A query of a service is wrong: whoever asked has to learn of it, the connection is not to blame.
            message.Fail(bug);
        }
    }

    protected override void Stopped() => Close();

    private void Close()
    {
        _sql?.Dispose();
        _connection?.Dispose();
        (_sql, _connection) = (null, null);
    }
}
