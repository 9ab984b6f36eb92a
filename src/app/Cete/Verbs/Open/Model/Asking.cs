using Cete.Described;
using Cete.Net;

namespace Cete.App.Verbs.Open.Model;

/// <summary>Opens screens, and asks for what stands in them.</summary>
internal static class Asking
{
    /// <summary>Records of what is shown as a whole.</summary>
    public const int AtOnce = 200;

    private const int APage = 50;
    private const int PointingShown = 10;
    private const int PointingMax = 12;

    /// <summary>Puts a view on top.</summary>
    public static void OpenView(Turn turn, ViewDescriptor view, Pin? pin = null)
    {
        var kind = turn.Scene.Service.Record(view.Records);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(turn.Scene.Now, turn.Scene.Zone).DateTime);
        var screen = new ViewScreen(turn.Scene.Say(view.Title), view, kind) { Pin = pin, Month = new DateOnly(today.Year, today.Month, 1) };
        switch (screen.Shape)
        {
            case "form" when kind is not null:
                turn.Push(Forms.Create(turn.Scene, kind, null) with { GoesOn = true });
                return;
            case "page":
                turn.Push(new MenuScreen(screen.Title, MenuUse.Views, [.. view.Parts.Select(part => PartOf(turn.Scene, part)).OfType<MenuItem>()]));
                return;
        }

        if (kind is null)
        {
            turn.Refuse("This view shows no records.");
            return;
        }

        screen = screen with { MayAsk = turn.NewAsk() };
        turn.Do(new Effect.May(screen.MayAsk, kind.Name, null));
        turn.Push(screen);
        Reload(turn);
    }

    /// <summary>Puts a record on top.</summary>
    public static void OpenRecord(Turn turn, RecordKind kind, long id)
    {
        turn.Push(new RecordScreen($"{turn.Scene.Say(kind.Title)} #{id}", kind, id));
        Reload(turn);
    }

    /// <summary>Asks anew for what is read now; once more when an answer is awaited already.</summary>
    public static void Reload(Turn turn)
    {
        switch (turn.Base)
        {
            case ViewScreen { Ask: not 0 } view:
                turn.Replace(view, view with { IsStale = true });
                break;
            case ViewScreen view:
                Ask(turn, view, isMore: false);
                break;
            case RecordScreen { Ask: not 0 } record:
                turn.Replace(record, record with { IsStale = true });
                break;
            case RecordScreen record:
                Ask(turn, record);
                break;
        }
    }

    /// <summary>Asks for the next page.</summary>
    public static void More(Turn turn)
    {
        if (turn.Top is ViewScreen { Next: not null, Ask: 0 } view)
        {
            Ask(turn, view, isMore: true);
        }
    }

    private static MenuItem? PartOf(Scene scene, string part) =>
        scene.Service.Views.FirstOrDefault(view => view.Name == part) is { } view ? new MenuItem(view.Name, scene.Say(view.Title)) : null;

    private static void Ask(Turn turn, ViewScreen view, bool isMore)
    {
        var (kind, ask) = (view.Kind!, turn.NewAsk());
        turn.Replace(view, view with { Ask = ask, IsMore = isMore, IsStale = false });
        var how = new RecordAsk
        {
            Filter = FilterOf(view, kind),
            View = IsOfService(turn.Scene, view) && view.Pin is null && !view.IsDeleted ? view.View.Name : null,
            IsDeleted = view.IsDeleted,
        };
        if (view is { Shape: "chart", IsDeleted: false })
        {
            turn.Do(new Effect.Groups(ask, kind.Name, Rows.Key(view, "group") ?? "owner", Rows.Key(view, "value"), how));
            return;
        }

        turn.Do(new Effect.Records(ask, kind.Name, how with
        {
            Sort = SortOf(view),
            Cursor = isMore ? view.Next : null,
            Limit = ViewShapes.IsAtOnce(view.Shape) || view.Shape == "chat" ? AtOnce : isMore ? APage : Math.Clamp(view.Items.Count, APage, AtOnce),
            IsCounted = !isMore,
        }));
    }

    private static bool IsOfService(Scene scene, ViewScreen view) => scene.Service.Views.Contains(view.View);

    private static string? SortOf(ViewScreen view)
    {
        if (view.Sort.Length > 0)
        {
            return view.Sort;
        }

        if (view.IsDeleted)
        {
            return "-updated";
        }

        return view.View.Sort.Count > 0 ? string.Join(',', view.View.Sort)
            : view.Shape == "calendar" ? Rows.Key(view, "start")
            : view.Shape == "chat" ? "-created"
            : null;
    }

    private static string? FilterOf(ViewScreen view, RecordKind kind)
    {
        string? month = null;
        if (view is { Shape: "calendar", IsDeleted: false } && Rows.Key(view, "start") is { } name && Scene.FieldOf(kind, name) is { } start)
        {
            var end = Rows.Key(view, "end") is { } other ? Scene.FieldOf(kind, other) : null;
            month = Conditions.Within(start, end, view.Month, view.Month.AddMonths(1));
        }

        return Conditions.All(
            view.Pin is { } pin ? Conditions.PointsTo(pin.Field, pin.Id) : null,
            view.Search.Length > 0 ? Conditions.Search(kind, view.Search) : null,
            view.Filter, month);
    }

    private static void Ask(Turn turn, RecordScreen screen)
    {
        var (ask, may) = (turn.NewAsk(), turn.NewAsk());
        turn.Do(new Effect.Record(ask, screen.Kind.Name, screen.Id));
        turn.Do(new Effect.May(may, screen.Kind.Name, screen.Id));
        List<Pointing> pointing = [];
        foreach (var (kind, field) in PointingTo(turn.Scene.Service, screen.Kind).Take(PointingMax))
        {
            var known = screen.Pointing.FirstOrDefault(each => each.Kind == kind && each.Field == field);
            var one = new Pointing(kind, field, turn.NewAsk(), known?.List);
            turn.Do(new Effect.Records(one.Ask, kind.Name, new RecordAsk
            {
                Filter = Conditions.PointsTo(field.Name, screen.Id),
                Sort = "id",
                Limit = PointingShown,
                IsCounted = true,
            }));
            pointing.Add(one);
        }

        turn.Replace(screen, screen with { Ask = ask, MayAsk = may, Pointing = pointing, IsStale = false });
    }

    /// <summary>Relations to a kind by which everybody may search who sees their records, and lists of which somebody may see.</summary>
    private static IEnumerable<(RecordKind Kind, FieldDescriptor Field)> PointingTo(ServiceDescriptor service, RecordKind to) =>
        from kind in service.Records
        where !kind.Rules.List.IsClosed
        from field in kind.Fields
        where field.Type == FieldType.Relation && field.To == to.Name && field.Read is null
        select (kind, field);
}
