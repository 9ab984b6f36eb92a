using System.Data.Common;
using Cete.Core;
using Cete.Expressions;

namespace Cete.Described;

/// <summary>A record as it stands in its table, or as it would.</summary>
internal sealed class Row(StoredKind kind, long id, string owner, Instant created, Value[] values)
{
    public StoredKind Kind => kind;

    public long Id => id;

    public string Owner => owner;

    public Instant Created => created;

    public Instant Updated { get; init; }

    public long Revision { get; init; } = 1;

    public Instant? Deleted { get; init; }

    public bool IsHidden { get; init; }

    public bool IsAlive => Deleted is null && !IsHidden;

    public ReadOnlySpan<Value> Values => values;

    public Value Get(string field) => field switch
    {
        "id" => id == 0 ? Value.Null : Value.Of(id),
        "owner" => Value.Of(owner),
        "created" => Value.OfTimestamp(Created.Microseconds),
        "updated" => Value.OfTimestamp(Updated.Microseconds),
        "revision" => Value.Of(Revision),
        _ => kind.PlaceOf(field) is var place && place >= 0 ? values[place] : Value.Null,
    };

    /// <summary>The same record, changed.</summary>
    public Row With(Instant at, Value[] changed) => new(kind, id, owner, Created, changed) { Updated = at, Revision = Revision + 1 };

    /// <summary>A copy of its values, to be changed.</summary>
    public Value[] Copy() => [.. values];

    /// <summary>Reads the columns of <see cref="StoredKind.Columns"/>.</summary>
    public static Row Read(StoredKind kind, DbDataReader row)
    {
        const int Common = 7;
        var values = new Value[kind.Fields.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = row.IsDBNull(Common + i) ? Value.Null : Value.FromStored(kind.Types[i], row.GetValue(Common + i));
        }

        return new Row(kind, row.GetInt64(0), row.GetString(1), new Instant(row.GetInt64(2)), values)
        {
            Updated = new Instant(row.GetInt64(3)),
            Revision = row.GetInt64(4),
            Deleted = row.IsDBNull(5) ? null : new Instant(row.GetInt64(5)),
            IsHidden = row.GetInt64(6) != 0,
        };
    }
}
