namespace Cete.Expressions;

/// <summary>How tables and columns are called. What it gives is written into SQL as it stands: never anything that a stranger wrote.</summary>
public interface ISqlNames
{
    /// <summary>The table of records of that type.</summary>
    string Table(RecordType type);

    /// <summary>The column of a field; one of texts has no collation of its own, so that it is compared byte by byte.</summary>
    string Column(RecordType type, string field);

    /// <summary>
    /// What every row of a table must meet to be there at all, as `l.deleted_at IS NULL`; null when nothing. It is never null in SQL's sense, and is asked
    /// for tables that expressions reach by relations and macros; whoever selects rows of the table itself writes it himself.
    /// </summary>
    string? Alive(RecordType type, string alias);
}

/// <summary>Which database reads the SQL.</summary>
public enum SqlDialect
{
    /// <summary>SQLite, from 3.43 on.</summary>
    Sqlite,

    /// <summary>PostgreSQL, from 14 on.</summary>
    PostgreSql,
}
