using Cete.Described;

namespace Cete.Web.Pages.Services;

/// <summary>Into which columns of a board a card may be put: by changing its field, or by an action that does nothing but that.</summary>
internal static class BoardMoves
{
    /// <summary>The columns, in their order.</summary>
    public static IReadOnlyList<FieldOption> Of(ServiceScene scene, RecordView record, FieldDescriptor column)
    {
        var may = scene.RightsOn(record);
        var was = record.Get(column.Name).AsText;
        return
        [
            .. column.Options.Where(option => option.Name != was
                && (may.Moves.Contains(option.Name) || ActionTo(scene.Service, record.Kind, column.Name, option.Name, may) is not null)),
        ];
    }

    /// <summary>The action that puts a record into a column without asking for anything; null where there is none that may be done now.</summary>
    public static string? ActionTo(
        ServiceDescriptor service, string kind, string column, string to, Permissions may) => service.Actions.FirstOrDefault(action =>
        action.On == kind && may.Actions.Contains(action.Name) && action.Input.Count == 0 && action.Confirm.Texts.Values.All(text => text.Length == 0)
        && action.Steps.OfType<Step.Update>().Any(step => step.When is null && step.Target.Text == "record.id"
            && step.Set.Any(pair => pair.Key == column && pair.Value is { Expression: null, Value.AsText: var text } && text == to)))?.Name;
}
