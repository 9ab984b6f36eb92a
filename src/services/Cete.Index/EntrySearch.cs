using Cete.Core;
using Cete.Groups;

namespace Cete.Index;

/// <summary>
/// Searches by words and filters. However many entries match, a bounded number of them is looked at: those that a list gives up cheaply,
/// the newest, and those that fit best by their name.
/// </summary>
internal sealed class EntrySearch
{
    /// <summary>Matches that are counted, ranked and sorted.</summary>
    public const int CandidatesMax = 1_000;

    /// <summary>Of those, the newest are ranked, and as many more with all words in their name.</summary>
    private const int RankedMax = 250;

    /// <summary>Names that are as typed, or begin so.</summary>
    private const int ExactMax = 4;

    /// <summary>Names are looked for so many times further back than the newest matches reach: lists that hardly meet are not walked to their end.</summary>
    private const int NamedSpan = 8;

    /// <summary>Entries that are looked at one by one for a page of a sorted list.</summary>
    private const int StepsMax = 1_000;

    private const int Octaves = 64;

    private readonly SqlSession _sql;
    private readonly EntryQuery _query;
    private readonly SearchWords _words;
    private readonly long _folder;
    private readonly string _match;
    private readonly long _first;
    private readonly long _last;

    private EntrySearch(SqlSession sql, EntryQuery query, SearchWords words, long folder)
    {
        (_sql, _query, _words, _folder) = (sql, query, words, folder);
        _match = MatchText.Of(sql, words, query, folder);
        _first = query.Filter.Since is { } since ? FirstSince(since) : 0;
        _last = query.Filter.Before is { } before ? FirstSince(before) - 1 : long.MaxValue;
    }

    public static Page<EntryRecord> Run(SqlSession sql, EntryQuery query, SearchWords words, long folder)
    {
        var search = new EntrySearch(sql, query, words, folder);
        return query.Sort switch
        {
            EntrySort.Added => search.ByAge(),
            EntrySort.Relevance => search.ByRelevance(),
            _ => search.BySort(),
        };
    }

    /// <summary>Whether anything at all is found.</summary>
    public static bool Any(SqlSession sql, EntryQuery query, SearchWords words, long folder)
    {
        var search = new EntrySearch(sql, query, words, folder);
        return search.Newest(search._match, search._first, search._last, 1).Count > 0;
    }

    private Page<EntryRecord> ByAge()
    {
        var after = Cursor.ReadNumber(Cursor.AddedList, _query.Cursor)?.Key;
        var (first, last) = after is not { } id ? (_first, _last)
            : _query.Descending ? (_first, Math.Min(_last, id - 1)) : (Math.Max(_first, id + 1), _last);
        var found = Ids(_match, first, last, _query.Limit + 1, _query.Descending);
        var items = EntryQueries.ByIds(_sql, found.Take(_query.Limit));

        // A plain list is not counted: that would be a thousand lines for a page of fifty.
        var isPlain = _words.IsEmpty && _query.Filter == EntryFilter.None;
        var total = after is null && !isPlain ? Newest(_match, _first, _last, CandidatesMax + 1).Count : (int?)null;
        return Counted(items, found.Count > _query.Limit ? Cursor.Of(Cursor.AddedList, $"{items[^1].Id}", items[^1].Id) : null, total);
    }

    private Page<EntryRecord> ByRelevance()
    {
        // Entries that are filed while pages are turned are left out, so that they do not shift those that come after them.
        var newestNow = _sql.Scalar<long>("SELECT max(id) FROM entries");
        var (offset, newest) = Cursor.ReadNumber(Cursor.RelevanceList, _query.Cursor) ?? (0, newestNow);
        var last = Math.Min(_last, newest);

        // Where enough entries hold the words as they are, what only begins with them need not be looked for: that is many lists in place of one.
        var match = MatchText.Of(_sql, _words, _query, _folder, WordFit.Whole);
        var found = match == _match ? [] : Newest(match, _first, last, CandidatesMax + 1);
        if (found.Count <= CandidatesMax)
        {
            match = _match;
            found = Newest(match, _first, last, CandidatesMax + 1);
        }

        var ranked = _words.With.Count == 0 ? [.. found.Take(CandidatesMax)] : Rank(found, last);
        var items = EntryQueries.ByIds(_sql, ranked.Skip((int)Math.Min(offset, CandidatesMax)).Take(_query.Limit));
        var next = offset + items.Count < ranked.Count && items.Count > 0 ? Cursor.Of(Cursor.RelevanceList, $"{offset + items.Count}", newest) : null;
        return Counted(items, next, found.Count);
    }

    private static Page<EntryRecord> Counted(IReadOnlyList<EntryRecord> items, string? next, int? count) =>
        new(items, next, count is { } found ? Math.Min(found, CandidatesMax) : null, count > CandidatesMax);

    /// <summary>The best first. Of many matches those are looked at that may fit best: by name, then the newest; the others follow as they are.</summary>
    private List<long> Rank(List<long> found, long last)
    {
        IEnumerable<long> best = found.Take(RankedMax);
        if (found.Count > RankedMax)
        {
            var first = Math.Max(_first, found[0] - (NamedSpan * (found[0] - found[^1])));
            best = [.. best, .. Newest(MatchText.Of(_sql, _words, _query, _folder, WordFit.InName), first, last, RankedMax), .. Exact(found, last)];
        }

        var ranked = new Ranking(_words, NameKey.Of(_query.Words)).Rank(_sql, best);
        return [.. Ranking.Order(ranked).Concat(found).Distinct().Take(CandidatesMax)];
    }

    /// <summary>Those whose name is as typed or begins so. If not all that match were found, the words of their name tell whether they do.</summary>
    private IEnumerable<long> Exact(List<long> found, long last)
    {
        var key = NameKey.Of(_query.Words);
        var named = _sql.Query(
            "SELECT id, words FROM entries WHERE removed = 0 AND name_key >= @p1 AND name_key < @p2 ORDER BY name_key, id LIMIT @p3",
            row => (Id: row.GetInt64(0), Words: row.GetString(1)), key, key + '\uffff', ExactMax);
        return named
            .Where(entry => entry.Id <= last && entry.Id >= _first)
            .Where(entry => found.Contains(entry.Id) || (found.Count > CandidatesMax && (IsHeldBy(entry.Words) || IsMatch(entry.Id))))
            .Select(entry => entry.Id);
    }

    /// <summary>Whether nothing but words is asked for, and a name has them all.</summary>
    private bool IsHeldBy(string name) =>
        _query is { Below: true, Folder.IsTop: true } && _query.Filter == EntryFilter.None && _words.Without.Count == 0 && _words.Tags.Count == 0
        && _words.With.All(term => Ranking.Holds(name, term));

    private Page<EntryRecord> BySort()
    {
        var found = Newest(_match, _first, _last, CandidatesMax + 1);
        var list = _query.Sort == EntrySort.Size ? Cursor.SizeList : Cursor.NameList;
        var keys = found.Count <= CandidatesMax ? Behind([.. found.Select(KeyOf)])
            : _query.Sort == EntrySort.Size ? BySizeOf()
            : Walk();
        var items = EntryQueries.ByIds(_sql, keys.Found.Take(_query.Limit).Select(key => key.Id));
        var end = keys.Found.Count > _query.Limit ? keys.Found[_query.Limit - 1] : keys.End;
        var next = end is { } last ? Cursor.Of(list, list == Cursor.SizeList ? $"{last.Length}" : last.Name, last.Id) : null;
        return Counted(items, next, found.Count);
    }

    private SortKey KeyOf(long id) => _sql.First(
        "SELECT id, length, name_key FROM entries WHERE id = @p1", row => new SortKey(row.GetInt64(0), row.GetInt64(1), row.GetString(2)), id);

    /// <summary>Keys in order, from behind the cursor on.</summary>
    private (List<SortKey> Found, SortKey? End) Behind(List<SortKey> keys)
    {
        var comparer = Comparer<SortKey>.Create(Compare);
        var after = After();
        return ([.. keys.Where(key => after is not { } start || Compare(key, start) > 0).Order(comparer)], null);
    }

    private int Compare(SortKey a, SortKey b)
    {
        // As SQLite compares: the bytes of UTF-8.
        var order = _query.Sort == EntrySort.Size ? a.Length.CompareTo(b.Length) : Utf8Order.Compare(a.Name, b.Name);
        order = order == 0 ? a.Id.CompareTo(b.Id) : order;
        return _query.Descending ? -order : order;
    }

    private SortKey? After() => _query.Sort == EntrySort.Size
        ? Cursor.ReadNumber(Cursor.SizeList, _query.Cursor) is { } size ? new SortKey(size.Id, size.Key, string.Empty) : null
        : Cursor.Read(Cursor.NameList, _query.Cursor) is { } name ? new SortKey(name.Id, 0, name.Key) : null;

    /// <summary>Goes from octave to octave: of each all that match, if that are few, else the index step by step.</summary>
    private (List<SortKey> Found, SortKey? End) BySizeOf()
    {
        List<SortKey> found = [];
        var start = After() is { } after ? Marks.OctaveOf(after.Length) : _query.Descending ? Octaves : 0;
        for (int? octave = NextOctave(start); octave is { } only && found.Count <= _query.Limit; octave = NextOctave(only + (_query.Descending ? -1 : 1)))
        {
            var ids = Newest(MatchText.And(_match, Marks.Octave(only)), _first, _last, CandidatesMax + 1);
            if (ids.Count > CandidatesMax)
            {
                var walked = Walk(only);
                found.AddRange(walked.Found);
                if (walked.End is not null)
                {
                    return (found, walked.End);
                }
            }
            else
            {
                found.AddRange(Behind([.. ids.Select(KeyOf)]).Found);
            }
        }

        return (found, null);
    }

    /// <summary>The octave from one on that any entry is in; null when there is none.</summary>
    private int? NextOctave(int octave)
    {
        if (octave is < 0 or > Octaves)
        {
            return null;
        }

        var length = _query.Descending
            ? _sql.Scalar<long?>(
                "SELECT length FROM entries WHERE removed = 0 AND length <= @p1 ORDER BY length DESC LIMIT 1", Marks.LengthsOf(octave).Last)
            : _sql.Scalar<long?>(
                "SELECT length FROM entries WHERE removed = 0 AND length >= @p1 ORDER BY length LIMIT 1", Marks.LengthsOf(octave).First);
        return length is { } next ? Marks.OctaveOf(next) : null;
    }

    /// <summary>Goes through an index in its order and asks of each entry whether it matches; breaks off when the page is full or after many.</summary>
    private (List<SortKey> Found, SortKey? End) Walk(int? octave = null)
    {
        var column = _query.Sort == EntrySort.Size ? "length" : "name_key";
        var (sign, order) = _query.Descending ? ("<", "DESC") : (">", "ASC");
        var statement = new Statement("SELECT id, length, name_key FROM entries WHERE removed = @p1", 0L);
        if (After() is { } after)
        {
            statement.Add($" AND ({column}, id) {sign} (");
            statement.AddValue(_query.Sort == EntrySort.Size ? after.Length : after.Name);
            statement.Add(", ");
            statement.AddValue(after.Id);
            statement.Add(")");
        }

        if (octave is { } only)
        {
            var (shortest, longest) = Marks.LengthsOf(only);
            statement.Add(" AND length >= ");
            statement.AddValue(shortest);
            statement.Add(" AND length <= ");
            statement.AddValue(longest);
        }

        statement.Add($" ORDER BY {column} {order}, id {order} LIMIT ");
        statement.AddValue(StepsMax);
        var steps = _sql.Query(statement.Text, row => new SortKey(row.GetInt64(0), row.GetInt64(1), row.GetString(2)), statement.Values);
        List<SortKey> found = [];
        foreach (var step in steps)
        {
            if (step.Id >= _first && step.Id <= _last && IsMatch(step.Id))
            {
                found.Add(step);
                if (found.Count > _query.Limit)
                {
                    return (found, step);
                }
            }
        }

        return (found, steps.Count == StepsMax ? steps[^1] : null);
    }

    private bool IsMatch(long id) => Newest(_match, id, id, 1).Count > 0;

    private List<long> Newest(string match, long first, long last, int limit) => Ids(match, first, last, limit, descending: true);

    private List<long> Ids(string match, long first, long last, int limit, bool descending)
    {
        var order = descending ? "DESC" : "ASC";
        if (_query.Filter is { LengthMin: null, LengthMax: null })
        {
            return _sql.Query(
                $"SELECT rowid FROM entry_words WHERE entry_words MATCH @p1 AND rowid >= @p2 AND rowid <= @p3 ORDER BY rowid {order} LIMIT @p4",
                row => row.GetInt64(0), match, first, last, limit);
        }

        return _sql.Query(
            $"""
            SELECT w.rowid FROM entry_words w CROSS JOIN entries e ON e.id = w.rowid
            WHERE w.entry_words MATCH @p1 AND w.rowid >= @p2 AND w.rowid <= @p3 AND e.length >= @p4 AND e.length <= @p5
            ORDER BY w.rowid {order} LIMIT @p6
            """,
            row => row.GetInt64(0), match, first, last, _query.Filter.LengthMin ?? 0, _query.Filter.LengthMax ?? long.MaxValue, limit);
    }

    /// <summary>The first id filed at a moment or later. Ids are given in the order of stamps, so it is found by halving.</summary>
    private long FirstSince(Instant moment)
    {
        var (low, high) = (0L, _sql.Scalar<long>("SELECT max(id) FROM entries") + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var (id, added) = _sql.First(
                "SELECT id, added FROM entries WHERE id >= @p1 ORDER BY id LIMIT 1", row => (row.GetInt64(0), row.GetInt64(1)), middle);
            if (id == 0 || added >= moment.Microseconds)
            {
                high = middle;
            }
            else
            {
                low = id + 1;
            }
        }

        return low;
    }

    private readonly record struct SortKey(long Id, long Length, string Name);
}
