using System.Globalization;
using Cete.Core;
using Cete.Described;
using Cete.Web.Pages.Bank;
using Cete.Web.Pages.Services;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Services;

/// <summary>Asks for what stands in views, each kind in its way.</summary>
internal sealed class ViewLoader(DescribedService services, HttpContext context)
{
    /// <summary>Records of a list.</summary>
    private const int ItemsAPage = 50;

    /// <summary>Records of a view that stands on a page among others.</summary>
    private const int ItemsOfPart = 10;

    /// <summary>Records of what is shown as a whole: boards, months, trees.</summary>
    private const int ItemsAtOnce = RecordQuery.LimitMax;

    /// <summary>Views on a page.</summary>
    private const int PartsMax = 24;

    private static readonly string[] AtOnce = ["board", "calendar", "tree", "thread"];

    private CancellationToken Stop => context.RequestAborted;

    /// <summary>A view as a page of its own.</summary>
    /// <param name="scene">The service.</param>
    /// <param name="view">Which one.</param>
    /// <param name="reads">The address says more than which view it is.</param>
    public Task<Outcome<ViewPart>> LoadAsync(ServiceScene scene, ViewDescriptor view, bool reads)
    {
        var part = new ViewPart(scene, view, new ViewAddress(scene.Name, view.Name)) { Kind = scene.Service.Record(view.Records), IsAlone = true };
        return ViewKinds.Of(view) == "page" ? PageAsync(part) : reads ? ReadAsync(part) : FillAsync(part, null);
    }

    /// <summary>Records that point to one, as a table.</summary>
    public async Task<ViewPart> PointingAsync(ServiceScene scene, RecordKind kind, FieldDescriptor field, long id)
    {
        var list = scene.ListOf(kind.Name)?.Name ?? kind.Name;
        var view = new ViewDescriptor(list, "table", kind.Title)
        {
            Records = kind.Name,
            Sort = ["-id"],
            Show = [.. kind.Fields.Where(each => !each.IsHidden && each.Type != FieldType.Sealed && each.Name != field.Name)
                .Select(each => each.Name).Take(ViewPart.FieldsMax)],
        };
        var filter = string.Create(CultureInfo.InvariantCulture, $"record.{field.Name} == {id}");
        var address = new ViewAddress(scene.Name, list)
        {
            Filter = [new($"{RecordFilter.Is}{field.Name}", id.ToString(CultureInfo.InvariantCulture))],
        };
        var part = new ViewPart(scene, view, address) { Kind = kind, Id = $"{kind.Name}-{field.Name}" };
        var page = await services.ListAsync(
            new RecordQuery(scene.Name, kind.Name) { Filter = filter, Sort = view.Sort, Limit = ItemsOfPart, IsCounted = true }, scene.Asker, Stop);
        return page.Succeeded ? Of(part, page.Value) : part with { Fault = page.Failure.Message };
    }

    private Task<Outcome<ViewPart>> ReadAsync(ViewPart part)
    {
        var filter = RecordFilter.Read(part.Kind!, context.Request.Query);
        if (!filter.Succeeded)
        {
            return Task.FromResult<Outcome<ViewPart>>(filter.Failure);
        }

        var sort = Text("sort");
        var sorted = part.Kind!.Field(sort?.TrimStart('-') ?? string.Empty);
        var isKnown = sort is null || (sorted is not null ? RecordFilter.IsSortable(sorted) : sort.TrimStart('-') is "id" or "created" or "updated");
        if (!isKnown)
        {
            return Task.FromResult<Outcome<ViewPart>>(new Failure(FailureKind.Invalid, "the list cannot be sorted by that"));
        }

        var address = part.Address with { Sort = sort, Filter = filter.Value.Typed, Search = Text("search"), Cursor = Text("cursor"), Month = Text("month") };
        return FillAsync(part with { Address = address }, filter.Value.Expression);
    }

    private string? Text(string name) => context.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    private Task<Outcome<ViewPart>> FillAsync(ViewPart part, string? filter) => ViewKinds.Of(part.View) switch
    {
        "form" => Task.FromResult<Outcome<ViewPart>>(part),
        "chart" => ChartAsync(part, filter),
        "calendar" => CalendarAsync(part, filter),
        "board" => BoardAsync(part, filter),
        _ => ListAsync(part, filter),
    };

    private async Task<Outcome<ViewPart>> ListAsync(ViewPart part, string? filter)
    {
        var page = await services.ListAsync(QueryOf(part, filter), part.Scene.Asker, Stop);
        return page.Then(found => Of(part, found));
    }

    private static ViewPart Of(ViewPart part, RecordPage page) =>
        part with { Items = page.Items, Next = page.Next, Total = page.Total, IsPartial = page.IsPartial };

    private static RecordQuery QueryOf(ViewPart part, string? filter) => new(part.Scene.Name, part.View.Records)
    {
        View = part.View.Name,
        Filter = filter,
        Search = part.Address.Search,
        Sort = part.Address.Sort is { } sort ? [sort] : [],
        Cursor = part.Address.Cursor,
        Limit = !part.IsAlone ? ItemsOfPart : AtOnce.Contains(ViewKinds.Of(part.View)) ? ItemsAtOnce : ItemsAPage,
        IsCounted = part is { IsAlone: true, Address.Cursor: null },
    };

    private async Task<Outcome<ViewPart>> BoardAsync(ViewPart part, string? filter)
    {
        var listed = await ListAsync(part, filter);
        if (!listed.Succeeded || part.Key("column") is not { Read: null } column)
        {
            return listed;
        }

        var counted = await services.GroupAsync(QueryOf(part, filter), column.Name, null, part.Scene.Asker, Stop);
        return counted.Then(groups => listed.Value with
        {
            Counts = groups.ToDictionary(group => group.Key.AsText, group => group.Count, StringComparer.Ordinal),
        });
    }

    private async Task<Outcome<ViewPart>> CalendarAsync(ViewPart part, string? filter)
    {
        if (part.Key("start") is not { Read: null } start)
        {
            return await ListAsync(part, filter);
        }

        var now = DateOnly.FromDateTime(part.Scene.Now.ToDateTimeOffset().UtcDateTime);
        var month = DateOnly.TryParseExact(part.Address.Month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var asked)
            ? asked : new DateOnly(now.Year, now.Month, 1);

        // The calendar itself ends somewhere.
        month = new DateOnly(Math.Clamp(month.Year, 2, 9_998), month.Month, 1);
        var within = $"{RecordFilter.Before(start, month.AddMonths(1))} && ({RecordFilter.NotBefore(start, month)}"
            + (part.Key("end") is { Read: null } end ? $" || {RecordFilter.NotBefore(end, month)}" : string.Empty)
            + (part.Key("recurrence") is { Read: null } rule ? $" || record.{rule.Name} != null)" : ")");
        var whole = part with { Address = part.Address with { Cursor = null, Sort = null } };
        var listed = await ListAsync(whole, filter is null ? within : $"({filter}) && {within}");
        return listed.Then(found => CalendarTimes.Fill(found with { Month = month }));
    }

    private async Task<Outcome<ViewPart>> ChartAsync(ViewPart part, string? filter)
    {
        var (by, value) = (part.Key("group"), part.Key("value"));
        if (by is null || !IsGroup(by) || (value is not null && !IsGroup(value)))
        {
            return part with { Fault = "It groups records by a field that not everybody may see, or that is computed." };
        }

        var groups = await services.GroupAsync(QueryOf(part, filter), by.Name, value?.Name, part.Scene.Asker, Stop);
        return groups.Then(found => part with { Plot = PlotOf(part, by, value, found) });
    }

    private static bool IsGroup(FieldDescriptor field) =>
        field.Read is null && field.Type is not (FieldType.Sealed or FieldType.MultiSelect or FieldType.Formula);

    private static Plot PlotOf(ViewPart part, FieldDescriptor by, FieldDescriptor? value, IReadOnlyList<RecordGroup> groups)
    {
        var scene = part.Scene;
        var isMillionths = value?.Type is FieldType.Decimal or FieldType.Credits;
        List<PlotColumn> columns =
        [
            .. groups.Select(group => new PlotColumn(
                ValueText.Of(scene, by, group.Key) is { Length: > 0 } label ? label : "none", [value is null ? group.Count : group.Sum.Number])),
        ];
        var records = groups.Sum(group => group.Count);
        return new Plot(
            part.Id + "-plot", part.Title, $"{Pages.Sizes.Count(records, "record", "records")} by {scene.Say(by.Title)}.", scene.Say(by.Title),
            [value is null ? "Records" : scene.Say(value.Title)], columns)
        {
            Show = isMillionths ? Amounts.Exact : Pages.Sizes.Digits,
        };
    }

    private async Task<Outcome<ViewPart>> PageAsync(ViewPart page)
    {
        Dictionary<string, ServiceScene> scenes = new(StringComparer.Ordinal) { [page.Scene.Name] = page.Scene };
        List<ViewPart> parts = [];
        foreach (var (name, i) in page.View.Parts.Take(PartsMax).Select((name, i) => (name, i)))
        {
            var words = name.Split(':');
            var service = words.Length == 2 ? words[0] : page.Scene.Name;
            if (!scenes.TryGetValue(service, out var scene))
            {
                var found = await services.DescribeAsync(service, Stop);
                scene = found.Succeeded ? page.Scene with { Info = found.Value } : null;
            }

            var id = string.Create(CultureInfo.InvariantCulture, $"part-{i + 1}");
            if (scene is null)
            {
                parts.Add(Missing(page, name, id, "There is no such service (any more)."));
                continue;
            }

            scenes[service] = scene;
            parts.Add(await PartAsync(page, scene, words[^1], name, id));
        }

        return page with { Parts = parts };
    }

    private async Task<ViewPart> PartAsync(ViewPart page, ServiceScene scene, string view, string name, string id)
    {
        if (scene.Service.Views.FirstOrDefault(each => each.Name == view) is not { } found)
        {
            return Missing(page, name, id, "There is no such view (any more).");
        }

        var part = new ViewPart(scene, found, new ViewAddress(scene.Name, found.Name)) { Kind = scene.Service.Record(found.Records), Id = id };
        if (ViewKinds.Of(found) == "page")
        {
            // A page on a page is led to: pages that stand on each other have no end.
            return part;
        }

        var filled = await FillAsync(part, null);
        return filled.Succeeded ? filled.Value : part with { Fault = filled.Failure.Message };
    }

    private static ViewPart Missing(ViewPart page, string name, string id, string why) =>
        page with { View = new ViewDescriptor(name, "table", Words.Of(name)), Id = id, IsAlone = false, Kind = null, Parts = [], Fault = why };
}
