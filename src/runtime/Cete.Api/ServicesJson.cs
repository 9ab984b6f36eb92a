using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Cete.Api;

/// <summary>The JSON of described services. It stands beside <see cref="ApiJson"/> since descriptions are deeper than all else.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = false, MaxDepth = 40)]
[JsonSerializable(typeof(ServiceList))]
[JsonSerializable(typeof(ServiceSummary))]
[JsonSerializable(typeof(ServiceDescription))]
[JsonSerializable(typeof(PublishAnswer))]
[JsonSerializable(typeof(EditionList))]
[JsonSerializable(typeof(EditionInfo))]
[JsonSerializable(typeof(RecordInfo))]
[JsonSerializable(typeof(RecordList))]
[JsonSerializable(typeof(RecordPermissions))]
[JsonSerializable(typeof(WrittenAnswer))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(OfferInfo))]
[JsonSerializable(typeof(PaymentList))]
[JsonSerializable(typeof(RecordHistory))]
[JsonSerializable(typeof(HideRequest))]
[JsonSerializable(typeof(RecordReportList))]
[JsonSerializable(typeof(HiddenRecordList))]
[JsonSerializable(typeof(RecordActList))]
[JsonSerializable(typeof(ModerationAnswer))]
[JsonSerializable(typeof(RecordGroupList))]
[JsonSerializable(typeof(RecordEventList))]
[JsonSerializable(typeof(RecordEventInfo))]
[JsonSerializable(typeof(FeedList))]
[JsonSerializable(typeof(FeedSummary))]
[JsonSerializable(typeof(FeedAddress))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(SearchAnswer))]
[JsonSerializable(typeof(SearchHit))]
public sealed partial class ServicesJson : JsonSerializerContext;
