using Cete.Core;
using Cete.Described;
using Cete.Described.Proto;
using Cete.Groups;
using Google.Protobuf;
using Microsoft.Data.Sqlite;

namespace Cete.Fuzzing.Targets;

/// <summary>Descriptions of services, which come from their authors; and values of fields, which come from everybody.</summary>
internal static class DescribedTargets
{
    private const string Notes =
        """
        cete = 1
        service { name = notes, version = 1.2.3, title { en = Notes, de = Notizen } }
        records {
          notes {
            fields {
              title { type = text, required = true, default = new, max = 20, pattern = "[a-z]+" }
              count { type = integer, default = "=1 + 2", min = -5 }
              state { type = select, options { open = Open, done = Done } }
              tags { type = multi-select, options = [a, b] }
              parent { type = relation, to = notes, on-delete = cascade }
              twice { type = formula, value = "record.count * 2" }
            }
            unique = [[title, count]], indexes = [[count]]
            states { field = state, start = open, moves { open = [done] } }
            rules { list = "record.owner == auth.id || auth.known", view = "", create = "record.count > 0", update = "new.count >= record.count", delete = "" }
          }
        }
        actions { go { on = notes, who = "", when = "record.count > 0", input { n { type = integer, default = 1 } }, steps = [
          { create = notes, with { title = again, count = "=input.n" }, as = made, when = "notes.count(n, true) < 3" }
          { set { count = "=record.count + made.count" } }
          { each = notes, as = each, where = "each.count < 0", steps = [{ delete = each }] }
          { fail = no, when = "record.count > 9" }
        ] } }
        emits { told { title = text } }
        hooks = [
          { name = tell, on = notes.created, when = "record.count < 5", steps = [{ emit = told, with { title = "record.title" } }] }
          { on = told, steps = [{ create = notes, with { title = heard, count = 6 } }], on-error = [{ fail = x }] }
          { every = 1h, steps = [{ each = notes, as = n, steps = [{ of = n, set { count = 7 } }] }] }
        ]
        views { board { kind = board, records = notes, keys { column = state }, sort = ["-count"], filter = "record.count > 0" } }
        provides = [notes/1]
        """;

    private static readonly string[] Words =
    [
        "records.", "notes", "fields {", "type = ", "relation", "formula", "value = \"record.\"", "rules {", "states {", "moves {", "steps = [{",
        "set {", "of = \"record.parent\"", "create = notes", "delete = record", "each = notes", "as = order", "hooks = [{", "every = 1m",
        "on = notes.updated", "emit = ", "unique = [", "was = ", "}", "]", "${", "include \"x\"",
    ];

    public static (string Name, Func<FuzzTarget> Make)[] All { get; } = [("description", Descriptions), ("field-value", Values)];

    private static FuzzTarget Descriptions() => FuzzTarget.OfText(
        "description", Publish,
        [Notes, "{\"service\":{\"name\":\"s\"},\"records\":{\"a\":{\"fields\":{\"t\":\"text\"},\"rules\":{\"create\":\"\",\"list\":\"\"}}}}"], Words) with
    { BytesMax = 8 * 1024, AllocatedMax = 64 * 1024 * 1024, AllocatedPerByte = 20_000, TestRuns = 100 };

    private static string Publish(string text)
    {
        var reading = DescriptorReader.ReadJson(text, "fuzz");
        Oracle.That(reading.Problems.All(problem => problem.Message.Length > 0 && problem.Line >= 0), "a problem of no text");
        Oracle.That((reading.Descriptor is null) == reading.Problems.Any(problem => !problem.IsWarning), "neither a description nor an error");
        if (reading.Descriptor is not { } descriptor)
        {
            return Oracle.Of(new Failure(FailureKind.Invalid, reading.Problems[0].Message));
        }

        Oracle.That(DescriptorReader.ReadJson(descriptor.Json, "again").Descriptor?.Json == descriptor.Json, "its JSON is another description");
        using var site = new Site();
        Oracle.That(site.Submit(new Publish { Json = descriptor.Json }).Succeeded, "what was found right cannot be published");
        foreach (var kind in descriptor.Records)
        {
            var made = site.Submit(new CreateRecord { Service = descriptor.Name, Kind = kind.Name });
            site.Read(descriptor.Name, kind.Name);
            if (made.Succeeded)
            {
                site.Submit(new DeleteRecord { Service = descriptor.Name, Kind = kind.Name, Id = 1 });
            }
        }

        foreach (var action in descriptor.Actions)
        {
            site.Submit(new Act { Service = descriptor.Name, Action = action.Name, Record = 1 });
        }

        Oracle.That(site.Submit(new Publish { Json = descriptor.Json, Replaces = 1 }).Succeeded, "it cannot take its own place");
        return FuzzTarget.Taken;
    }

    private static FuzzTarget Values() => FuzzTarget.OfText(
        "field-value", ReadValue,
        ["0|text", "1|5 *x*", "2|-17", "3|12.5", "4|yes", "5|2026-11-23", "6|2026-11-23T18:30:00.5Z", "7|1d12h", "9|a, b", "10|3", "14|a@b.c", "16|52.5,13.4"],
        "|", "-", "2026-02-30", "9999-12-31T23:59:59Z", "0001-01-01", "w", "d", "h", "m", "s", "9223372036854", ".000001", "+01:00");

    private static string ReadValue(string text)
    {
        var bar = text.IndexOf('|', StringComparison.Ordinal);
        if (bar < 0 || !int.TryParse(text.AsSpan(0, bar), out var number) || !Enum.IsDefined((FieldType)number))
        {
            return "no type";
        }

        var type = (FieldType)number;
        var read = FieldText.Read(type, text[(bar + 1)..]);
        if (!read.Succeeded)
        {
            return Oracle.Of(read.Failure);
        }

        var again = FieldText.Read(type, FieldText.Write(read.Value));
        var isSame = again.Succeeded && (again.Value == read.Value || type is FieldType.DateTime or FieldType.Duration);
        Oracle.That(isSame, $"'{FieldText.Write(read.Value)}' reads as another value");
        var field = new FieldDescriptor("f", type, Described.Words.Of("F"));
        return FuzzTarget.Taken + (FieldRules.Check(field, read.Value) is null ? " and kept" : string.Empty);
    }

    /// <summary>The engine over tables in memory.</summary>
    private sealed class Site : IDisposable
    {
        private readonly SqliteConnection _connection = new("Data Source=:memory:");
        private readonly DescribedMachine _machine = new();
        private readonly SqlSession _sql;
        private long _index;

        public Site()
        {
            _connection.Open();
            _sql = new SqlSession(_connection);
            _machine.Raise(1, _sql);
        }

        public Outcome<ReadOnlyMemory<byte>> Submit(IMessage message)
        {
            _sql.Execute("SAVEPOINT command");
            var applied = new AppliedCommand(++_index, new Instant(1_800_000_000_000_000), Asker.Local, message.Descriptor.Name, message.ToByteArray());
            var answer = _machine.Apply(applied, new ApplyContext(_sql, 1));
            if (!answer.Succeeded)
            {
                _sql.Execute("ROLLBACK TO command");
            }

            _sql.Execute("RELEASE command");
            return answer;
        }

        public void Read(string service, string kind)
        {
            var found = new Catalogue().Find(_sql, service)!;
            var reader = new RecordReader(_sql, found, found.Of(kind), Asker.Local.Standing, new Instant(1_800_000_000_000_000));
            foreach (var view in found.Descriptor.Views.Where(view => view.Records == kind))
            {
                Oracle.That(reader.List(new RecordQuery(service, kind) { View = view.Name, IsCounted = true }).Succeeded, "a view that shows nothing");
            }

            reader.May(0);
            reader.Find(1);
        }

        public void Dispose()
        {
            _sql.Dispose();
            _connection.Dispose();
        }
    }
}
