using System.Text.Json;
using System.Text.Json.Serialization;
using Cete.Core;
using Cete.Ports;

namespace Cete.Storage.Local;

/// <summary>The communities that a user has been to, one JSON file each in a folder of the user's settings.</summary>
/// <param name="folder">Made when something is kept.</param>
public sealed class ServerBook(string folder) : IServerBook
{
    /// <summary>Communities that are kept; the one written longest ago gives way.</summary>
    private const int CommunitiesMax = 64;

    /// <summary>A list of a thousand nodes has a third of it.</summary>
    private const int BytesMax = 1024 * 1024;

    /// <inheritdoc/>
    public bool Knows(Uri asked, string version) =>
        Files().Any(file => Read(file) is { } bytes && Mentions(bytes, version) && Mentions(bytes, asked.ToString()));

    /// <inheritdoc/>
    public KnownCommunity? Of(Uri asked)
    {
        var address = asked.ToString();
        var all = Files().Select(Parse).OfType<KnownCommunity>().ToList();
        return all.Find(known => known.Asked.Contains(address)) ?? all.Find(known => known.Nodes.Any(node => node.Addresses.Contains(address)));
    }

    /// <inheritdoc/>
    public KnownCommunity? Find(string id) => KeyId.TryParse(id, out _) ? Parse(PathOf(id)) : null;

    /// <inheritdoc/>
    public void Keep(KnownCommunity community)
    {
        if (!KeyId.TryParse(community.Id, out _) || !CanWrite())
        {
            return;
        }

        var others = Files().Where(file => file != PathOf(community.Id)).ToList();
        foreach (var file in others)
        {
            if (Parse(file) is { } other && other.Asked.Intersect(community.Asked).Any())
            {
                Write(file, other with { Asked = [.. other.Asked.Except(community.Asked)] });
            }
        }

        foreach (var old in others.OrderByDescending(File.GetLastWriteTimeUtc).Skip(CommunitiesMax - 1))
        {
            File.Delete(old);
        }

        Write(PathOf(community.Id), community);
    }

    private static bool Mentions(byte[] bytes, string text) => bytes.AsSpan().IndexOf(JsonEncodedText.Encode(text).EncodedUtf8Bytes) >= 0;

    private static void Write(string path, KnownCommunity community) =>
        PrivateFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(community, BookJson.Default.KnownCommunity));

    private static byte[]? Read(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= BytesMax } ? File.ReadAllBytes(path) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static KnownCommunity? Parse(string path)
    {
        try
        {
            return Read(path) is { } bytes ? JsonSerializer.Deserialize(bytes, BookJson.Default.KnownCommunity) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string PathOf(string id) => Path.Combine(folder, id + ".json");

    private IEnumerable<string> Files()
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private bool CanWrite()
    {
        try
        {
            Directory.CreateDirectory(folder);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

[JsonSourceGenerationOptions(
    RespectRequiredConstructorParameters = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(KnownCommunity))]
internal sealed partial class BookJson : JsonSerializerContext;
