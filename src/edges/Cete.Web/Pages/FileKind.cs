using Cete.Index;

namespace Cete.Web.Pages;

/// <summary>What sort of file a name promises: picks its icon, and whether a page shows it.</summary>
internal static class FileKind
{
    // Of these a browser shows every one, and a node serves every one inline, which a test sees to.
    private static readonly Dictionary<string, string> Previews = Table(
        ("image", "bmp gif ico jpeg jpg png webp"), ("audio", "aac m4a mp3 oga ogg wav"), ("video", "m4v mp4 ogv webm"));

    /// <summary>Bytes of the largest picture that is shown unasked.</summary>
    private const long ImageBytesMax = 20 * 1024 * 1024;

    /// <summary>Endings of the files that pages show.</summary>
    internal static IEnumerable<string> PreviewedEndings => Previews.Keys;

    /// <summary>Name of the icon.</summary>
    public static string IconOf(string name) => EntryKind.Of(name);

    /// <summary><c>image</c>, <c>audio</c> or <c>video</c> when a page may show the file itself; else null.</summary>
    public static string? PreviewOf(string name, long length) =>
        Previews.GetValueOrDefault(EntryKind.EndingOf(name)) is { } kind && length > 0 && (kind != "image" || length <= ImageBytesMax) ? kind : null;

    private static Dictionary<string, string> Table(params (string Kind, string Endings)[] rows)
    {
        Dictionary<string, string> table = new(StringComparer.Ordinal);
        foreach (var (kind, endings) in rows)
        {
            foreach (var ending in endings.Split(' '))
            {
                table.TryAdd(ending, kind);
            }
        }

        return table;
    }
}
