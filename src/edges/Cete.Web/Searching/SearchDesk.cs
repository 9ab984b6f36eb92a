using Cete.Api;
using Cete.Core;
using Cete.Described;
using Cete.Index;

namespace Cete.Web.Searching;

/// <summary>Where somebody looks: everywhere, among the files, in a service, or among one kind of its records.</summary>
/// <param name="Service">The service; null for the files and for everywhere.</param>
/// <param name="Records">The kind of its records; null for all.</param>
/// <param name="IsFiles">Among the files alone.</param>
internal sealed record SearchScope(string? Service, string? Records, bool IsFiles)
{
    /// <summary>What the files are called.</summary>
    public const string Files = "files";

    private const int CharsMax = 80;

    /// <summary>Everywhere.</summary>
    public static SearchScope All { get; } = new(null, null, IsFiles: false);

    /// <summary>Whether the files are among it.</summary>
    public bool HasFiles => Service is null;

    /// <summary>Whether records are.</summary>
    public bool HasRecords => !IsFiles;

    /// <summary>Reads <c>files</c>, <c>SERVICE</c> or <c>SERVICE/RECORDS</c>; nothing is everywhere.</summary>
    public static Outcome<SearchScope> Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return All;
        }

        return text == Files ? new SearchScope(null, null, IsFiles: true)
            : text.Length <= CharsMax && text.Split('/') is { Length: <= 2 } parts && parts.All(part => part.Length > 0)
                ? new SearchScope(parts[0], parts.Length > 1 ? parts[1] : null, IsFiles: false)
                : new Failure(FailureKind.Invalid, "'kind' is files, the name of a service, or SERVICE/RECORDS; absent for everything");
    }

    public override string ToString() => IsFiles ? Files : Records is null ? Service ?? string.Empty : $"{Service}/{Records}";
}

/// <summary>Something that was found: a file, or a record.</summary>
/// <param name="Rank">As <see cref="SearchRank"/> has it.</param>
/// <param name="Key">What tells it from others.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Snippet">Where else in it the words stand; null for nowhere.</param>
internal sealed record Finding(int Rank, string Key, TextPiece Title, TextPiece? Snippet)
{
    public EntryRecord? File { get; init; }

    public FoundRecord? Record { get; init; }
}

/// <summary>A page of what was found.</summary>
/// <param name="Items">The best first.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
/// <param name="Missing">Sources that were left out.</param>
/// <param name="Partial">Services that may hold more.</param>
internal sealed record Findings(IReadOnlyList<Finding> Items, SearchPlace? Next, IReadOnlyList<SearchGap> Missing, IReadOnlyList<string> Partial);

/// <summary>
/// Searches the files and the records of all services at once, as somebody may see them. What does not answer in time is left out and named. Bounded: the best
/// of each kind are told (<see cref="FilesMax"/>, and two hundred of each kind of records); who wants more looks in one kind.
/// </summary>
/// <param name="index">The files; null where this node has none.</param>
/// <param name="services">The services; null where this node has none.</param>
/// <param name="hasServices">Whether the community has any.</param>
/// <param name="clock">Tells how long they take.</param>
internal sealed class SearchDesk(IndexService? index, DescribedService? services, Func<bool> hasServices, TimeProvider clock)
{
    /// <summary>Items of a page, at most.</summary>
    public const int LimitMax = 100;

    /// <summary>Files among all that is found.</summary>
    private const int FilesMax = 150;

    /// <summary>Characters of a piece of a description.</summary>
    private const int SnippetLength = 180;

    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(3);

    /// <summary>Finds.</summary>
    /// <param name="typed">What somebody typed.</param>
    /// <param name="scope">Where he looks.</param>
    /// <param name="after">Where the page before ended; null for the first page.</param>
    /// <param name="limit">Items of the page.</param>
    /// <param name="asker">What he may see.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<Outcome<Findings>> FindAsync(
        string typed, SearchScope scope, SearchPlace? after, int limit, Standing asker, CancellationToken stop)
    {
        var terms = SearchTerms.Parse(typed);
        if (!terms.Succeeded)
        {
            return terms.Failure;
        }

        if (!terms.Value.IsAny)
        {
            return new Findings([], null, [], []);
        }

        var place = after ?? SearchPlace.Begin(Instant.From(clock.GetUtcNow()));
        var count = Math.Clamp(limit, 1, LimitMax);
        var (asked, read) = (
            scope.HasFiles ? FilesAsync(typed, terms.Value, place, stop) : Task.FromResult<Outcome<FoundFiles>>(new FoundFiles([], default)),
            RecordsAsync(new RecordSearch(terms.Value, scope.Service, scope.Records, place, count + 1), scope, asker, stop));
        var (files, records) = (await asked, await read);
        if (records.Failure is { Kind: FailureKind.NotFound } unknown && scope.Service is not null)
        {
            return unknown;
        }

        List<SearchGap> missing = [];
        AddGap(missing, SearchScope.Files, files.Failure);
        AddGap(missing, "services", records.Failure);
        List<Finding> found = files.Succeeded ? [.. files.Value.Items] : [];
        if (records.Succeeded)
        {
            var matcher = new TextMatcher(terms.Value);
            missing.AddRange(records.Value.LeftOut.Select(name => new SearchGap(name, "there was no time for it; look in it alone")));
            found.AddRange(records.Value.Found.Select(one => ToFinding(one, matcher)));
        }

        Finding[] sorted = [.. found.OrderByDescending(one => one.Rank).ThenBy(one => one.Key, StringComparer.Ordinal)];
        Finding[] items = [.. sorted.Take(count)];
        var next = sorted.Length > count ? new SearchPlace(place.Moment, NewestOf(place, files, records), items[^1].Rank, items[^1].Key) : null;
        return new Findings(items, next, missing, records.Succeeded ? records.Value.Partial : []);
    }

    private static Instant NewestOf(SearchPlace place, Outcome<FoundFiles> files, Outcome<FoundRecords> records)
    {
        var (file, record) = (files.Succeeded ? files.Value.Newest : default, records.Succeeded ? records.Value.Newest : default);
        var newest = file > record ? file : record;
        return newest < place.Newest ? newest : place.Newest;
    }

    private static void AddGap(List<SearchGap> missing, string source, Failure? failure)
    {
        if (failure is not null)
        {
            missing.Add(new SearchGap(source, failure.Message));
        }
    }

    private async Task<Outcome<FoundFiles>> FilesAsync(string typed, SearchTerms terms, SearchPlace after, CancellationToken stop)
    {
        if (index is null)
        {
            return new Failure(FailureKind.Unavailable, "this node has no replica of the file index");
        }

        var query = new EntryQuery { Words = typed, Below = true, Sort = EntrySort.Relevance, Limit = FilesMax };
        var page = await WithinAsync(time => index.ListAsync(query, time), stop);
        var matcher = new TextMatcher(terms);
        return page.Then(found => new FoundFiles(
            [
                .. found.Items.Where(entry => entry.TakenDown is null && entry.Added <= after.Newest)
                    .Select(entry => ToFinding(entry, matcher, after.Moment)).Where(one => after.IsBefore(one.Rank, one.Key)),
            ],
            found.Items.Count == 0 ? default : found.Items.Max(entry => entry.Added)));
    }

    private async Task<Outcome<FoundRecords>> RecordsAsync(RecordSearch search, SearchScope scope, Standing asker, CancellationToken stop) =>
        scope.HasRecords && services is not null ? await WithinAsync(time => services.SearchAsync(search, asker, time), stop)
        : scope.HasRecords && hasServices() ? new Failure(FailureKind.Unavailable, "this node has no replica of them; another node of the community has")
        : scope.Service is { } name ? new Failure(FailureKind.NotFound, $"there is no service '{EntryName.Show(name)}'")
        : new FoundRecords([], [], [], default);

    private async Task<Outcome<T>> WithinAsync<T>(Func<CancellationToken, Task<Outcome<T>>> ask, CancellationToken stop)
    {
        using var time = new CancellationTokenSource(TimeMax, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(time.Token, stop);
        try
        {
            return await ask(both.Token).WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new Failure(FailureKind.Unavailable, "it did not answer in time");
        }
    }

    private static Finding ToFinding(EntryRecord entry, TextMatcher matcher, Instant now)
    {
        var name = Pages.Texts.NameOf(entry.Path);
        var points = matcher.Points([name, $"{string.Join(' ', entry.Tags)} {entry.Description}", Pages.Texts.FolderOf(entry.Path)]);
        var key = FormattableString.Invariant($"{SearchScope.Files}/{entry.Id}");
        return new Finding(
            SearchRank.OfFile(points, entry.Providers, entry.Added, now), key, matcher.Mark(string.Empty, name),
            matcher.Cut(string.Empty, entry.Description, SnippetLength))
        {
            File = entry,
        };
    }

    private static Finding ToFinding(FoundRecord found, TextMatcher matcher)
    {
        var (record, kind) = (found.Record, found.Kind);
        var label = kind.Label is { Read: null } field ? FieldText.Write(record.Get(field.Name)) : string.Empty;
        var title = matcher.Mark(kind.Label?.Name ?? string.Empty, label.Length > 0 ? label : Pages.Services.ServiceScene.Numbered(record.Id));
        var snippet = kind.Search.Where(field => field.Name != kind.Label?.Name)
            .Select(field => matcher.Cut(field.Name, FieldText.Write(record.Get(field.Name)), SnippetLength)).FirstOrDefault(piece => piece is not null);
        return new Finding(found.Rank, SearchPlace.KeyOf(found.Service.Name, kind.Name, record.Id), title, snippet) { Record = found };
    }

    /// <summary>Files that were found, and when the newest of all that they were chosen of was filed.</summary>
    private sealed record FoundFiles(IReadOnlyList<Finding> Items, Instant Newest);
}
