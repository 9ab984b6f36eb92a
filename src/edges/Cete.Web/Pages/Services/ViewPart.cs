using System.Globalization;
using Cete.Described;
using Cete.Web.Pages.Bank;
using Cete.Web.Services;

namespace Cete.Web.Pages.Services;

/// <summary>A view with what is in it, for the component of its kind.</summary>
/// <param name="Scene">The service.</param>
/// <param name="View">What is shown how.</param>
/// <param name="Address">By which it was asked for.</param>
public sealed record ViewPart(ServiceScene Scene, ViewDescriptor View, ViewAddress Address)
{
    /// <summary>Fields that are shown where the description does not say which: the record's own page has them all.</summary>
    public const int FieldsMax = 8;

    /// <summary>The kind of its records; null for a page, and for one that went wrong.</summary>
    public RecordKind? Kind { get; init; }

    /// <summary>Its records, in order.</summary>
    public IReadOnlyList<RecordView> Items { get; init; } = [];

    /// <summary>Where the next page begins; null at the end.</summary>
    public string? Next { get; init; }

    /// <summary>How many there are in all; null where nobody counted.</summary>
    public long? Total { get; init; }

    /// <summary>A search may lack some: they are not filed anew yet.</summary>
    public bool IsPartial { get; init; }

    /// <summary>It is a page of its own, and not part of another: it can be searched, and goes on.</summary>
    public bool IsAlone { get; init; }

    /// <summary>What went wrong; null for nothing.</summary>
    public string? Fault { get; init; }

    /// <summary>Of a chart.</summary>
    public Plot? Plot { get; init; }

    /// <summary>Of a board: how many records each column has.</summary>
    public IReadOnlyDictionary<string, long> Counts { get; init; } = new Dictionary<string, long>();

    /// <summary>Of a calendar: the first day of its month.</summary>
    public DateOnly Month { get; init; }

    /// <summary>Of a calendar: the days on which records are that recur, by their numbers.</summary>
    public IReadOnlyDictionary<long, IReadOnlyList<(DateOnly From, DateOnly To)>> Times { get; init; } =
        new Dictionary<long, IReadOnlyList<(DateOnly From, DateOnly To)>>();

    /// <summary>Of a page: the views on it.</summary>
    public IReadOnlyList<ViewPart> Parts { get; init; } = [];

    /// <summary>Of a form.</summary>
    public FormModel? Form { get; init; }

    /// <summary>An id that nothing else on its page has.</summary>
    public string Id { get; init; } = "view";

    /// <summary>What it is called.</summary>
    public string Title => Scene.Say(View.Title);

    /// <summary>The fields that it shows.</summary>
    public IReadOnlyList<FieldDescriptor> Fields => Kind is null ? []
        : View.Show.Count > 0 ? [.. View.Show.Select(name => Kind.Field(name) ?? ValueText.Common(name))]
        : [.. Kind.Fields.Where(each => !each.IsHidden && each.Type != FieldType.Sealed).Take(FieldsMax)];

    /// <summary>The field that a kind of view needs; null where it is not there (any more).</summary>
    public FieldDescriptor? Key(string key) => View.Keys.TryGetValue(key, out var name) ? Kind?.Field(name) : null;

    /// <summary>The fields beside the one that names the record.</summary>
    public IEnumerable<FieldDescriptor> Others(params FieldDescriptor?[] but) =>
        Fields.Where(field => field.Name != Kind?.Label?.Name && but.All(other => other?.Name != field.Name));
}

/// <summary>The address of a view, with what of it is asked for.</summary>
/// <param name="Service">Of which service.</param>
/// <param name="View">Its name.</param>
public sealed record ViewAddress(string Service, string View)
{
    /// <summary>By which field it is sorted, '-' before one that falls; null for the view's own order.</summary>
    public string? Sort { get; init; }

    /// <summary>What its filter says: names of the form and what was typed.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Filter { get; init; } = [];

    /// <summary>The words that are searched for; null for none.</summary>
    public string? Search { get; init; }

    /// <summary>The month of a calendar; null for this one.</summary>
    public string? Month { get; init; }

    /// <summary>Where it goes on; null for the beginning.</summary>
    public string? Cursor { get; init; }

    /// <summary>The page without all of that.</summary>
    public string Plain => ServiceAddresses.View(Service, View);

    /// <summary>What is typed in a field of the filter.</summary>
    public string Typed(string name) => Filter.FirstOrDefault(pair => pair.Key == name).Value ?? string.Empty;

    /// <summary>Sorted by a field, or the other way round where it is already.</summary>
    public string SortedBy(string field) => (this with { Sort = Sort == field ? "-" + field : field, Cursor = null }).ToString();

    /// <summary>For <c>aria-sort</c>; null where it is not sorted by the field.</summary>
    public string? OrderOf(string field) => Sort == field ? "ascending" : Sort == "-" + field ? "descending" : null;

    /// <summary>As it is linked to.</summary>
    public override string ToString()
    {
        List<KeyValuePair<string, string>> query = [.. Filter];
        Add(query, "search", Search);
        Add(query, "sort", Sort);
        Add(query, "month", Month);
        Add(query, "cursor", Cursor);
        return query.Count == 0 ? Plain : Plain + "?" + string.Join('&', query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
    }

    /// <summary>The address of a month, as <see cref="Month"/> has it.</summary>
    public static string Of(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private static void Add(List<KeyValuePair<string, string>> query, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            query.Add(new(name, value));
        }
    }
}
