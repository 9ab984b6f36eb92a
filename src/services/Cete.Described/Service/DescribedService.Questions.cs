using Cete.Core;
using Cete.Described.Proto;
using Cete.Groups;
using Cete.Ports;

namespace Cete.Described;

/// <content>Questions.</content>
public sealed partial class DescribedService
{
    /// <summary>Events that are looked at for one answer: a page of the feed.</summary>
    private const int EventsMax = 200;

    private Instant Now => Instant.From(clock.GetUtcNow());

    /// <summary>All services that are in use, by name.</summary>
    public Task<Outcome<List<ServiceInfo>>> ServicesAsync(CancellationToken cancellation) => group.ReadAsync(
        sql => _catalogue.All(sql).ConvertAll(service => Describe(sql, service)), ReadLevel.Linearizable, cancellation);

    /// <summary>One service.</summary>
    public async Task<Outcome<ServiceInfo>> DescribeAsync(string service, CancellationToken cancellation) => Flatten(await group.ReadAsync(
        sql => _catalogue.Find(sql, service) is { } found ? Describe(sql, found) : (Outcome<ServiceInfo>)NoService(service), ReadLevel.Linearizable,
        cancellation));

    /// <summary>Its editions, the newest first.</summary>
    public async Task<Outcome<List<ServiceEdition>>> EditionsAsync(string service, CancellationToken cancellation) => Flatten(await group.ReadAsync(
        sql => sql.Scalar<long>("SELECT number FROM services WHERE name = @p1", service) is var number and > 0
            ? sql.Query(
                "SELECT edition, version, published_at, published_by, changes FROM service_editions WHERE service = @p1 ORDER BY edition DESC",
                row => new ServiceEdition(
                    row.GetInt64(0), row.GetString(1), new Instant(row.GetInt64(2)), row.GetString(3),
                    row.GetString(4).Split('\n', StringSplitOptions.RemoveEmptyEntries)),
                number)
            : (Outcome<List<ServiceEdition>>)NoService(service),
        ReadLevel.Linearizable, cancellation));

    /// <summary>The description of an edition, as JSON; 0 for the one that is in use.</summary>
    public async Task<Outcome<string>> DescriptionAsync(string service, long edition, CancellationToken cancellation)
    {
        var json = await group.ReadAsync(
            sql => edition == 0
                ? sql.Scalar<string>("SELECT json FROM services WHERE name = @p1 AND withdrawn_at = 0", service)
                : sql.Scalar<string>(
                    "SELECT e.json FROM service_editions e JOIN services s ON s.number = e.service WHERE s.name = @p1 AND e.edition = @p2", service, edition),
            ReadLevel.Linearizable, cancellation);
        return json.Succeeded
            ? json.Value ?? (Outcome<string>)new Failure(
                FailureKind.NotFound, edition == 0 ? NoService(service).Message : $"there is no edition {edition} of a service '{Section.Show(service)}'")
            : json.Failure;
    }

    /// <summary>What would become of making a record, hooks aside: nothing is written.</summary>
    public async Task<Outcome<bool>> RehearseAsync(
        string service, string kind, IEnumerable<KeyValuePair<string, InputValue>> values, Standing asker, CancellationToken cancellation)
    {
        var known = await KindAsync(service, kind, cancellation);
        var read = known.Succeeded ? InputReading.Read(known.Value.Kind.Fields, values, kind) : known.Failure;
        return read.Succeeded
            ? await RehearseAsync(new CreateRecord { Service = service, Kind = kind, Values = { read.Value } }, asker, cancellation)
            : read.Failure;
    }

    /// <summary>What would become of changing a record, hooks aside: nothing is written.</summary>
    public async Task<Outcome<bool>> RehearseAsync(
        string service, string kind, long record, IReadOnlyList<FieldEdit> edits, Standing asker, CancellationToken cancellation)
    {
        var known = await KindAsync(service, kind, cancellation);
        var read = known.Succeeded ? InputReading.Read(known.Value.Kind.Fields, edits, kind) : known.Failure;
        return read.Succeeded
            ? await RehearseAsync(new UpdateRecord { Service = service, Kind = kind, Id = record, Changes = { read.Value } }, asker, cancellation)
            : read.Failure;
    }

    private async Task<Outcome<bool>> RehearseAsync(Google.Protobuf.IMessage command, Standing asker, CancellationToken cancellation) =>
        Flatten(await group.ReadAsync(
            sql =>
            {
                var applied = new AppliedCommand(0, Now, new Asker(asker.Account, asker.Roles) { Grants = asker.Grants }, string.Empty, default);
                return DescribedMachine.Rehearse(command, new Change(applied, new ApplyContext(sql, 1), _catalogue)) is { } failure
                    ? failure : (Outcome<bool>)true;
            },
            ReadLevel.Linearizable, cancellation));

    /// <summary>One record, as somebody may see it.</summary>
    public Task<Outcome<RecordView>> GetAsync(string service, string kind, long record, Standing asker, CancellationToken cancellation) => ReadAsync(
        service, kind, asker, (reader, known) => reader.Find(record) ?? (Outcome<RecordView>)RecordWriter.Missing(known, record), cancellation);

    /// <summary>A page of records that somebody may see.</summary>
    public Task<Outcome<RecordPage>> ListAsync(RecordQuery query, Standing asker, CancellationToken cancellation) =>
        ReadAsync(query.Service, query.Kind, asker, (reader, _) => reader.List(query), cancellation);

    /// <summary>How many records have each value of a field alike.</summary>
    public Task<Outcome<IReadOnlyList<RecordGroup>>> GroupAsync(RecordQuery query, string by, string? sum, Standing asker, CancellationToken cancellation) =>
        ReadAsync(query.Service, query.Kind, asker, (reader, _) => reader.Group(query, by, sum), cancellation);

    /// <summary>
    /// What somebody may do with records of a kind, or with one of them: what clients show buttons by. Whether he may in the end, the command is told, since a
    /// rule may depend on what he makes of it.
    /// </summary>
    /// <param name="service">Of which service.</param>
    /// <param name="kind">Of which kind.</param>
    /// <param name="record">Which one; 0 for the kind as such.</param>
    /// <param name="asker">Who asks.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<Outcome<Permissions>> MayAsync(string service, string kind, long record, Standing asker, CancellationToken cancellation) => ReadAsync(
        service, kind, asker, (reader, known) => reader.May(record) ?? (Outcome<Permissions>)RecordWriter.Missing(known, record), cancellation);

    /// <summary>What happened to a record, the newest first.</summary>
    public Task<Outcome<IReadOnlyList<RecordChange>>> HistoryAsync(
        string service, string kind, long record, Standing asker, CancellationToken cancellation)
    {
        const int ChangesMax = 200;
        return ReadAsync(
            service, kind, asker,
            (reader, known) => reader.Find(record) is { } found
                ? Outcome.Of(reader.History(found, ChangesMax))
                : (Outcome<IReadOnlyList<RecordChange>>)RecordWriter.Missing(known, record),
            cancellation);
    }

    /// <summary>
    /// What happened to a service's records behind a position of the stream, as far as somebody may see them. Answers with where it goes on; with an
    /// <see cref="FailureKind.Expired"/> when what was missed is not kept any more: then the lists are read anew, and the stream from its end.
    /// </summary>
    /// <param name="service">Of which service.</param>
    /// <param name="after">Where it went on; null for the end.</param>
    /// <param name="asker">Who asks.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Outcome<(string Next, IReadOnlyList<RecordEvent> Events)>> ChangesAsync(
        string service, string? after, Standing asker, CancellationToken cancellation)
    {
        var (epoch, position) = StreamPosition.Read(after);
        var page = await group.ReadFeedAsync(after is null ? long.MaxValue : position, EventsMax, cancellation);
        if (!page.Succeeded)
        {
            return page.Failure;
        }

        if (after is null)
        {
            return (StreamPosition.Write(page.Value.Epoch, page.Value.End), []);
        }

        if (page.Value.IsGone(epoch, position))
        {
            return new Failure(FailureKind.Expired, "what happened since then is not kept any more: read the lists again, and the stream from now on");
        }

        var last = page.Value.Events.Count > 0 ? page.Value.Events[^1].Position : position;
        var events = await group.ReadAsync(sql => Visible(sql, service, page.Value.Events, asker), ReadLevel.Local, cancellation);
        return events.Succeeded ? (StreamPosition.Write(page.Value.Epoch, last), events.Value) : events.Failure;
    }

    /// <summary>When something is due next; null when nothing is.</summary>
    internal async Task<Outcome<Instant?>> NextDueAsync(CancellationToken cancellation)
    {
        var due = await group.ReadAsync(
            sql => TextIndex.IsMore(sql) ? 1 : sql.Scalar<long>("SELECT coalesce(min(next_at), 0) FROM schedules"), ReadLevel.Local, cancellation);
        return due.Then(at => at == 0 ? (Instant?)null : new Instant(at));
    }

    private static Failure NoService(string name) => new(FailureKind.NotFound, $"there is no service '{Section.Show(name)}'");

    private static ServiceInfo Describe(SqlSession sql, StoredService service) => sql.First(
        "SELECT published_at, published_by FROM services WHERE number = @p1",
        row => new ServiceInfo(service.Name, service.Edition, new Instant(row.GetInt64(0)), row.GetString(1), service.Descriptor), service.Number)!;

    private static Outcome<T> Flatten<T>(Outcome<Outcome<T>> nested) => nested.Succeeded ? nested.Value : nested.Failure;

    private IReadOnlyList<RecordEvent> Visible(SqlSession sql, string name, IReadOnlyList<FeedEvent> events, Standing asker)
    {
        List<RecordEvent> seen = [];
        if (_catalogue.Find(sql, name) is not { } service)
        {
            return seen;
        }

        foreach (var one in events.Where(one => one.Type == "record-changed"))
        {
            RecordChanged told;
            try
            {
                told = ProtobufBytes.Read(RecordChanged.Parser, one.Body.Span);
            }
            catch (Exception error) when (MalformedBytes.Caused(error))
            {
                continue;
            }

            if (told.Service != name || service.Find(told.Kind) is not { } kind)
            {
                continue;
            }

            // That a record came, went or changed is for those alone who find it in lists, or would if it were there still.
            var reader = new RecordReader(sql, service, kind, asker, Now);
            if (reader.WasVisible(told.Id))
            {
                seen.Add(new RecordEvent(one.Position, one.At, told.Kind, told.Id, told.What, reader.Find(told.Id)));
            }
        }

        return seen;
    }

    private async Task<Outcome<StoredService>> ServiceAsync(string service, CancellationToken cancellation) => Flatten(await group.ReadAsync(
        sql => _catalogue.Find(sql, service) ?? (Outcome<StoredService>)NoService(service), ReadLevel.Linearizable, cancellation));

    private async Task<Outcome<StoredKind>> KindAsync(string service, string kind, CancellationToken cancellation)
    {
        var found = await ServiceAsync(service, cancellation);
        return found.Succeeded ? KindOf(found.Value, kind) : found.Failure;
    }

    private static Outcome<StoredKind> KindOf(StoredService service, string kind) => service.Find(kind) is { } known
        ? known
        : new Failure(
            FailureKind.NotFound, $"{service.Name} has no records '{Section.Show(kind)}'; {Nearest.Hint(kind, [.. service.Kinds.Select(each => each.Name)])}");

    private async Task<Outcome<T>> ReadAsync<T>(
        string service, string kind, Standing asker, Func<RecordReader, StoredKind, Outcome<T>> read, CancellationToken cancellation) => Flatten(
        await group.ReadAsync(
            sql =>
            {
                if (_catalogue.Find(sql, service) is not { } found)
                {
                    return NoService(service);
                }

                var known = KindOf(found, kind);
                return known.Succeeded ? read(new RecordReader(sql, found, known.Value, asker, Now), known.Value) : known.Failure;
            },
            ReadLevel.Linearizable, cancellation));
}
