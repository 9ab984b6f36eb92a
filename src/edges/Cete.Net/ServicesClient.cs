using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cete.Api;
using Cete.Core;

namespace Cete.Net;

/// <summary>Described services for programs: their descriptions, and what can be done with records by name alone.</summary>
/// <param name="node">Speaks with the community.</param>
public sealed class ServicesClient(NodeClient node)
{
    /// <summary>All that are in use.</summary>
    public Task<Outcome<ServiceList>> ListAsync(CancellationToken cancellation) =>
        node.GetAsync(Routes.Services, ServicesJson.Default.ServiceList, cancellation);

    /// <summary>The description of one.</summary>
    /// <param name="service">Which one.</param>
    /// <param name="edition">Which edition; null for the one that is in use.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<Outcome<ServiceDescription>> DescribeAsync(string service, long? edition, CancellationToken cancellation) => node.GetAsync(
        edition is { } number ? string.Create(CultureInfo.InvariantCulture, $"{Routes.Editions(service)}/{number}") : Routes.Service(service),
        ServicesJson.Default.ServiceDescription, cancellation);

    /// <summary>Its editions that are kept, the newest first.</summary>
    public Task<Outcome<EditionList>> EditionsAsync(string service, CancellationToken cancellation) =>
        node.GetAsync(Routes.Editions(service), ServicesJson.Default.EditionList, cancellation);

    /// <summary>Publishes a description.</summary>
    /// <param name="service">Its name.</param>
    /// <param name="json">It.</param>
    /// <param name="replaces">The edition that it takes the place of; null for a new service.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Outcome<PublishAnswer>> PublishAsync(string service, string json, long? replaces, CancellationToken cancellation) => node.CommandAsync(
        () =>
        {
            var request = Make(HttpMethod.Put, Routes.Service(service), json);
            if (replaces is { } edition)
            {
                request.Headers.IfMatch.Add(TagOf(edition));
            }
            else
            {
                request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
            }

            return request;
        },
        ServicesJson.Default.PublishAnswer, cancellation);

    /// <summary>Takes a service out of use.</summary>
    public Task<Outcome<PublishAnswer>> WithdrawAsync(string service, long edition, CancellationToken cancellation) => node.CommandAsync(
        () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Delete, Routes.Service(service));
            request.Headers.IfMatch.Add(TagOf(edition));
            return request;
        },
        ServicesJson.Default.PublishAnswer, cancellation);

    /// <summary>Makes a record.</summary>
    /// <param name="service">Of which service.</param>
    /// <param name="kind">Of which kind.</param>
    /// <param name="fields">Its fields.</param>
    /// <param name="voucher">Pays for it, as text; null where it costs nothing.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Outcome<WrittenAnswer>> CreateAsync(string service, string kind, JsonObject fields, string? voucher, CancellationToken cancellation)
    {
        var json = fields.ToJsonString();
        return node.CommandAsync(
            () => Paid(Make(HttpMethod.Post, Routes.Records(service, kind), json), voucher), ServicesJson.Default.WrittenAnswer, cancellation);
    }

    /// <summary>What it would cost to make a record.</summary>
    public Task<Outcome<OfferInfo>> PriceAsync(string service, string kind, JsonObject fields, CancellationToken cancellation) =>
        AskPriceAsync(Routes.RecordPrice(service, kind), fields, cancellation);

    /// <summary>What it would cost to do what a service offers.</summary>
    public Task<Outcome<OfferInfo>> PriceAsync(string service, string action, long? record, JsonObject input, CancellationToken cancellation) =>
        AskPriceAsync(OfRecord(Routes.ActionPrice(service, action), record), input, cancellation);

    /// <summary>Changes fields of a record.</summary>
    /// <param name="service">Of which service.</param>
    /// <param name="kind">Of which kind.</param>
    /// <param name="record">Which one.</param>
    /// <param name="fields">What they are to be.</param>
    /// <param name="revision">The one that was seen; null where that does not matter.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Outcome<WrittenAnswer>> UpdateAsync(
        string service, string kind, long record, JsonObject fields, long? revision, CancellationToken cancellation)
    {
        var json = fields.ToJsonString();
        return node.CommandAsync(
            () => Seen(Make(HttpMethod.Patch, Record(service, kind, record), json), revision), ServicesJson.Default.WrittenAnswer, cancellation);
    }

    /// <summary>Deletes a record; for a time it can be brought back.</summary>
    public Task<Outcome<WrittenAnswer>> DeleteAsync(string service, string kind, long record, long? revision, CancellationToken cancellation) =>
        node.CommandAsync(
            () => Seen(new HttpRequestMessage(HttpMethod.Delete, Record(service, kind, record)), revision), ServicesJson.Default.WrittenAnswer, cancellation);

    /// <summary>Brings a deleted record back.</summary>
    public Task<Outcome<WrittenAnswer>> RestoreAsync(string service, string kind, long record, CancellationToken cancellation) => node.CommandAsync(
        () => new HttpRequestMessage(HttpMethod.Post, Record(service, kind, record) + "/restore"), ServicesJson.Default.WrittenAnswer, cancellation);

    /// <summary>Does what a service offers, to a record where it is done to one.</summary>
    /// <param name="service">The service.</param>
    /// <param name="action">What.</param>
    /// <param name="record">To which record; null for none.</param>
    /// <param name="input">What its form asks.</param>
    /// <param name="voucher">Pays for it, as text; null where it costs nothing.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Outcome<WrittenAnswer>> ActAsync(
        string service, string action, long? record, JsonObject input, string? voucher, CancellationToken cancellation)
    {
        var (path, json) = (OfRecord(Routes.Action(service, action), record), input.ToJsonString());
        return node.CommandAsync(() => Paid(Make(HttpMethod.Post, path, json), voucher), ServicesJson.Default.WrittenAnswer, cancellation);
    }

    /// <summary>A page of records.</summary>
    public Task<Outcome<RecordList>> RecordsAsync(string service, string kind, RecordAsk ask, CancellationToken cancellation) =>
        node.GetAsync($"{Routes.Records(service, kind)}{ask}", ServicesJson.Default.RecordList, cancellation);

    /// <summary>One record.</summary>
    public Task<Outcome<RecordInfo>> RecordAsync(string service, string kind, long record, CancellationToken cancellation) =>
        node.GetAsync(Record(service, kind, record), ServicesJson.Default.RecordInfo, cancellation);

    /// <summary>What happened to a record.</summary>
    public Task<Outcome<RecordHistory>> HistoryAsync(string service, string kind, long record, CancellationToken cancellation) =>
        node.GetAsync(Record(service, kind, record) + "/history", ServicesJson.Default.RecordHistory, cancellation);

    /// <summary>What may be done with a kind of records, or with one of them.</summary>
    public Task<Outcome<RecordPermissions>> MayAsync(string service, string kind, long? record, CancellationToken cancellation) => node.GetAsync(
        Routes.May(service, kind) + (record is { } id ? string.Create(CultureInfo.InvariantCulture, $"?record={id}") : string.Empty),
        ServicesJson.Default.RecordPermissions, cancellation);

    /// <summary>How many records have each value of a field alike.</summary>
    public Task<Outcome<RecordGroupList>> GroupsAsync(
        string service, string kind, string by, string? sum, RecordAsk ask, CancellationToken cancellation) => node.GetAsync(
        $"{Routes.RecordGroups(service, kind)}{ask}{(ask.ToString().Length > 0 ? '&' : '?')}by={Uri.EscapeDataString(by)}"
        + (sum is null ? string.Empty : "&sum=" + Uri.EscapeDataString(sum)),
        ServicesJson.Default.RecordGroupList, cancellation);

    /// <summary>
    /// Hands over what happens to records as it happens, from a position on, until that ends; tells why it did. <see cref="FailureKind.Expired"/>: what
    /// happened since is not kept any more.
    /// </summary>
    /// <param name="service">Of which service.</param>
    /// <param name="after">The position; null for what happens from now on.</param>
    /// <param name="take">Is told what happened, null for nothing, and the position to go on from, empty for the same as before.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Failure> WatchAsync(string service, string? after, Action<RecordEventInfo?, string> take, CancellationToken cancellation)
    {
        Failure? said = null;
        var ended = await node.WatchEventsAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, Routes.RecordChanges(service));
                request.Headers.Accept.ParseAdd("text/event-stream");
                if (after is not null)
                {
                    request.Headers.TryAddWithoutValidation("Last-Event-ID", after);
                }

                return request;
            },
            (kind, data, id) =>
            {
                if (kind is "gone" or "failed")
                {
                    said = Problems.ToFailure(JsonSerializer.Deserialize(data, ApiJson.Default.Problem), 410);
                }
                else
                {
                    take(data.Length == 0 ? null : JsonSerializer.Deserialize(data, ServicesJson.Default.RecordEventInfo), id);
                }
            },
            cancellation);
        return said ?? ended;
    }

    private static string Record(string service, string kind, long record) =>
        string.Create(CultureInfo.InvariantCulture, $"{Routes.Records(service, kind)}/{record}");

    private static HttpRequestMessage Seen(HttpRequestMessage request, long? revision)
    {
        if (revision is { } number)
        {
            request.Headers.IfMatch.Add(TagOf(number));
        }

        return request;
    }

    /// <summary>Takes in a file of a feed's format; sent again, it changes nothing that it has made already.</summary>
    /// <param name="address">Of the import, with what is asked of it.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Outcome<ImportReport>> ImportAsync(string address, ReadOnlyMemory<byte> file, CancellationToken cancellation) => node.CommandAsync(
        () => new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new ReadOnlyMemoryContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } },
        },
        ServicesJson.Default.ImportReport, cancellation);

    private static string OfRecord(string path, long? record) =>
        record is { } id ? string.Create(CultureInfo.InvariantCulture, $"{path}?record={id}") : path;

    private static HttpRequestMessage Paid(HttpRequestMessage request, string? voucher)
    {
        if (voucher is not null)
        {
            request.Headers.TryAddWithoutValidation(Headers.Voucher, voucher);
        }

        return request;
    }

    private Task<Outcome<OfferInfo>> AskPriceAsync(string path, JsonObject body, CancellationToken cancellation) =>
        node.PostAsync(path, body, ServicesJson.Default.JsonObject, ServicesJson.Default.OfferInfo, cancellation);

    private static HttpRequestMessage Make(HttpMethod method, string path, string json) =>
        new(method, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    private static EntityTagHeaderValue TagOf(long edition) => new(string.Create(CultureInfo.InvariantCulture, $"\"{edition}\""));
}
