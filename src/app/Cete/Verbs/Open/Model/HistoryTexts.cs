using Cete.Api;
using Cete.Described;

namespace Cete.App.Verbs.Open.Model;

/// <summary>What happened to a record, in words.</summary>
internal static class HistoryTexts
{
    /// <summary>Lines, the newest change first.</summary>
    public static IReadOnlyList<string> Of(Scene scene, RecordKind kind, RecordHistory history)
    {
        List<string> lines = [];
        foreach (var change in history.Changes)
        {
            lines.Add($"{scene.Moment(change.At)}  {(change.By is { } by ? scene.NameOf(by) : "the service")} {change.What} it");
            lines.AddRange(change.Before.Select(pair => kind.Field(pair.Key) is { } field
                ? $"    {scene.Say(field.Title)} was {(scene.Of(field, pair.Value) is { Length: > 0 } was ? was : "nothing")}"
                : $"    {Text.CellText.Line(pair.Key)} was {Text.CellText.Line(Scene.Raw(pair.Value))}"));
        }

        return lines.Count > 0 ? lines : ["Nothing is kept of it."];
    }
}
