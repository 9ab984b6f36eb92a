using System.Text.Json;
using System.Text.Json.Serialization;
using Cete.Core;
using Cete.Ports;

namespace Cete.Storage.Local;

/// <summary>Sessions of a user, one JSON file a community in a folder of the user's settings that nobody else may read.</summary>
/// <param name="folder">Made when something is kept.</param>
public sealed class SessionBook(string folder) : ISessionBook
{
    private const int BytesMax = 64 * 1024;

    /// <inheritdoc/>
    public bool IsEmpty => All().All(session => session.Secret.Length == 0);

    /// <inheritdoc/>
    public KnownSession? Find(string community) => KeyId.TryParse(community, out _) ? Parse(PathOf(community)) : null;

    /// <inheritdoc/>
    public IReadOnlyList<KnownSession> All()
    {
        try
        {
            return Directory.Exists(folder)
                ? [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(Parse).OfType<KnownSession>()]
                : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public Failure? Keep(KnownSession session)
    {
        if (!KeyId.TryParse(session.Community, out _))
        {
            return new Failure(FailureKind.Invalid, "a session with no community");
        }

        return PrivateFile.MakeFolder(folder)
            ?? PrivateFile.Write(PathOf(session.Community), JsonSerializer.SerializeToUtf8Bytes(session, SessionJson.Default.KnownSession));
    }

    /// <inheritdoc/>
    public void Forget(string community)
    {
        if (KeyId.TryParse(community, out _))
        {
            File.Delete(PathOf(community));
        }
    }

    private static KnownSession? Parse(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= BytesMax }
                ? JsonSerializer.Deserialize(File.ReadAllBytes(path), SessionJson.Default.KnownSession)
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private string PathOf(string community) => Path.Combine(folder, community + ".json");
}

[JsonSourceGenerationOptions(
    RespectRequiredConstructorParameters = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(KnownSession))]
internal sealed partial class SessionJson : JsonSerializerContext;
