using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cete.Core;
using Cete.Ports.Payments;

namespace Cete.Storage.Payments;

/// <summary>Addresses that somebody pays for, one JSON file each in a folder that nobody else may read.</summary>
/// <param name="folder">Made when something is kept.</param>
public sealed class PaidLinkBook(string folder) : IPaidLinkBook
{
    /// <summary>Addresses that are kept at most: each is a file, and ends in a month at the latest.</summary>
    private const int CountMax = 10_000;

    private const int BytesMax = 4 * 1024;
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public PaidLink? Find(ulong serial)
    {
        lock (_gate)
        {
            return Parse(PathOf(serial));
        }
    }

    /// <inheritdoc/>
    public Failure? Keep(PaidLink link, Instant now)
    {
        var kept = new KeptLink(
            link.Serial.ToString(CultureInfo.InvariantCulture), link.Account.ToString(), link.Content.ToString(), link.Bytes, link.Used,
            link.Until.Microseconds);
        lock (_gate)
        {
            return PrivateFile.MakeFolder(folder) ?? MakeRoom(link.Serial, now)
                ?? PrivateFile.Write(PathOf(link.Serial), JsonSerializer.SerializeToUtf8Bytes(kept, LinkJson.Default.KeptLink));
        }
    }

    private Failure? MakeRoom(ulong serial, Instant now)
    {
        try
        {
            var files = Directory.GetFiles(folder, "*.json");
            var ended = files.Where(path => Parse(path) is not { } link || link.Until < now).ToList();
            ended.ForEach(File.Delete);
            return files.Length - ended.Count < CountMax || File.Exists(PathOf(serial))
                ? null
                : new Failure(FailureKind.Unavailable, "as many addresses are paid for at this node as it can count; try again when some have ended");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Failure(FailureKind.Unavailable, $"{folder} cannot be used: {error.Message}");
        }
    }

    private static PaidLink? Parse(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= BytesMax }
                && JsonSerializer.Deserialize(File.ReadAllBytes(path), LinkJson.Default.KeptLink) is { } kept
                && ulong.TryParse(kept.Serial, NumberStyles.None, CultureInfo.InvariantCulture, out var serial)
                && AccountId.TryParse(kept.Account, out var account) && Hash256.TryParse(kept.Content, out var content)
                    ? new PaidLink(serial, account, content, kept.Bytes, kept.Used, new Instant(kept.Until))
                    : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private string PathOf(ulong serial) => Path.Combine(folder, serial.ToString("x16", CultureInfo.InvariantCulture) + ".json");
}

/// <summary>An address as its file has it.</summary>
internal sealed record KeptLink(string Serial, string Account, string Content, long Bytes, long Used, long Until);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, MaxDepth = 4)]
[JsonSerializable(typeof(KeptLink))]
internal sealed partial class LinkJson : JsonSerializerContext;
