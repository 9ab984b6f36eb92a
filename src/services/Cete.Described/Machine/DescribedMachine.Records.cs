using Cete.Core;
using Cete.Described.Proto;
using Cete.Expressions;
using Google.Protobuf;

namespace Cete.Described;

/// <content>What people do to records, by rules.</content>
public sealed partial class DescribedMachine
{
    /// <summary>Why a command would be refused, hooks aside; null where it would not. Nothing is written.</summary>
    internal static Failure? Rehearse(IMessage command, Change change)
    {
        try
        {
            switch (command)
            {
                case CreateRecord create:
                    var (maker, draft) = Draft(create, change);
                    maker.CheckNew(draft);
                    break;
                case UpdateRecord update:
                    var (writer, row, values) = Edit(update, change);
                    writer.CheckChanged(row, row.With(change.At, values));
                    break;
                default:
                    break;
            }

            return null;
        }
        catch (RefusedException refused)
        {
            return refused.Failure;
        }
    }

    private static RecordDone Create(CreateRecord command, Change change)
    {
        var (writer, draft) = Draft(command, change);
        var kind = draft.Kind;
        Charging.Charge(kind.Kind.Price, ($"create {kind.Name}", 0), writer.Scope.With("record", draft), command.Payment, change);
        return Done(writer.Create(draft, 0), change);
    }

    /// <summary>What would be made, by whoever may make it.</summary>
    private static (RecordWriter Writer, Row Draft) Draft(CreateRecord command, Change change)
    {
        var (writer, kind) = Open(command.Service, command.Kind, change);
        if (kind.Kind.Rules.Create.IsClosed)
        {
            throw Forbidden($"nobody makes {kind.Name} by hand");
        }

        var given = command.Values.Select(each => new KeyValuePair<string, Value>(each.Name, ValueOf(kind, each.Name, each.Value))).ToArray();
        var draft = writer.Draft(kind, given);
        var scope = writer.Scope.With("record", draft);
        foreach (var (name, _) in given)
        {
            CheckWrite(kind, name, scope);
        }

        if (!scope.Allows(kind.Kind.Rules.Create))
        {
            throw Denied(change, $"you may not make such {kind.Name}");
        }

        return (writer, draft);
    }

    private static RecordDone Update(UpdateRecord command, Change change)
    {
        var (writer, row, values) = Edit(command, change);
        return Done(writer.Update(row, values, 0), change);
    }

    /// <summary>What a record would be, by whoever may change it so.</summary>
    private static (RecordWriter Writer, Row Row, Value[] Values) Edit(UpdateRecord command, Change change)
    {
        var (writer, kind) = Open(command.Service, command.Kind, change);
        var row = Visible(writer, kind, command.Id);
        CheckRevision(row, command.Revision);
        var scope = writer.Scope.With("record", row);
        var values = row.Copy();
        foreach (var each in command.Changes)
        {
            CheckWrite(kind, each.Name, scope);
            var place = RecordWriter.PlaceOf(kind, each.Name);
            values[place] = FieldChanges.Apply(kind.Fields[place], values[place], each);
        }

        var after = row.With(change.At, values);
        if (!scope.With("new", after).Allows(kind.Kind.Rules.Update))
        {
            throw Denied(change, $"you may not change this record among {kind.Name} so");
        }

        return (writer, row, values);
    }

    private static RecordDone Delete(DeleteRecord command, Change change)
    {
        var (writer, kind) = Open(command.Service, command.Kind, change);
        var row = Visible(writer, kind, command.Id);
        CheckRevision(row, command.Revision);
        if (!writer.Scope.With("record", row).Allows(kind.Kind.Rules.Delete))
        {
            throw Denied(change, $"you may not delete this record among {kind.Name}");
        }

        return Done(writer.Delete(row, 0), change);
    }

    private static RecordDone Restore(RestoreRecord command, Change change)
    {
        var (writer, kind) = Open(command.Service, command.Kind, change);
        if (writer.Find(kind, command.Id) is not { } row || !writer.Scope.With("record", row).Allows(kind.Kind.Rules.Delete))
        {
            throw new RefusedException(RecordWriter.Missing(kind, command.Id));
        }

        // What moderators hid, they show again.
        return row.IsHidden ? throw Denied(change, "moderators have hidden it")
            : row.Deleted is null ? Done(row, change)
            : Done(writer.Restore(row, "restored"), change);
    }

    private static RecordDone Decide(Moderate command, Change change)
    {
        const int ReasonMax = 500;
        var (writer, kind) = Open(command.Service, command.Kind, change);
        if (!change.Asker.Standing.May(Actions.ServicesModerate))
        {
            throw Denied(change, $"that takes the right {Actions.ServicesModerate}");
        }

        if (command.Reason.Length > ReasonMax)
        {
            throw new RefusedException(new Failure(FailureKind.TooLarge, $"a reason has at most {ReasonMax} characters"));
        }

        if (writer.Find(kind, command.Id) is not { Deleted: null } row)
        {
            throw new RefusedException(RecordWriter.Missing(kind, command.Id));
        }

        if (row.IsHidden == command.IsHidden)
        {
            return Done(row, change);
        }

        var decided = command.IsHidden ? writer.Hide(row, command.Reason) : writer.Restore(row, "shown");
        if (command.IsHidden)
        {
            Moderating.Hidden(row, command.Reason, change);
        }
        else
        {
            Moderating.Shown(row, command.Reason, change);
        }

        return Done(decided, change);
    }

    private static ModerationDone Report(ReportRecord command, Change change)
    {
        var (writer, kind) = Open(command.Service, command.Kind, change);
        if (!change.Asker.Standing.IsKnown)
        {
            throw Denied(change, "you cannot report it");
        }

        return Moderating.Report(command, Visible(writer, kind, command.Id).Kind, change);
    }

    private static ModerationDone Dismiss(DismissReports command, Change change) => change.Asker.Standing.May(Actions.ServicesModerate)
        ? Moderating.Dismiss(command, Service(command.Service, change), change)
        : throw Denied(change, $"that takes the right {Actions.ServicesModerate}");

    private static RecordDone Do(Act command, Change change)
    {
        var (service, hooks) = (Service(command.Service, change), new Hooks(change));
        var writer = hooks.WriterOf(service);
        if (service.Descriptor.Action(command.Action) is not { } action)
        {
            throw new RefusedException(new Failure(
                FailureKind.NotFound,
                $"{service.Name} knows no action '{Section.Show(command.Action)}'; "
                + Nearest.Hint(command.Action, [.. service.Descriptor.Actions.Select(each => each.Name)])));
        }

        var scope = writer.Scope;
        Row? row = null;
        if (action.On is { } on)
        {
            row = Visible(writer, service.Of(on), command.Record);
            scope = scope.With("record", row);
        }

        if (!scope.Allows(action.Who))
        {
            throw Denied(change, $"you may not do '{action.Title}'{(row is null ? string.Empty : " here")}");
        }

        if (action.When is { } when && !when.Evaluate(scope).IsTrue)
        {
            throw new RefusedException(new Failure(FailureKind.Conflict, $"'{action.Title}' cannot be done now; look again how it stands"));
        }

        var input = InputOf(action, command, scope);
        scope = scope.With("input", field => input.GetValueOrDefault(field));
        Charging.Charge(action.Price, (action.Name, row?.Id ?? 0), scope, command.Payment, change);
        new StepRunner(change, writer, hooks).Run(action.Steps, scope, 0);
        return Done(row is null ? null : writer.Find(row.Kind, row.Id), change);
    }

    private static Dictionary<string, Value> InputOf(ActionDescriptor action, Act command, RuleScope scope)
    {
        Dictionary<string, Value> input = new(StringComparer.Ordinal);
        foreach (var given in command.Input)
        {
            if (action.Input.FirstOrDefault(field => field.Name == given.Name) is not { } field)
            {
                throw new RefusedException(new Failure(
                    FailureKind.Invalid,
                    $"'{action.Name}' asks for no '{Section.Show(given.Name)}'; {Nearest.Hint(given.Name, [.. action.Input.Select(each => each.Name)])}"));
            }

            input[field.Name] = Wire.FromMessage(field, given.Value);
        }

        foreach (var field in action.Input)
        {
            if (input.GetValueOrDefault(field.Name).IsNull && field.Default is { } otherwise)
            {
                input[field.Name] = otherwise.Expression?.Evaluate(scope) ?? otherwise.Value;
            }

            if (FieldRules.Check(field, input.GetValueOrDefault(field.Name)) is { } wrong)
            {
                throw new RefusedException(wrong);
            }
        }

        return input;
    }

    private static (RecordWriter Writer, StoredKind Kind) Open(string service, string kind, Change change)
    {
        var found = Service(service, change);
        return found.Find(kind) is { } known
            ? (new Hooks(change).WriterOf(found), known)
            : throw new RefusedException(new Failure(
                FailureKind.NotFound, $"{found.Name} has no records '{Section.Show(kind)}'; {Nearest.Hint(kind, [.. found.Kinds.Select(each => each.Name)])}"));
    }

    private static StoredService Service(string name, Change change) =>
        change.Catalogue.Find(change.Sql, name)
        ?? throw new RefusedException(new Failure(FailureKind.NotFound, $"there is no service '{Section.Show(name)}'"));

    /// <summary>Whoever may not look at a record is not told that there is one.</summary>
    private static Row Visible(RecordWriter writer, StoredKind kind, long id) =>
        writer.Find(kind, id) is { IsAlive: true } row && writer.Scope.With("record", row).Allows(kind.Kind.Rules.View)
            ? row
            : throw new RefusedException(RecordWriter.Missing(kind, id));

    private static void CheckRevision(Row row, long seen)
    {
        if (seen != 0 && seen != row.Revision)
        {
            throw new RefusedException(new Failure(
                FailureKind.Conflict, $"it was changed meanwhile: its revision is {row.Revision}, and you have seen {seen}; look at it again"));
        }
    }

    private static void CheckWrite(StoredKind kind, string name, RuleScope scope)
    {
        var field = kind.Fields[RecordWriter.PlaceOf(kind, name)];
        if (field.IsReadOnly || (field.Write is { } rule && !scope.Allows(rule)))
        {
            throw new RefusedException(new Failure(
                FailureKind.Forbidden, field.IsReadOnly ? $"{name} is set by the service alone" : $"you may not set {name} here"));
        }
    }

    private static Value ValueOf(StoredKind kind, string name, FieldValue value) => Wire.FromMessage(kind.Fields[RecordWriter.PlaceOf(kind, name)], value);

    private static RecordDone Done(Row? row, Change change) =>
        new() { Id = row?.Id ?? 0, Revision = row?.Revision ?? 0, Others = Math.Max(0, change.Written - 1) };

    private static RefusedException Forbidden(string message) => new(new Failure(FailureKind.Forbidden, message));

    /// <summary>Who is not known may be let do it once he is.</summary>
    private static RefusedException Denied(Change change, string message) => change.Asker.Standing.IsKnown
        ? Forbidden(message)
        : new RefusedException(new Failure(FailureKind.Unauthenticated, $"{message} without an account; log in"));
}
