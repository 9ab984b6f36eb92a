using System.Data.Common;
using Cete.Actors;
using Cete.Core;
using Cete.Ports;

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

/// <summary>
/// Owns one read-only connection, on the blocking dispatcher; it is opened on first use, and again when the store was replaced.
/// </summary>
internal sealed class ReaderActor(GroupId group, ReplicaBoard board) : Actor<Query>
{
    private IStateStore? _store;
    private DbConnection? _connection;
    private SqlSession? _sql;

    protected override void Receive(Query message)
    {
        board.Reading.EnterReadLock();
        try
        {
            Run(message);
        }
        finally
        {
            board.Reading.ExitReadLock();
        }
    }

    protected override void Stopped() => Close();

    private void Run(Query message)
    {
        if (board.Store is not { } state)
        {
            // It may be there again by now.
            message.Fail(board.IsReplacing || board.Store is not null
                ? ReplicaBoard.IsBeingReplaced
                : new Failure(FailureKind.Unavailable, $"the store of group '{group}' is not open"));
            return;
        }

        try
        {
            Open(state);
            _sql!.Execute("BEGIN");
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

    private void Open(IStateStore state)
    {
        if (!ReferenceEquals(_store, state))
        {
            Close();
            _connection = state.OpenReader();
            board.AddReader(_connection);
            (_store, _sql) = (state, new SqlSession(_connection));
        }
    }

    private void Close()
    {
        _sql?.Dispose();
        if (_connection is not null)
        {
            board.RemoveReader(_connection);
            _connection.Dispose();
        }

        (_store, _connection, _sql) = (null, null, null);
    }
}
