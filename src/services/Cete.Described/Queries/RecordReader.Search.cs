using Cete.Core;
using Cete.Expressions;

namespace Cete.Described;

/// <content>
/// Searches by words. However many records match, a bounded number of those that the asker may see is ranked: the newest, and beyond those the newest that
/// have all words in the first field. The others follow, the newest first.
/// </content>
internal sealed partial class RecordReader
{
    /// <summary>Records that are ranked.</summary>
    private const int RankedMax = 400;

    /// <summary>Records that are ranked beside those, for what stands in their first field.</summary>
    private const int HeavyMax = 200;

    /// <summary>Of later pages: as many as for the first one, and those that were changed into a match meanwhile.</summary>
    private const int KeptMax = 2 * RankedMax;

    /// <summary>Characters of a field that count.</summary>
    private const int CharsMax = 1_000;

    /// <summary>Characters of a piece around what was found.</summary>
    private const int PieceLength = 180;

    private SearchTerms? _terms;

    /// <summary>The best that he finds, at most so many, each with what it is worth; for lists of what is found in many places.</summary>
    public List<(RecordView Record, long Points)> Best(SearchTerms terms, int count)
    {
        _terms = terms;
        if (!terms.IsAny || _kind.Search.Count == 0)
        {
            return [];
        }

        var (ranked, _, _) = Rank(terms, null, null, null, long.MaxValue);
        var best = ranked.Take(count).ToDictionary(found => found.Id, found => found.Points);
        return [.. ById(best.Keys).Select(record => (record, best[record.Id])).OrderByDescending(found => found.Item2).ThenByDescending(found => found.record.Id)];
    }

    /// <summary>Reads what is searched for; null for nothing.</summary>
    private Outcome<SearchTerms?> Terms(string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
        {
            return (SearchTerms?)null;
        }

        var terms = SearchTerms.Parse(typed);
        return !terms.Succeeded ? terms.Failure
            : _kind.Search.Count == 0 ? new Failure(FailureKind.Invalid, $"{_kind.Name} are not searched by words; take a filter")
            : terms.Value;
    }

    private RecordPage Search(RecordQuery query, SearchTerms terms, ViewDescriptor? view, Expression? filter)
    {
        var limit = Math.Clamp(query.Limit, 1, RecordQuery.LimitMax);
        var at = SearchCursor.Read(query.Cursor, terms);
        var newest = at?.Newest ?? _sql.Scalar<long>($"SELECT coalesce(max(id), 0) FROM {_kind.Table}");
        var (ranked, low, heavyLow) = Rank(terms, view, filter, at, newest);
        List<(long Id, long Points)> found = at is null ? [.. ranked]
            : at.Points == 0 ? []
            : [.. ranked.Where(each => each.Points < at.Points || (each.Points == at.Points && each.Id < at.Id))];
        found = [.. found.Take(limit + 1)];
        if (low > 0 && found.Count <= limit)
        {
            var heavy = ranked.Select(each => each.Id).Where(id => id < low).ToHashSet();
            var before = at is { Points: 0 } ? at.Id : low;
            var rest = Walk(terms.ToMatch(null), view, filter, 1, before - 1, limit + 1 + heavy.Count, isRead: false);
            found.AddRange(rest.Where(each => !heavy.Contains(each.Id)).Take(limit + 1 - found.Count));
        }

        var items = found.Take(limit).ToArray();
        var next = found.Count <= limit ? null
            : new SearchCursor(SearchCursor.DigestOf(terms), newest, low, heavyLow, items[^1].Points, items[^1].Id).ToString();
        return new RecordPage(ById(items.Select(item => item.Id)), next);
    }

    /// <summary>Those that are ranked, the best first, of equal ones the newest; and the ids down to which both sorts of them go.</summary>
    private (List<(long Id, long Points)> Ranked, long Low, long HeavyLow) Rank(
        SearchTerms terms, ViewDescriptor? view, Expression? filter, SearchCursor? at, long newest)
    {
        var ranked = Walk(terms.ToMatch(null), view, filter, at?.Low ?? 1, newest, at is null ? RankedMax : KeptMax, isRead: true);
        var low = at?.Low ?? (ranked.Count == RankedMax ? ranked[^1].Id : 0);
        long heavyLow = 0;
        if (low > 0 && _kind.Search.Count > 1)
        {
            var heavy = Walk(terms.ToMatch(TextIndex.ColumnOf(0)), view, filter, at?.HeavyLow ?? 1, low - 1, at is null ? HeavyMax : KeptMax, isRead: true);
            heavyLow = at?.HeavyLow ?? (heavy.Count == HeavyMax ? heavy[^1].Id : 0);
            ranked.AddRange(heavy);
        }

        return ([.. ranked.OrderByDescending(found => found.Points).ThenByDescending(found => found.Id)], low, heavyLow);
    }

    /// <summary>The newest that match and that he may see, within some ids; with what they are worth where that is asked.</summary>
    private List<(long Id, long Points)> Walk(
        string match, ViewDescriptor? view, Expression? filter, long first, long last, int count, bool isRead)
    {
        var statement = new SqlWriter(_service);
        statement.Put("SELECT r.id");
        foreach (var field in isRead ? _kind.Search : [])
        {
            statement.Put($", substr(r.{StoredKind.ColumnOf(field.Name)}, 1, {CharsMax})");
        }

        statement.Put($" FROM {_kind.TextTable} w CROSS JOIN {_kind.Table} r ON r.id = w.rowid");
        WriteAlive(statement, isDeleted: false);
        statement.Text.Append($" AND w.{_kind.TextTable} MATCH ").Append(statement.Parameter(match));
        statement.Text.Append(" AND w.rowid >= ").Append(statement.Parameter(first)).Append(" AND w.rowid <= ").Append(statement.Parameter(last));
        WriteRule(statement, _kind.Kind.Rules.List);
        Write(statement, view?.Filter);
        Write(statement, filter);
        statement.Text.Append(" ORDER BY w.rowid DESC LIMIT ").Append(statement.Parameter((long)count));
        var matcher = new TextMatcher(_terms!);
        var texts = new string?[_kind.Search.Count];
        object?[] values = [.. statement.Values];
        return _sql.Query(
            statement.Text.ToString(),
            row =>
            {
                for (var i = 0; isRead && i < texts.Length; i++)
                {
                    texts[i] = row.IsDBNull(i + 1) ? null : row.GetString(i + 1);
                }

                return (row.GetInt64(0), isRead ? matcher.Points(texts) : 0);
            },
            values);
    }

    /// <summary>Records in the order of their ids as given, with the pieces in which the words stand.</summary>
    private List<RecordView> ById(IEnumerable<long> ids)
    {
        long[] wanted = [.. ids];
        if (wanted.Length == 0)
        {
            return [];
        }

        var statement = Begin();
        WriteAlive(statement, isDeleted: false);
        WriteRule(statement, _kind.Kind.Rules.List);
        statement.Text.Append(" AND r.id IN (").AppendJoin(", ", wanted.Select(id => statement.Parameter(id))).Append(')');
        var found = Query(statement).ToDictionary(record => record.Id);
        return [.. wanted.Where(found.ContainsKey).Select(id => found[id])];
    }

    /// <summary>Where in a record stands what was searched for: a piece of each field that it is found by.</summary>
    private List<TextPiece> PiecesOf(RecordView record)
    {
        var matcher = new TextMatcher(_terms!);
        return
        [
            .. _kind.Search.Select(field => (field.Name, Value: record.Get(field.Name)))
                .Where(pair => !pair.Value.IsNull)
                .Select(pair => matcher.Cut(pair.Name, pair.Value.AsText, PieceLength)).OfType<TextPiece>(),
        ];
    }

    private void WriteText(SqlWriter statement)
    {
        if (_terms is { IsAny: false })
        {
            statement.Put(" AND 1 = 0");
        }
        else if (_terms is { } terms)
        {
            statement.Text.Append($" AND r.id IN (SELECT rowid FROM {_kind.TextTable} WHERE {_kind.TextTable} MATCH ")
                .Append(statement.Parameter(terms.ToMatch(null))).Append(')');
        }
    }
}
