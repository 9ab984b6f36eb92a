using System.Text.Json.Serialization;

namespace Cete.Api;

/// <summary>The JSON of the API, made at build time: it starts faster than reflection and can be trimmed.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = false, MaxDepth = 16)]
[JsonSerializable(typeof(NodeStatus))]
[JsonSerializable(typeof(DoctorAnswer))]
[JsonSerializable(typeof(ServersAnswer))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(TokenList))]
[JsonSerializable(typeof(RemoveNodeRequest))]
[JsonSerializable(typeof(ChangeAnswer))]
[JsonSerializable(typeof(FolderInfo))]
[JsonSerializable(typeof(FolderPage))]
[JsonSerializable(typeof(EntryInfo))]
[JsonSerializable(typeof(EntryPage))]
[JsonSerializable(typeof(SuggestionsAnswer))]
[JsonSerializable(typeof(MakeFolderRequest))]
[JsonSerializable(typeof(FileRequest))]
[JsonSerializable(typeof(FileAnswer))]
[JsonSerializable(typeof(DescribeRequest))]
[JsonSerializable(typeof(MoveRequest))]
[JsonSerializable(typeof(RemoveRequest))]
[JsonSerializable(typeof(RemoveAnswer))]
[JsonSerializable(typeof(RestoreAnswer))]
[JsonSerializable(typeof(KnownRequest))]
[JsonSerializable(typeof(BundleRequest))]
[JsonSerializable(typeof(KnownAnswer))]
[JsonSerializable(typeof(UploadRequest))]
[JsonSerializable(typeof(UploadState))]
[JsonSerializable(typeof(UploadAnswer))]
[JsonSerializable(typeof(SourcesAnswer))]
[JsonSerializable(typeof(DamageReport))]
[JsonSerializable(typeof(DamageAnswer))]
[JsonSerializable(typeof(Problem))]
public sealed partial class ApiJson : JsonSerializerContext;
