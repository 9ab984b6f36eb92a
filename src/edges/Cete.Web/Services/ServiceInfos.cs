using System.Text.Json.Nodes;
using Cete.Api;
using Cete.Described;

namespace Cete.Web.Services;

/// <summary>Described services and their records as the API shows them.</summary>
internal static class ServiceInfos
{
    public static ServiceSummary ToSummary(this ServiceInfo service, Languages languages)
    {
        var descriptor = service.Descriptor;
        return new ServiceSummary(
            service.Name, languages.Of(descriptor.Title), languages.Of(descriptor.About), descriptor.Icon, descriptor.Version, service.Edition,
            service.At.ToDateTimeOffset(), service.By,
            [.. descriptor.Records.Select(kind => new KindSummary(kind.Name, languages.Of(kind.Title)))],
            [.. descriptor.Views.Select(view => new ViewSummary(
                view.Name, languages.Of(view.Title), view.Kind, view.Records.Length > 0 ? view.Records : null))],
            [.. descriptor.Actions.Select(action => new ActionSummary(action.Name, languages.Of(action.Title), action.On))]);
    }

    public static EditionInfo ToInfo(this ServiceEdition edition) =>
        new(edition.Edition, edition.Version, edition.At.ToDateTimeOffset(), edition.By, edition.Changes);

    public static RecordInfo ToInfo(this RecordView record) => new(
        record.Kind, record.Id, AccountOf(record.Owner), record.Created.ToDateTimeOffset(), record.Updated.ToDateTimeOffset(), record.Revision,
        RecordJson.Write(record.Values))
    {
        Labels = record.Labels.Count > 0 ? record.Labels : null,
        Pieces = record.Pieces.Count > 0 ? record.Pieces.ToDictionary(piece => piece.Field, ToText, StringComparer.Ordinal) : null,
        Deleted = record.Deleted?.ToDateTimeOffset(),
        Hidden = record.IsHidden ? true : null,
    };

    public static RecordList ToList(this RecordPage page) =>
        new([.. page.Items.Select(ToInfo)], page.Next, page.Total) { Partial = page.IsPartial ? true : null };

    public static MarkedText ToText(this TextPiece piece) => new(piece.Text, [.. piece.Hits.Select(hit => (IReadOnlyList<int>)[hit.Start, hit.Length])]);

    public static OfferInfo ToInfo(this Offer offer) => new(
        offer.Amount, offer.FreeLeft > 0 ? offer.FreeLeft : null, offer.Price.Amount > 0 ? offer.Price.Payee.ToString() : null,
        offer.Price.Amount > 0 ? offer.Price.Provider.ToString() : null,
        [.. offer.Lanes.Select(lane => new OfferLane(
            lane.Channel.ToString(), lane.Due, lane.Paid, lane.Cap, lane.ExpiresAt.ToDateTimeOffset()))]);

    public static PaymentInfo ToInfo(this ServicePayment paid) => new(
        paid.Number, paid.At.ToDateTimeOffset(), paid.Service, paid.What, paid.Record == 0 ? null : paid.Record, paid.Amount, paid.Payee.ToString());

    public static WrittenAnswer ToAnswer(this Written written) => new(written.Id, written.Revision, written.Others);

    public static HistoryLine ToLine(this RecordChange change, RecordKind? kind) => new(
        change.Revision, change.At.ToDateTimeOffset(), AccountOf(change.Account), change.What,
        new JsonObject(change.Before.Select(pair => new KeyValuePair<string, JsonNode?>(pair.Key, Before(kind?.Field(pair.Key), pair.Value)))));

    public static RecordGroupInfo ToInfo(this RecordGroup group) => new(RecordJson.Write(group.Key), group.Count, RecordJson.Write(group.Sum));

    public static RecordEventInfo ToInfo(this RecordEvent told, string position) =>
        new(position, told.At.ToDateTimeOffset(), told.Kind, told.Id, told.What, told.Record?.ToInfo());

    private static string? AccountOf(string account) => account.Length > 0 ? account : null;

    /// <summary>History keeps texts; a field may have had another type then.</summary>
    private static JsonNode? Before(FieldDescriptor? field, string text) =>
        text.Length == 0 ? null
        : field is not null && FieldText.Read(field.Type, text) is { Succeeded: true, Value: var value } ? RecordJson.Write(value)
        : JsonValue.Create(text);
}
