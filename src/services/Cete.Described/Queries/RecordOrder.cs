using System.Globalization;
using System.Text;
using Cete.Core;
using Cete.Expressions;

namespace Cete.Described;

/// <summary>
/// The order of a list, and where in it a page begins: by the values of the last record of the page before, so that records that come or go meanwhile
/// neither repeat nor hide others. What has no value comes first, as SQLite orders.
/// </summary>
internal sealed class RecordOrder
{
    private const int CursorCharsMax = 8_192;
    private const int FieldsMax = 3;

    private readonly List<(FieldDescriptor? Field, string Name, bool IsFalling)> _by;

    private RecordOrder(List<(FieldDescriptor? Field, string Name, bool IsFalling)> by) => _by = by;

    /// <summary>The order that names ask for; by fields that everybody may see who sees the record, since an order tells much of a value.</summary>
    public static Outcome<RecordOrder> Of(StoredKind kind, IReadOnlyList<string> names)
    {
        List<(FieldDescriptor?, string, bool)> by = [];
        foreach (var written in names.Take(FieldsMax))
        {
            var isFalling = written.StartsWith('-');
            var name = isFalling ? written[1..] : written;
            var field = Names.OfEveryRecord.Contains(name) ? null : Open(kind, name);
            if (field is null && !Names.OfEveryRecord.Contains(name))
            {
                return new Failure(
                    FailureKind.Invalid,
                    $"{kind.Name} cannot be ordered by '{Section.Show(name)}'; "
                    + Nearest.Hint(name, [.. kind.Fields.Select(each => each.Name), .. Names.OfEveryRecord]));
            }

            by.Add((field, name, isFalling));
        }

        if (by.All(each => each.Item2 != "id"))
        {
            // Otherwise the newest come first.
            by.Add((null, "id", by.Count == 0 || by[^1].Item3));
        }

        return new RecordOrder(by);
    }

    /// <summary>A field that has a column and no rule of its own.</summary>
    public static FieldDescriptor? Open(StoredKind kind, string name) =>
        kind.Fields.FirstOrDefault(field => field.Name == name && field.Read is null && field.Type is not (FieldType.Sealed or FieldType.MultiSelect));

    public void WriteOrder(SqlWriter statement) => statement.Text.Append(" ORDER BY ").AppendJoin(
        ", ", _by.Select(each => $"r.{StoredKind.ColumnOf(each.Name)}{(each.IsFalling ? " DESC" : string.Empty)}"));

    /// <summary>Where a page ended; text that clients hand back unread.</summary>
    public string CursorAt(RecordView last)
    {
        var text = string.Join('\u001f', _by.Select(each => Write(last.Get(each.Name))).Prepend(Signature));
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    /// <summary>Goes on behind a cursor. One that makes no sense, or is of another order, begins at the start.</summary>
    public void WriteAfter(SqlWriter statement, string? cursor)
    {
        if (Read(cursor) is not { } values)
        {
            return;
        }

        // (a, b, c) behind (x, y, z): behind in a, or the same there and behind in b...
        statement.Text.Append(" AND (");
        for (var i = 0; i < _by.Count; i++)
        {
            statement.Text.Append(i == 0 ? "(" : " OR (");
            for (var j = 0; j < i; j++)
            {
                WriteSame(statement, _by[j].Name, values[j]);
                statement.Text.Append(" AND ");
            }

            WriteBehind(statement, _by[i].Name, _by[i].IsFalling, values[i]);
            statement.Text.Append(')');
        }

        statement.Text.Append(')');

        // Said once more in a form by which an index is gone through from there.
        if (_by[0] is var first && values[0] is { } bound)
        {
            statement.Text.Append(first.IsFalling ? $" AND (r.{StoredKind.ColumnOf(first.Name)} <= " : $" AND (r.{StoredKind.ColumnOf(first.Name)} >= ")
                .Append(statement.Parameter(bound));
            statement.Text.Append(first.IsFalling && IsNullable(first.Field) ? $" OR r.{StoredKind.ColumnOf(first.Name)} IS NULL)" : ")");
        }
    }

    private string Signature => string.Join(',', _by.Select(each => (each.IsFalling ? "-" : string.Empty) + each.Name));

    private static bool IsNullable(FieldDescriptor? field) => field is not null;

    private static void WriteSame(SqlWriter statement, string name, object? value)
    {
        statement.Put($"r.{StoredKind.ColumnOf(name)} ");
        statement.Text.Append(value is null ? "IS NULL" : $"= {statement.Parameter(value)}");
    }

    private static void WriteBehind(SqlWriter statement, string name, bool isFalling, object? value)
    {
        var column = $"r.{StoredKind.ColumnOf(name)}";
        statement.Text.Append((value, isFalling) switch
        {
            (null, false) => $"{column} IS NOT NULL",
            (null, true) => "1 = 0",
            (_, false) => $"{column} > {statement.Parameter(value)}",
            _ => $"({column} < {statement.Parameter(value)} OR {column} IS NULL)",
        });
    }

    private static string Write(Value value) => value.ToStored() switch
    {
        null => "n",
        string text => "t" + text,
        var number => "i" + Convert.ToInt64(number, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
    };

    private object?[]? Read(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor) || cursor.Length > CursorCharsMax)
        {
            return null;
        }

        var text = cursor.Replace('-', '+').Replace('_', '/');
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var count))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(bytes, 0, count).Split('\u001f');
        if (parts.Length != _by.Count + 1 || parts[0] != Signature)
        {
            return null;
        }

        var values = new object?[_by.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var part = parts[i + 1];
            var isNumber = part.StartsWith('i') && long.TryParse(part.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
            if (!isNumber && part is not ("n" or ['t', ..]))
            {
                return null;
            }

            values[i] = part == "n" ? null : isNumber ? long.Parse(part.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : part[1..];
        }

        return values;
    }
}
