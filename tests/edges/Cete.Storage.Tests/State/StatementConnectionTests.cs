using Cete.Core;
using Cete.Ports;
using Cete.Storage.State;
using Microsoft.Data.Sqlite;

namespace Cete.Storage.Tests.State;

public sealed class StatementConnectionTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly IStateStore _store;
    private readonly IPreparedStatements _statements;

    public StatementConnectionTests()
    {
        _store = new SqliteStateStores(_folder.Path).Open(GroupId.Of("bank")).Value;
        _statements = (IPreparedStatements)_store.Writer;
        _statements.Run("CREATE TABLE things (name TEXT PRIMARY KEY, number BIGINT, body BLOB, part REAL)", []);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Values_are_bound_by_their_names_wherever_these_stand()
    {
        Assert.Equal(1, _statements.Run("INSERT INTO things (number, body, name, part) VALUES (@p2, @p3, @p1, @p4)", ["one", 7L, new byte[] { 1, 2 }, 0.5]));
        Assert.Equal(1, _statements.Run("INSERT INTO things (name, number, body) VALUES (@p1, @p2, @p3)", ["empty", true, Array.Empty<byte>()]));
        Assert.Equal(1, _statements.Run("INSERT INTO things (name, number, body) VALUES (@p1, @p2, @p3)", ["null", null, null]));

        Assert.Equal(7, _statements.RunForNumber("SELECT number FROM things WHERE name = @p1", ["one"]));
        Assert.Equal(1, _statements.RunForNumber("SELECT count(*) FROM things WHERE body = @p2 AND name = @p1", ["one", new byte[] { 1, 2 }]));
        Assert.Equal(1, _statements.RunForNumber("SELECT number FROM things WHERE name = @p1 AND length(body) = 0", ["empty"]));
        Assert.Null(_statements.RunForNumber("SELECT number FROM things WHERE name = @p1", ["null"]));
        Assert.Null(_statements.RunForNumber("SELECT number FROM things WHERE name = @p1", ["nobody"]));
        Assert.Equal(3, _statements.Run("UPDATE things SET number = @p1", [9]));
    }

    [Fact]
    public void A_statement_that_failed_throws_as_others_do_and_can_be_run_again()
    {
        const string Insert = "INSERT INTO things (name) VALUES (@p1)";
        _statements.Run(Insert, ["one"]);
        var error = Assert.Throws<SqliteException>(() => _statements.Run(Insert, ["one"]));
        Assert.Equal(FailureKind.Damaged, _store.Explain(new SqliteException("damaged", 11), "looking").Kind);
        Assert.Equal(19, error.SqliteErrorCode);
        _statements.Run(Insert, ["two"]);
        Assert.Equal(2, _statements.RunForNumber("SELECT count(*) FROM things", []));
        Assert.Throws<SqliteException>(() => _statements.Run("SELECT nonsense", []));
    }

    [Fact]
    public void More_texts_than_are_kept_and_changed_tables_do_no_harm()
    {
        for (var i = 0; i < 600; i++)
        {
            _statements.Run($"INSERT INTO things (name, number) VALUES ('n{i}', @p1)", [(long)i]);
        }

        Assert.Equal(600, _statements.RunForNumber("SELECT count(*) FROM things", []));
        _statements.Run("ALTER TABLE things ADD COLUMN more TEXT", []);
        Assert.Equal(600, _statements.RunForNumber("SELECT count(*) FROM things", []));
        using (var transaction = _store.Writer.BeginTransaction())
        {
            _statements.Run("DELETE FROM things", []);
            transaction.Rollback();
        }

        Assert.Equal(600, _statements.RunForNumber("SELECT count(*) FROM things", []));
    }
}
