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

    /// <summary>Records of each kind that are ranked among those of others, and as many again for what stands in their first field.</summary>
    private const int BestMax = 100;

    /// <summary>Of later pages: as many as for the first one, and those that were changed into a match meanwhile.</summary>
    private const int KeptMax = 2 * RankedMax;

    /// <summary>Characters of a field that count.</summary>
    private const int CharsMax = 1_000;

    /// <summary>Characters of a piece around what was found.</summary>
    private const int PieceLength = 180;

    private SearchTerms? _terms;

    /// <summary>The best that he finds, with what they are worth among records of other kinds.</summary>
    public IEnumerable<(long Id, Instant Created, int Rank)> Best(SearchTerms terms, SearchPlace place)
    {
        _terms = terms;
        if (!terms.IsAny)
        {
            return [];
        }

        var rating = _kind.Fields.FirstOrDefault(field => field is { Type: FieldType.Rating, Read: null, IsHidden: false });
        var ranked = Walk(new Walking(terms.ToMatch(null), 1, long.MaxValue, BestMax) { IsRead = true, Rating = rating });
        if (ranked.Count == BestMax && _kind.Search.Count > 1)
        {
            ranked.AddRange(Walk(new Walking(terms.ToMatch(TextIndex.ColumnOf(0)), 1, ranked[^1].Id - 1, BestMax) { IsRead = true, Rating = rating }));
        }

        return ranked.Where(one => one.Created <= place.Newest)
            .Select(one => (one.Id, one.Created, SearchRank.OfRecord(one.Points, ShareOf(rating, one.Rating), one.Updated, place.Moment)));
    }

    private static double? ShareOf(FieldDescriptor? field, long? rating)
    {
        var (least, most) = (field?.Min ?? 1, field?.Max ?? 5);
        return rating is { } given && most > least ? ((double)given - least) / ((double)most - least) : null;
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
        List<Match> found = at is null ? [.. ranked]
            : at.Points == 0 ? []
            : [.. ranked.Where(each => each.Points < at.Points || (each.Points == at.Points && each.Id < at.Id))];
        found = [.. found.Take(limit + 1)];
        if (low > 0 && found.Count <= limit)
        {
            var heavy = ranked.Select(each => each.Id).Where(id => id < low).ToHashSet();
            var before = at is { Points: 0 } ? at.Id : low;
            var rest = Walk(new Walking(terms.ToMatch(null), 1, before - 1, limit + 1 + heavy.Count) { View = view, Filter = filter });
            found.AddRange(rest.Where(each => !heavy.Contains(each.Id)).Take(limit + 1 - found.Count));
        }

        var items = found.Take(limit).ToArray();
        var next = found.Count <= limit ? null
            : new SearchCursor(SearchCursor.DigestOf(terms), newest, low, heavyLow, items[^1].Points, items[^1].Id).ToString();
        return new RecordPage(ById(items.Select(item => item.Id)), next);
    }

    /// <summary>Those that are ranked, the best first, of equal ones the newest; and the ids down to which both sorts of them go.</summary>
    private (List<Match> Ranked, long Low, long HeavyLow) Rank(
        SearchTerms terms, ViewDescriptor? view, Expression? filter, SearchCursor? at, long newest)
    {
        var all = new Walking(terms.ToMatch(null), at?.Low ?? 1, newest, at is null ? RankedMax : KeptMax) { View = view, Filter = filter, IsRead = true };
        var ranked = Walk(all);
        var low = at?.Low ?? (ranked.Count == RankedMax ? ranked[^1].Id : 0);
        long heavyLow = 0;
        if (low > 0 && _kind.Search.Count > 1)
        {
            var heavy = Walk(all with
            {
                Match = terms.ToMatch(TextIndex.ColumnOf(0)),
                First = at?.HeavyLow ?? 1,
                Last = low - 1,
                Count = at is null ? HeavyMax : KeptMax,
            });
            heavyLow = at?.HeavyLow ?? (heavy.Count == HeavyMax ? heavy[^1].Id : 0);
            ranked.AddRange(heavy);
        }

        return ([.. ranked.OrderByDescending(found => found.Points).ThenByDescending(found => found.Id)], low, heavyLow);
    }

    /// <summary>The newest that match and that he may see; with what they are worth where that is asked.</summary>
    private List<Match> Walk(Walking walking)
    {
        var statement = new SqlWriter(_service);
        var rating = walking.Rating is { } field ? "r." + StoredKind.ColumnOf(field.Name) : "NULL";
        statement.Put($"SELECT r.id, r.created_at, r.updated_at, {rating}");
        foreach (var searched in walking.IsRead ? _kind.Search : [])
        {
            statement.Put($", substr(r.{StoredKind.ColumnOf(searched.Name)}, 1, {CharsMax})");
        }

        statement.Put($" FROM {_kind.TextTable} w CROSS JOIN {_kind.Table} r ON r.id = w.rowid");
        WriteAlive(statement, isDeleted: false);
        statement.Put($" AND w.{_kind.TextTable} MATCH {statement.Parameter(walking.Match)}");
        statement.Put($" AND w.rowid >= {statement.Parameter(walking.First)} AND w.rowid <= {statement.Parameter(walking.Last)}");
        WriteRule(statement, _kind.Kind.Rules.List);
        Write(statement, walking.View?.Filter);
        Write(statement, walking.Filter);
        statement.Text.Append(" ORDER BY w.rowid DESC LIMIT ").Append(statement.Parameter((long)walking.Count));
        const int Common = 4;
        var matcher = new TextMatcher(_terms!);
        var texts = new string?[walking.IsRead ? _kind.Search.Count : 0];
        object?[] values = [.. statement.Values];
        return _sql.Query(
            statement.Text.ToString(),
            row =>
            {
                for (var i = 0; i < texts.Length; i++)
                {
                    texts[i] = row.IsDBNull(Common + i) ? null : row.GetString(Common + i);
                }

                return new Match(row.GetInt64(0), walking.IsRead ? matcher.Points(texts) : 0)
                {
                    Created = new Instant(row.GetInt64(1)),
                    Updated = new Instant(row.GetInt64(2)),
                    Rating = row.IsDBNull(3) ? null : row.GetInt64(3),
                };
            },
            values);
    }

    /// <summary>Records in the order of their ids as given, with the pieces in which the words stand.</summary>
    public List<RecordView> ById(IEnumerable<long> ids)
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
            statement.Put($" AND r.id IN (SELECT rowid FROM {_kind.TextTable} WHERE {_kind.TextTable} MATCH {statement.Parameter(terms.ToMatch(null))})");
        }
    }

    /// <summary>Which matches are looked at.</summary>
    /// <param name="Match">What they match.</param>
    /// <param name="First">The least id.</param>
    /// <param name="Last">The greatest.</param>
    /// <param name="Count">At most so many.</param>
    private sealed record Walking(string Match, long First, long Last, int Count)
    {
        public ViewDescriptor? View { get; init; }

        public Expression? Filter { get; init; }

        /// <summary>Their texts are read, to say what they are worth.</summary>
        public bool IsRead { get; init; }

        public FieldDescriptor? Rating { get; init; }
    }

    /// <summary>A record that matches.</summary>
    private readonly record struct Match(long Id, long Points)
    {
        public Instant Created { get; init; }

        public Instant Updated { get; init; }

        public long? Rating { get; init; }
    }
}
