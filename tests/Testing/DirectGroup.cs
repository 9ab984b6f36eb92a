using Cete.Core;
using Cete.Groups;
using Microsoft.Data.Sqlite;

namespace Cete.Testing;

/// <summary>A group of nothing but a machine over tables in memory: commands are carried out where they are given, stamped as told.</summary>
internal sealed class DirectGroup : TimeProvider, IGroup, IDisposable
{
    private IStateMachine _machine;
    private readonly SqlSession _sql;
    private long _index;

    /// <param name="id">Its name.</param>
    /// <param name="machine">What its commands do.</param>
    /// <param name="level">Its apply level; the newest by itself.</param>
    /// <param name="connection">To its tables, open; in memory by itself.</param>
    public DirectGroup(GroupId id, IStateMachine machine, int? level = null, SqliteConnection? connection = null)
    {
        (Id, _machine, Level) = (id, machine, level ?? machine.LevelMax);
        Connection = connection ?? new SqliteConnection("Data Source=:memory:");
        Connection.Open();
        _sql = new SqlSession(Connection);
        for (var raised = 1; raised <= Level; raised++)
        {
            _machine.Raise(raised, _sql);
        }
    }

    public SqliteConnection Connection { get; }

    /// <summary>Its apply level; whoever sets another one has raised the tables.</summary>
    public int Level { get; set; }

    /// <summary>The same tables under another machine from now on.</summary>
    public DirectGroup With(IStateMachine machine)
    {
        _machine = machine;
        return this;
    }

    /// <summary>Whether it remembers what was handed in.</summary>
    public bool Remembers { get; init; } = true;

    /// <summary>What was handed in, with its stamp, in order.</summary>
    public List<(Instant At, ClientCommand Command)> Handed { get; } = [];

    public IEnumerable<ClientCommand> Commands => Handed.Select(handed => handed.Command);

    /// <summary>The stamp of commands, and the time of whoever reads.</summary>
    public Instant Now { get; set; } = new(1_800_000_000_000_000);

    public GroupId Id { get; }

    public GroupStatus Status => new(true, 1, _index, _index, Level, null);

    public override DateTimeOffset GetUtcNow() => Now.ToDateTimeOffset();

    public Task<Outcome<CommandReply>> SubmitAsync(ClientCommand command, CancellationToken cancellation = default)
    {
        if (Remembers)
        {
            Handed.Add((Now, command));
        }

        _sql.Execute("SAVEPOINT command");
        var applied = new AppliedCommand(++_index, Now, command.Asker, command.Type, command.Body);
        var result = _machine.Apply(applied, new ApplyContext(_sql, Level));
        if (!result.Succeeded)
        {
            _sql.Execute("ROLLBACK TO command");
            _sql.ForgetDerived();
            _machine.Refused(applied, result.Failure, new ApplyContext(_sql, Level));
        }

        _sql.Execute("RELEASE command");
        return Task.FromResult(Outcome.Of(new CommandReply(_index, result)));
    }

    public Task<Outcome<T>> ReadAsync<T>(Func<SqlSession, T> query, ReadLevel level = ReadLevel.Linearizable, CancellationToken cancellation = default) =>
        Task.FromResult(Outcome.Of(query(_sql)));

    public Task<Outcome<FeedPage>> ReadFeedAsync(long after, int countMax, CancellationToken cancellation = default) => throw new NotSupportedException();

    /// <summary>Nothing happens while somebody waits.</summary>
    public Task<long> WaitForAppliedAsync(long index, CancellationToken cancellation = default) =>
        new TaskCompletionSource<long>().Task.WaitAsync(cancellation);

    public Task<Outcome<long>> SnapshotAsync(Stream target, CancellationToken cancellation = default) => throw new NotSupportedException();

    public void Dispose()
    {
        _sql.Dispose();
        Connection.Dispose();
    }
}
