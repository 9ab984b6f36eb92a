using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Cete.Storage.Local;

/// <summary>
/// A table of what a user asked for, each with a number: <c>id INTEGER PRIMARY KEY AUTOINCREMENT, facts TEXT NOT NULL</c>, the facts as JSON.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="form">How one is written.</param>
/// <param name="read">What was read, under its number; null where something is missing that all have.</param>
internal sealed class FactsTable<T>(string name, JsonTypeInfo<T> form, Func<T, long, T?> read)
    where T : class
{
    /// <summary>All that can be read, the oldest first.</summary>
    public IReadOnlyList<T> All(LocalCommands sql) =>
        [.. sql.Query($"SELECT id, facts FROM {name} ORDER BY id", row => Parse(row.GetInt64(0), row.GetString(1))).OfType<T>()];

    /// <summary>Adds one under a number that none had before.</summary>
    public T Add(LocalCommands sql, Func<long, T> make)
    {
        var id = sql.Query($"INSERT INTO {name} (facts) VALUES ('') RETURNING id", row => row.GetInt64(0))[0];
        var made = make(id);
        Write(sql, id, made);
        return made;
    }

    /// <summary>Keeps one as it is now; false where it is not there.</summary>
    public bool Write(LocalCommands sql, long id, T facts) =>
        sql.Execute($"UPDATE {name} SET facts = @p1 WHERE id = @p2", JsonSerializer.Serialize(facts, form), id) > 0;

    /// <summary>Takes one out.</summary>
    public int Forget(LocalCommands sql, long id) => sql.Execute($"DELETE FROM {name} WHERE id = @p1", id);

    private T? Parse(long id, string facts)
    {
        try
        {
            return JsonSerializer.Deserialize(facts, form) is { } known ? read(known, id) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
