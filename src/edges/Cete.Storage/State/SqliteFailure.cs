using Cete.Core;
using Microsoft.Data.Sqlite;

namespace Cete.Storage.State;

/// <summary>What SQLite's result codes mean to a group.</summary>
internal static class SqliteFailure
{
    private const int Busy = 5;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int NotADatabase = 26;

    public static Failure From(SqliteException error, string doing) => error.SqliteErrorCode switch
    {
        Corrupt or NotADatabase => new Failure(FailureKind.Damaged,
            $"the database is damaged ({error.Message}) while {doing}; restore it from a backup, or the node from its community"),
        Full => new Failure(FailureKind.Full, $"no room on the disk while {doing}; make room and try again"),
        Busy => new Failure(FailureKind.Conflict, $"the database is in use by another process while {doing}"),
        _ => new Failure(FailureKind.Unavailable, $"SQLite failed while {doing}: {error.Message}"),
    };
}
