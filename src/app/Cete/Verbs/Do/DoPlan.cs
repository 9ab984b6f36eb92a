using System.Globalization;
using Cete.App.Verbs.Open.Model;
using Cete.Core;
using Cete.Described;

namespace Cete.App.Verbs.Do;

/// <summary>What the words of <c>cete do</c> come to.</summary>
/// <param name="What">What is done.</param>
/// <param name="Kind">To which kind of records; null for an action that is done to none.</param>
/// <param name="Action">The action; null for what is done to any record.</param>
/// <param name="Id">The record; null for none.</param>
/// <param name="Given">Fields and what they are given, as it was typed.</param>
internal sealed record DoPlan(
    CommandKind What, RecordKind? Kind, ActionDescriptor? Action, long? Id, IReadOnlyList<KeyValuePair<string, string>> Given)
{
    private static readonly Dictionary<string, CommandKind> Verbs = new(StringComparer.Ordinal)
    {
        ["create"] = CommandKind.Create,
        ["update"] = CommandKind.Update,
        ["delete"] = CommandKind.Delete,
        ["restore"] = CommandKind.Restore,
    };

    /// <summary>The fields that may be given.</summary>
    public IReadOnlyList<FieldDescriptor> Fields => Action?.Input ?? (What is CommandKind.Create or CommandKind.Update
        ? [.. Kind!.Fields.Where(each => each.IsStored && !each.IsReadOnly)]
        : []);

    /// <summary>
    /// Reads <c>KIND create FIELD=VALUE...</c>, <c>KIND ID update|delete|restore|ACTION FIELD=VALUE...</c> and <c>ACTION [ID] FIELD=VALUE...</c>;
    /// <c>KIND/ID</c> is as good as <c>KIND ID</c>.
    /// </summary>
    public static Outcome<DoPlan> Read(ServiceDescriptor service, IReadOnlyList<string> words)
    {
        List<string> said = [];
        List<KeyValuePair<string, string>> given = [];
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                given.Add(new(word[..equals], word[(equals + 1)..]));
            }
            else if (given.Count > 0)
            {
                return Wrong($"'{Show(word)}' stands behind fields; a value with blanks stands in quotation marks, as title=\"Two words\"");
            }
            else
            {
                said.AddRange(said.Count == 0 ? word.Split('/') : [word]);
            }
        }

        if (said.Count == 0)
        {
            return Wrong($"what is to be done? {Known(service)}");
        }

        var (kind, action) = (service.Record(said[0]), service.Action(said[0]));
        var isKind = kind is not null && (action is null || said.Count > 2 || (said.Count == 2 && Verbs.ContainsKey(said[1])));
        return isKind ? OfKind(service, kind!, said[1..], given)
            : action is not null ? OfAction(service, action, said[1..], given)
            : new Failure(FailureKind.NotFound, $"{service.Name} has no records and no action '{Show(said[0])}'; {Known(service)}");
    }

    private static Outcome<DoPlan> OfKind(ServiceDescriptor service, RecordKind kind, List<string> said, List<KeyValuePair<string, string>> given)
    {
        var id = said.Count > 0 ? IdOf(said[0]) : null;
        var rest = id is null ? said : said[1..];
        if (rest.Count != 1)
        {
            return Wrong(rest.Count == 0
                ? $"what is to be done with {kind.Name}? 'create', or a number and then 'update', 'delete', 'restore'{Names(service, kind)}"
                : $"'{Show(string.Join(' ', rest))}' is more than one thing to do; fields are given as FIELD=VALUE");
        }

        if (Verbs.TryGetValue(rest[0], out var what))
        {
            return what == CommandKind.Create == (id is null) ? new DoPlan(what, kind, null, id, given)
                : Wrong(id is null ? $"say which of {kind.Name}, by its number: {kind.Name} NUMBER {rest[0]}" : "what is created has no number yet");
        }

        return service.Action(rest[0]) is not { } action
                ? IdOf(rest[0]) is null
                    ? new Failure(FailureKind.NotFound, $"{kind.Name} know no '{Show(rest[0])}'; there are 'create', 'update', 'delete', 'restore'{Names(service, kind)}")
                    : Wrong("a number is given twice")
            : action.On != kind.Name ? Wrong($"'{action.Name}' is not done to {kind.Name} but {(action.On is { } on ? $"to {on}" : "to no record")}")
            : id is null ? Wrong($"say to which of {kind.Name}, by its number: {kind.Name} NUMBER {action.Name}")
            : new DoPlan(CommandKind.Act, kind, action, id, given);
    }

    private static Outcome<DoPlan> OfAction(
        ServiceDescriptor service, ActionDescriptor action, List<string> said, List<KeyValuePair<string, string>> given)
    {
        var id = said.Count == 1 ? IdOf(said[0]) : null;
        return said.Count > 1 || (said.Count == 1 && id is null) ? Wrong($"behind '{action.Name}' stands the number of a record, then fields as FIELD=VALUE")
            : action.On is { } on && id is null ? Wrong($"'{action.Name}' is done to one of {on}: say which by its number, as {action.Name} 3")
            : action.On is null && id is not null ? Wrong($"'{action.Name}' is done to no record")
            : new DoPlan(CommandKind.Act, action.On is null ? null : service.Record(action.On), action, id, given);
    }

    private static long? IdOf(string text) =>
        long.TryParse(text.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : null;

    private static string Names(ServiceDescriptor service, RecordKind kind) =>
        string.Concat(service.Actions.Where(action => action.On == kind.Name).Select(action => $", '{action.Name}'"));

    private static string Known(ServiceDescriptor service) =>
        $"there are the records {string.Join(", ", service.Records.Select(kind => kind.Name))}"
        + (service.Actions.Count > 0 ? $", and the actions {string.Join(", ", service.Actions.Select(action => action.Name))}" : string.Empty);

    private static string Show(string text) => EntryName.Show(text.Length > 40 ? text[..40] : text);

    private static Failure Wrong(string message) => new(FailureKind.Invalid, message);
}
