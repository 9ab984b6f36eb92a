using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Cete.Api;
using Cete.App.Verbs.Config;
using Cete.App.Verbs.Services;

namespace Cete.App.Output;

/// <summary>What put and get tell a script.</summary>
internal sealed record PutSummary(long Files, long Bytes, long SentBytes, long KnownFiles, long Unchanged, double Seconds, IReadOnlyList<ProblemLine> Problems);

/// <summary>What get tells a script; what was paid in micro-credits.</summary>
internal sealed record GetSummary(
    int Files, int AlreadyThere, long Bytes, long FetchedBytes, double Seconds, IReadOnlyList<ProblemLine> Problems, long Paid,
    IReadOnlyList<Cete.Ports.JobSource> Sources);

internal sealed record ProblemLine(string Path, string Code, string Message);

internal sealed record NodeReady(string Community, string Node, string Address, string Fabric, string? Certificate = null);

/// <summary>A backup was made.</summary>
internal sealed record BackupMade(string File, long Bytes, IReadOnlyList<string> Groups);

/// <summary>A terminal asks to be a device of an account.</summary>
internal sealed record DeviceAsked(string Device, string Text);

/// <summary>New recovery codes of an account.</summary>
internal sealed record CodesMade(IReadOnlyList<string> Codes);

/// <summary>Values for scripts: one JSON object a line.</summary>
internal static class JsonOut
{
    public static void Line<T>(T value, JsonTypeInfo<T> type) => Console.Out.WriteLine(JsonSerializer.Serialize(value, type));

    public static void Entry(EntryInfo entry) => Line(entry, ApiJson.Default.EntryInfo);

    public static void Folder(FolderInfo folder) => Line(folder, ApiJson.Default.FolderInfo);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PutSummary))]
[JsonSerializable(typeof(GetSummary))]
[JsonSerializable(typeof(BackupMade))]
[JsonSerializable(typeof(NodeReady))]
[JsonSerializable(typeof(DeviceAsked))]
[JsonSerializable(typeof(CodesMade))]
[JsonSerializable(typeof(CheckReport))]
[JsonSerializable(typeof(OriginLine))]
[JsonSerializable(typeof(DescriptionReport))]
[JsonSerializable(typeof(DescriptionWritten))]
[JsonSerializable(typeof(DiffLine))]
[JsonSerializable(typeof(string))]
internal sealed partial class OutputJson : JsonSerializerContext;
