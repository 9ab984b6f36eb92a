using System.Buffers;
using System.Text;
using System.Text.Json;
using Cete.Core;

namespace Cete.Swarm;

/// <summary>
/// An ID file, <c>NAME.cete</c>: all that is needed to get one content and to know that it is the right one, and where to get it now.
/// JSON with <c>cete</c> (format), <c>name</c>, <c>length</c>, <c>pieceLength</c>, <c>root</c>, <c>layer</c> (hexadecimal piece hashes, for
/// more than one piece), <c>description</c>, <c>tags</c>, <c>path</c>, <c>sources</c> (base addresses), <c>peers</c> (those who show their key, see
/// <see cref="PeerAddress"/>) and <c>index</c> (where to ask for more).
/// </summary>
public sealed record IdFile
{
    /// <summary>The format that is written here.</summary>
    public const int Format = 1;

    /// <summary>The media type by which it is served.</summary>
    public const string MediaType = "application/vnd.cete+json";

    private const int SourcesMax = 64;

    /// <summary>The name to save the content by; checked by <see cref="EntryName"/>.</summary>
    public required string Name { get; init; }

    public required Manifest Manifest { get; init; }

    /// <summary>Where it stands in the index; empty when it does not say.</summary>
    public string Path { get; init; } = string.Empty;

    public string Description { get; init; } = string.Empty;

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Base addresses of those who have it: content is at <c>ADDRESS/content/ROOT</c>.</summary>
    public IReadOnlyList<Uri> Sources { get; init; } = [];

    /// <summary>Those of them who show who they are, and want to see a ticket.</summary>
    public IReadOnlyList<PeerAddress> Peers { get; init; } = [];

    /// <summary>The file as bytes, UTF-8.</summary>
    public byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteNumber("cete", Format);
            json.WriteString("name", Name);
            json.WriteNumber("length", Manifest.Length);
            json.WriteNumber("pieceLength", Manifest.PieceLength);
            json.WriteString("root", Manifest.Root.ToString());
            WriteList(json, "sources", Sources.Select(source => source.AbsoluteUri));
            if (Peers.Count > 0)
            {
                WriteList(json, "peers", Peers.Select(peer => peer.ToString()));
            }

            if (Path.Length > 0)
            {
                json.WriteString("path", Path);
            }

            if (Description.Length > 0)
            {
                json.WriteString("description", Description);
            }

            WriteList(json, "tags", Tags);
            if (Manifest.PieceCount > 1)
            {
                json.WriteString("layer", Convert.ToHexStringLower(Manifest.Pieces.Bytes.Span));
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a file that may come from anybody: everything in it is checked, the layer against the root.</summary>
    public static Outcome<IdFile> Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > Limits.IdFileBytesMax)
        {
            return new Failure(FailureKind.TooLarge, $"an ID file of {bytes.Length} bytes; {Limits.IdFileBytesMax} is the most");
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 8 });
            return Read(document.RootElement);
        }
        catch (JsonException error)
        {
            return Bad($"is not whole JSON (line {error.LineNumber + 1}): it was cut short or is another kind of file");
        }
        catch (InvalidOperationException)
        {
            // The reader of JSON says so of a member's name that is not Unicode.
            return Bad("holds text that is not Unicode: it is damaged");
        }
    }

    private static Outcome<IdFile> Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || Number(json, "cete") is not { } format)
        {
            return Bad("has no member 'cete': it is another kind of file");
        }

        if (format < 1)
        {
            return Bad($"has format {format}, which there never was");
        }

        if (format > Format)
        {
            return new Failure(FailureKind.Conflict, $"the ID file has format {format}, this program knows {Format}; use a newer version");
        }

        if (Text(json, "name") is not { } name || Number(json, "length") is not { } length || Number(json, "pieceLength") is not { } pieceLength
            || !Hash256.TryParse(Text(json, "root"), out var root))
        {
            return Bad("lacks one of 'name', 'length', 'pieceLength' and 'root', or one of them is malformed");
        }

        if (EntryName.Check(name) is { } failure)
        {
            return failure;
        }

        var layer = ReadLayer(json, root);
        var manifest = layer.Succeeded ? Manifest.Create(length, pieceLength, root, layer.Value) : layer.Failure;
        if (!manifest.Succeeded)
        {
            return manifest.Failure;
        }

        var path = Text(json, "path") ?? string.Empty;
        return new IdFile
        {
            Name = name,
            Manifest = manifest.Value,
            Path = EntryPath.Parse(path).Succeeded ? path : string.Empty,
            Description = Text(json, "description") is { } text && Encoding.UTF8.GetByteCount(text) <= Limits.DescriptionBytesMax ? text : string.Empty,
            Tags = [.. Texts(json, "tags").Where(tag => EntryName.Check(tag) is null).Take(Limits.TagsMax)],
            Sources = [.. Texts(json, "sources").Select(ReadSource).OfType<Uri>().Take(SourcesMax)],
            Peers = [.. Texts(json, "peers").Select(PeerAddress.Parse).OfType<PeerAddress>().Take(SourcesMax)],
        };
    }

    private static Outcome<PieceLayer> ReadLayer(JsonElement json, Hash256 root)
    {
        if (Text(json, "layer") is not { } hex)
        {
            return new PieceLayer(root.ToArray());
        }

        var bytes = new byte[hex.Length / 2];
        return Convert.FromHexString(hex, bytes, out _, out _) == OperationStatus.Done
            ? new PieceLayer(bytes)
            : new Failure(FailureKind.Invalid, "the ID file's 'layer' is not hexadecimal: it was cut short or damaged");
    }

    private static Uri? ReadSource(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 ? uri : null;

    private static long? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? Text(value) : null;

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // A string that holds half a surrogate pair has no value.
            return null;
        }
    }

    private static IEnumerable<string> Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Select(Text).OfType<string>()
            : [];

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> items)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStringValue(item);
        }

        json.WriteEndArray();
    }

    private static Outcome<IdFile> Bad(string what) => new Failure(FailureKind.Invalid, $"the ID file {what}");
}
