using Cete.Api;
using Cete.Core;
using Cete.Described;
using Cete.Formats.Entries;
using Cete.Groups;

namespace Cete.Web.Services.Feeds;

/// <summary>
/// Takes in a file of a feed's format, entry by entry: what it has already is changed, what is new is made, by the rules of whoever imports. Each entry is
/// taken whole or not at all, with the reason; the same file again changes nothing.
/// </summary>
/// <param name="services">The services.</param>
/// <param name="service">Which one.</param>
/// <param name="feed">By which feed.</param>
/// <param name="asker">Who imports.</param>
/// <param name="standing">What he may do.</param>
/// <param name="isDryRun">Nothing is written: it is told what would be.</param>
internal sealed class FeedImport(
    DescribedService services, ServiceDescriptor service, FeedDescriptor feed, Asker asker, Standing standing, bool isDryRun)
{
    private readonly RecordKind _kind = service.Record(feed.Of)!;

    /// <summary>Notes of one entry that are told.</summary>
    private const int NotesMax = 12;

    /// <summary>Takes in a file.</summary>
    /// <param name="bytes">It.</param>
    /// <param name="others">What fields hold that the file says nothing of, as text by name.</param>
    /// <param name="stop">Ends it: what was written stays, and is there already the next time.</param>
    public async Task<Outcome<ImportReport>> TakeAsync(ReadOnlyMemory<byte> bytes, IReadOnlyDictionary<string, string> others, CancellationToken stop)
    {
        if (!feed.IsImported)
        {
            return new Failure(FailureKind.Invalid, $"{feed.Format} is written, and not read; make another feed of {feed.Of} to import");
        }

        if (_kind.Price is not null)
        {
            return new Failure(FailureKind.Invalid, $"to make one of {feed.Of} has a price, which nobody pays for a whole file: make them one by one");
        }

        if (others.Keys.FirstOrDefault(name => _kind.Field(name) is not { IsStored: true, IsReadOnly: false }) is { } odd)
        {
            return new Failure(FailureKind.Invalid, $"{feed.Of} have no field '{FormatText.Show(odd)}' to be set");
        }

        var mapping = new ImportMapping(service, feed, new ImportFolders(services, service, asker, standing, isDryRun));
        List<ImportLine> lines = [];
        IReadOnlyList<string> notes = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        if (feed.Format == FeedFormats.JsonLines)
        {
            var read = JsonLines.Read(bytes.Span);
            if (!read.Succeeded)
            {
                return read.Failure;
            }

            foreach (var line in read.Value)
            {
                lines.Add(await TakeAsync(await mapping.MapAsync(line, stop), others, seen, stop));
            }
        }
        else
        {
            var read = FeedFiles.Read(feed, bytes.Span);
            if (!read.Succeeded)
            {
                return read.Failure;
            }

            notes = read.Value.Notes;
            foreach (var entry in read.Value.Entries)
            {
                lines.Add(await TakeAsync(await mapping.MapAsync(entry, stop), others, seen, stop));
            }
        }

        return new ImportReport(isDryRun, Count("made"), Count("changed"), Count("same"), Count("refused"), notes, lines);

        int Count(string what) => lines.Count(line => line.What == what);
    }

    private async Task<ImportLine> TakeAsync(
        ImportEntry entry, IReadOnlyDictionary<string, string> others, HashSet<string> seen, CancellationToken stop)
    {
        if (entry.Wrong is { } wrong)
        {
            return Line(entry, "refused", null, wrong);
        }

        var name = entry.Key?.Text ?? (FeedEntries.ReadId(entry.Uid, service.Name, feed.Of) is null ? string.Empty : entry.Uid);
        if (name.Length > 0 && !seen.Add(name))
        {
            return Line(entry, "refused", null, "the file has it twice; the first one was taken");
        }

        var found = await FindAsync(entry, stop);
        if (!found.Succeeded)
        {
            return Line(entry, "refused", null, found.Failure.Message);
        }

        return found.Value is { } record ? await ChangeAsync(entry, record, stop) : await MakeAsync(entry, others, stop);
    }

    private async Task<ImportLine> MakeAsync(ImportEntry entry, IReadOnlyDictionary<string, string> others, CancellationToken stop)
    {
        foreach (var (field, text) in others)
        {
            if (!entry.Values.TryGetValue(field, out var value) || (value.Text is null && value.List is null))
            {
                entry.Values[field] = _kind.Field(field)!.Type == FieldType.MultiSelect ? InputValue.Of(text.Split(',')) : InputValue.Of(text);
            }
        }

        var values = entry.Values.Where(pair => pair.Value.Text is not null || pair.Value.List is not null).ToList();
        if (isDryRun)
        {
            var would = await services.RehearseAsync(service.Name, feed.Of, values, standing, stop);
            return would.Succeeded ? Line(entry, "made", null, null) : Line(entry, "refused", null, would.Failure.Message);
        }

        var made = await services.CreateAsync(service.Name, feed.Of, values, asker, null, default, stop);
        return made.Succeeded ? Line(entry, "made", made.Value.Id, null) : Line(entry, "refused", null, made.Failure.Message);
    }

    private async Task<ImportLine> ChangeAsync(ImportEntry entry, RecordView record, CancellationToken stop)
    {
        List<FieldEdit> edits =
        [
            .. entry.Values.Where(pair => Differs(_kind.Field(pair.Key)!, record, pair.Value))
                .Select(pair => new FieldEdit(pair.Key, EditKind.Set, pair.Value)),
        ];
        if (edits.Count == 0)
        {
            return Line(entry, "same", record.Id, null);
        }

        Failure? failure;
        if (isDryRun)
        {
            failure = (await services.RehearseAsync(service.Name, feed.Of, record.Id, edits, standing, stop)).Failure;
        }
        else
        {
            failure = (await services.UpdateAsync(service.Name, feed.Of, record.Id, edits, record.Revision, asker, null, stop)).Failure;
        }

        return failure is null ? Line(entry, "changed", record.Id, null) : Line(entry, "refused", record.Id, failure.Message);
    }

    /// <summary>The record that an entry is of; null where there is none yet.</summary>
    private async Task<Outcome<RecordView?>> FindAsync(ImportEntry entry, CancellationToken stop)
    {
        if (FeedEntries.ReadId(entry.Uid, service.Name, feed.Of) is { } own)
        {
            var record = await services.GetAsync(service.Name, feed.Of, own.Id, standing, stop);
            if (record.Succeeded && record.Value.Created == own.Created)
            {
                return record.Value;
            }
        }

        if (entry.Key is not { } key)
        {
            return (RecordView?)null;
        }

        var filter = $"record.{key.Field} == {RecordFilter.Quote(key.Text)}";
        var page = await services.ListAsync(new RecordQuery(service.Name, feed.Of) { Filter = filter, Sort = ["id"], Limit = 1 }, standing, stop);
        return page.Then(found => found.Items.Count > 0 ? found.Items[0] : null);
    }

    private static bool Differs(FieldDescriptor field, RecordView record, InputValue value)
    {
        var now = FieldText.Write(record.Get(field.Name));
        if (value.List is { } list)
        {
            return !list.Order(StringComparer.Ordinal).SequenceEqual(record.Get(field.Name).AsList.Select(FieldText.Write).Order(StringComparer.Ordinal));
        }

        var read = FieldText.Read(field.Type, value.Text ?? string.Empty);
        var next = read.Succeeded ? FieldText.Write(read.Value) : value.Text ?? string.Empty;
        return field.Type == FieldType.Boolean ? (now == "true") != (next == "true") : Plain(now) != Plain(next);

        static string Plain(string text) => text.ReplaceLineEndings("\n").Trim();
    }

    private static ImportLine Line(ImportEntry entry, string what, long? id, string? why) => new(
        entry.Line, what, FormatText.Show(entry.Name), id, why, entry.Notes.Count > 0 ? [.. entry.Notes.Distinct().Take(NotesMax)] : null);
}
