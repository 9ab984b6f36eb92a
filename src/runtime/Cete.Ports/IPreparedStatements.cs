namespace Cete.Ports;

/// <summary>
/// A shorter way to the statements that writers run thousands of times: implemented by a connection whose database can run a prepared statement without
/// the objects that ADO.NET makes for each run. Parameters are written <c>@p1</c>, <c>@p2</c>... One caller at a time.
/// </summary>
public interface IPreparedStatements
{
    /// <summary>Runs one statement that answers nothing.</summary>
    /// <param name="sql">The statement; its text is kept, prepared, until the connection is closed or too many are.</param>
    /// <param name="values">Null, numbers, <see cref="bool"/>, <see cref="string"/> or arrays of bytes.</param>
    /// <returns>The number of rows it changed.</returns>
    /// <exception cref="System.Data.Common.DbException">As the connection's commands throw it.</exception>
    int Run(string sql, ReadOnlySpan<object?> values);

    /// <summary>Runs one statement; the first column of its first row as a number, null where there is no row or it is NULL.</summary>
    long? RunForNumber(string sql, ReadOnlySpan<object?> values);
}
