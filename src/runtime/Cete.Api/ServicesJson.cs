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
[JsonSerializable(typeof(WrittenAnswer))]
[JsonSerializable(typeof(RecordHistory))]
[JsonSerializable(typeof(HideRequest))]
[JsonSerializable(typeof(RecordReportList))]
[JsonSerializable(typeof(HiddenRecordList))]
[JsonSerializable(typeof(RecordActList))]
[JsonSerializable(typeof(ModerationAnswer))]
[JsonSerializable(typeof(RecordGroupList))]
[JsonSerializable(typeof(RecordEventList))]
[JsonSerializable(typeof(RecordEventInfo))]
public sealed partial class ServicesJson : JsonSerializerContext;
