using System.Globalization;
using Cete.Api;

namespace Cete.App.Verbs.Open.Model;

/// <summary>A record where it stands in a view.</summary>
/// <param name="Record">The record.</param>
/// <param name="Depth">How deep below others.</param>
/// <param name="Group">The name of its column or day; empty for none.</param>
internal sealed record Row(RecordInfo Record, int Depth, string Group);

/// <summary>The records of a view in the order in which they are shown.</summary>
internal static class Rows
{
    /// <summary>The rows of a view.</summary>
    public static IReadOnlyList<Row> Of(ViewScreen screen, Scene scene) => screen.IsDeleted ? Plain(screen) : screen.Shape switch
    {
        "board" => Board(screen),
        "calendar" => Agenda(screen, scene),
        "tree" => Tree(screen),
        "chat" => Chat(screen),
        _ => Plain(screen),
    };

    /// <summary>The columns of a board, by name, in the order of the description; last the one of those that stand in none.</summary>
    public static IReadOnlyList<string> Columns(ViewScreen screen) => screen.Kind is { } kind && Key(screen, "column") is { } column
        ? [.. kind.Field(column)?.Options.Select(option => option.Name) ?? [],
            .. screen.Items.Any(item => IsElsewhere(screen, item, column)) ? (string[])[string.Empty] : []]
        : [string.Empty];

    /// <summary>The newest stand below, as one reads a talk: the view gives them the other way round.</summary>
    public static bool IsTurned(ViewScreen screen) => screen.Shape == "chat" && !screen.IsDeleted
        && (screen.Sort.Length > 0 ? screen.Sort.StartsWith('-') : screen.View.Sort is not [var first, ..] || first.StartsWith('-'));

    /// <summary>The field that a kind of view needs.</summary>
    public static string? Key(ViewScreen screen, string key) => screen.View.Keys.TryGetValue(key, out var name) ? name : null;

    private static Row[] Plain(ViewScreen screen) => [.. screen.Items.Select(item => new Row(item, 0, string.Empty))];

    private static Row[] Chat(ViewScreen screen) => IsTurned(screen) ? [.. Plain(screen).Reverse()] : Plain(screen);

    private static Row[] Board(ViewScreen screen)
    {
        var column = Key(screen, "column") ?? string.Empty;
        return
        [
            .. Columns(screen).SelectMany(name => screen.Items
                .Where(item => name.Length == 0 ? IsElsewhere(screen, item, column) : Scene.Raw(item, column) == name)
                .Select(item => new Row(item, 0, name))),
        ];
    }

    private static bool IsElsewhere(ViewScreen screen, RecordInfo item, string column) =>
        screen.Kind?.Field(column)?.Options.Any(option => option.Name == Scene.Raw(item, column)) != true;

    private static Row[] Agenda(ViewScreen screen, Scene scene)
    {
        var start = Key(screen, "start") ?? "created";
        return
        [
            .. screen.Items.Select(item => new Row(item, 0, DayOf(Scene.Raw(item, start), scene)))
                .OrderBy(row => row.Group, StringComparer.Ordinal).ThenBy(row => Scene.Raw(row.Record, start), StringComparer.Ordinal),
        ];
    }

    private static string DayOf(string raw, Scene scene) => raw.Length <= 10 ? raw
        : DateTimeOffset.TryParse(raw, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? scene.Moment(time)[..10] : raw[..10];

    /// <summary>Each record below its parent. One whose parent is not there stands at the top, as does one of a circle.</summary>
    private static List<Row> Tree(ViewScreen screen)
    {
        var parent = Key(screen, "parent") ?? string.Empty;
        var known = screen.Items.Select(item => item.Id).ToHashSet();
        var below = screen.Items.ToLookup(item => Scene.To(item, parent) is var to && known.Contains(to) ? to : 0);
        List<Row> rows = [];
        HashSet<long> seen = [];
        foreach (var top in below[0].Concat(screen.Items))
        {
            Stack<(RecordInfo Record, int Depth)> open = new([(top, 0)]);
            while (open.TryPop(out var next))
            {
                if (!seen.Add(next.Record.Id))
                {
                    continue;
                }

                rows.Add(new Row(next.Record, next.Depth, string.Empty));
                foreach (var child in below[next.Record.Id].Reverse())
                {
                    open.Push((child, next.Depth + 1));
                }
            }
        }

        return rows;
    }
}
