using System.Text.Json;
using System.Text.Json.Serialization;
using Cete.Core;
using Cete.Ports;

namespace Cete.Storage.Local;

/// <summary>Downloads of a user, one JSON file each in a folder that nobody else may read: what somebody downloads is his own business.</summary>
/// <param name="folder">Made when something is kept.</param>
public sealed class JobBook(string folder) : IJobBook
{
    private const int BytesMax = 16 * 1024 * 1024;

    /// <inheritdoc/>
    public IReadOnlyList<DownloadJob> All()
    {
        try
        {
            return Directory.Exists(folder)
                ? [.. Directory.GetFiles(folder, "*.json").Select(Parse).OfType<DownloadJob>().OrderBy(job => job.Id)]
                : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public Failure? Keep(DownloadJob job) =>
        PrivateFile.MakeFolder(folder) ?? PrivateFile.Write(PathOf(job.Id), JsonSerializer.SerializeToUtf8Bytes(job, JobJson.Default.DownloadJob));

    /// <inheritdoc/>
    public void Forget(long id)
    {
        try
        {
            File.Delete(PathOf(id));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is listed once more after the next start.
            return;
        }
    }

    private static DownloadJob? Parse(string path)
    {
        try
        {
            var job = new FileInfo(path).Length <= BytesMax ? JsonSerializer.Deserialize(File.ReadAllBytes(path), JobJson.Default.DownloadJob) : null;

            // What was kept by an earlier version lacks what came since.
            return job is { Progress.Sources: null } ? job with { Progress = job.Progress with { Sources = [] } } : job;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private string PathOf(long id) => Path.Combine(folder, $"{id:D9}.json");
}

/// <summary>Downloads as JSON, on disk and between the agent and its clients.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true, MaxDepth = 16)]
[JsonSerializable(typeof(DownloadJob))]
internal sealed partial class JobJson : JsonSerializerContext;
