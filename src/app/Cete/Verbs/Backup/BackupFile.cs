using System.Formats.Tar;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cete.Core;

namespace Cete.App.Verbs.Backup;

/// <summary>What a backup says of itself.</summary>
/// <param name="Format">1.</param>
/// <param name="Community">Name of the community.</param>
/// <param name="CommunityId">Its id.</param>
/// <param name="Made">When.</param>
/// <param name="Groups">What is in it.</param>
internal sealed record BackupManifest(int Format, string Community, string CommunityId, DateTimeOffset Made, IReadOnlyList<string> Groups);

/// <summary>A backup is a tar archive: what it is, then a snapshot of each group, each with its own seal.</summary>
internal static class BackupFile
{
    public const int Format = 1;
    private const string ManifestName = "backup.json";
    private const int ManifestBytesMax = 1 << 20;

    public static string NameOf(string group) => $"groups/{group}";

    /// <summary>Begins an archive.</summary>
    public static void WriteManifest(TarWriter archive, BackupManifest manifest)
    {
        using var text = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest));
        archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, ManifestName) { DataStream = text });
    }

    /// <summary>Reads an archive to where its groups begin.</summary>
    public static Outcome<BackupManifest> ReadManifest(TarReader archive, string file)
    {
        try
        {
            if (archive.GetNextEntry() is not { Name: ManifestName, Length: <= ManifestBytesMax, DataStream: { } text })
            {
                return new Failure(FailureKind.Damaged, $"{file} is no backup of a community; 'cete backup' makes one");
            }

            return JsonSerializer.Deserialize(text, BackupJson.Default.BackupManifest) switch
            {
                { Format: Format, Groups: not null } manifest => manifest,
                { Format: > Format } manifest => new Failure(FailureKind.Conflict, $"{file} has format {manifest.Format}, this program knows {Format}: use a newer one"),
                _ => new Failure(FailureKind.Damaged, $"{file} is no backup of a community; 'cete backup' makes one"),
            };
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or JsonException or FormatException)
        {
            return new Failure(FailureKind.Damaged, $"{file} is no backup of a community, or is damaged: {error.Message}");
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
