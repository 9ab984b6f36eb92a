using Cete.Core;
using Cete.Described.Proto;
using Cete.Expressions;

namespace Cete.Described;

/// <summary>
/// What happens by itself when something happened. It is part of the same command, of whichever service: so it happens exactly once. A hook that is refused
/// is undone alone, and noted; what set it off stays.
/// </summary>
internal sealed class Hooks(Change change)
{
    private const int FailuresKept = 1_000;

    private readonly Dictionary<string, RecordWriter> _writers = new(StringComparer.Ordinal);

    /// <summary>Writes records of a service, as one writer for the whole command.</summary>
    public RecordWriter WriterOf(StoredService service)
    {
        if (!_writers.TryGetValue(service.Name, out var writer))
        {
            _writers.Add(service.Name, writer = new RecordWriter(change, service, this));
        }

        return writer;
    }

    /// <summary>Runs what a change of a record sets off.</summary>
    public void Run(RecordWriter writer, HookTrigger trigger, Row row, Row? old, int depth)
    {
        foreach (var hook in writer.Service.Descriptor.Hooks.Where(hook => hook.Trigger == trigger && hook.Source == row.Kind.Name))
        {
            var scope = writer.Scope.With("record", row);
            Run(writer, hook, old is null ? scope : scope.With("old", old), depth);
        }
    }

    /// <summary>Tells services of an event of one of them.</summary>
    public void Emit(StoredService source, string name, IReadOnlyList<KeyValuePair<string, Value>> values, int depth)
    {
        var told = new ServiceEvent { Service = source.Name, Event = name };
        told.Values.AddRange(values.Select(pair => new NamedValue { Name = pair.Key, Value = Wire.ToMessage(pair.Value) }));
        change.Emit("service-event", told);
        var fields = values.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        var listeners = change.Sql.Query(
            "SELECT service FROM listeners WHERE source = @p1 AND event = @p2 ORDER BY service", row => row.GetInt64(0), source.Name, name);
        foreach (var listener in listeners)
        {
            if (change.Catalogue.Find(change.Sql, listener) is not { } service)
            {
                continue;
            }

            var writer = WriterOf(service);
            foreach (var hook in service.Descriptor.Hooks.Where(hook => Hears(hook, service, source, name)))
            {
                Run(writer, hook, writer.Scope.With("event", field => fields.GetValueOrDefault(field)), depth);
            }
        }
    }

    /// <summary>Runs one hook.</summary>
    public void Run(RecordWriter writer, HookDescriptor hook, RuleScope scope, int depth)
    {
        if (hook.When is { } when && !when.Evaluate(scope).IsTrue)
        {
            return;
        }

        if (depth >= DescriptorLimits.HookDepthMax)
        {
            throw new RefusedException(new Failure(
                FailureKind.Conflict, $"the service's hooks set each other off more than {DescriptorLimits.HookDepthMax} deep, the last being {hook.Name}"))
            {
                IsFinal = true,
            };
        }

        if (change.Try(() => new StepRunner(change, writer, this).Run(hook.Steps, scope, depth + 1)) is not { } failure)
        {
            return;
        }

        Note(writer.Service, hook, failure);
        if (hook.OnError.Count > 0 && change.Try(() => new StepRunner(change, writer, this).Run(hook.OnError, scope, depth + 1)) is { } again)
        {
            Note(writer.Service, hook, again);
        }
    }

    private static bool Hears(HookDescriptor hook, StoredService service, StoredService source, string name) =>
        hook.Trigger == HookTrigger.Event && hook.Source == name && (hook.Service ?? service.Name) == source.Name;

    private void Note(StoredService service, HookDescriptor hook, Failure failure)
    {
        var number = 1 + change.Sql.Scalar<long>("SELECT coalesce(max(number), 0) FROM hook_failures");
        change.Sql.Execute(
            "INSERT INTO hook_failures (number, service, hook, at, message) VALUES (@p1, @p2, @p3, @p4, @p5)",
            number, service.Number, hook.Name, change.At.Microseconds, failure.Message);
        change.Sql.Execute("DELETE FROM hook_failures WHERE number <= @p1", number - FailuresKept);
    }
}
