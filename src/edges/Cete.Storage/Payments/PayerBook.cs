using System.Text.Json;
using System.Text.Json.Serialization;
using Cete.Core;
using Cete.Ledger;
using Cete.Ports.Payments;

namespace Cete.Storage.Payments;

/// <summary>Channels of a user that are not closed yet, one JSON file each in a folder that nobody else may read: each holds a key that spends.</summary>
/// <param name="folder">Made when something is kept.</param>
public sealed class PayerBook(string folder) : IPayerBook
{
    private const int BytesMax = 256 * 1024;

    /// <inheritdoc/>
    public IReadOnlyList<KeptChannel> All()
    {
        try
        {
            return Directory.Exists(folder)
                ? [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(Parse).OfType<KeptChannel>()]
                : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public Failure? Keep(KeptChannel channel) => !TransferId.TryParse(channel.Channel, out var id)
        ? new Failure(FailureKind.Invalid, "a channel without a name")
        : PrivateFile.MakeFolder(folder)
            ?? PrivateFile.Write(PathOf(id), JsonSerializer.SerializeToUtf8Bytes(channel, PayerJson.Default.KeptChannel));

    /// <inheritdoc/>
    public void Forget(TransferId channel)
    {
        try
        {
            File.Delete(PathOf(channel));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is closed once more the next time, which changes nothing.
            return;
        }
    }

    private static KeptChannel? Parse(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= BytesMax }
                ? JsonSerializer.Deserialize(File.ReadAllBytes(path), PayerJson.Default.KeptChannel)
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private string PathOf(TransferId channel) => Path.Combine(folder, channel + ".json");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, MaxDepth = 8)]
[JsonSerializable(typeof(KeptChannel))]
internal sealed partial class PayerJson : JsonSerializerContext;
