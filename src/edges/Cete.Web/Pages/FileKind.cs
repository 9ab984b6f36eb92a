namespace Cete.Web.Pages;

/// <summary>What sort of file a name promises: picks its icon, and whether a page shows it.</summary>
internal static class FileKind
{
    private static readonly Dictionary<string, string> Kinds = Table(
        ("image", "apng avif bmp gif heic ico jpeg jpg jxl png psd svg tif tiff webp xcf"),
        ("audio", "aac aif aiff flac m4a mid midi mp3 oga ogg opus wav wma"),
        ("video", "avi flv m4v mkv mov mp4 mpeg mpg ogv ts webm wmv"),
        ("archive", "7z apk br bz2 deb gz jar lz4 rar rpm tar tgz xz zip zst"),
        ("disk", "dmg img iso qcow2 vdi vhd vhdx vmdk"),
        ("text", "csv log markdown md nfo rst srt tsv txt vtt"),
        ("document", "azw3 djvu doc docx epub mobi odp ods odt pdf ppt pptx ps rtf tex xls xlsx"),
        ("code", "c cc conf cpp cs css go h hpp htm html java js json kt lua php pl proto py rb rs sh sql swift toml ts xml yaml yml zig"),
        ("link", "cete torrent magnet metalink meta4"));

    // Of these a browser shows every one, and a node serves every one inline, which a test sees to.
    private static readonly Dictionary<string, string> Previews = Table(
        ("image", "bmp gif ico jpeg jpg png webp"), ("audio", "aac m4a mp3 oga ogg wav"), ("video", "m4v mp4 ogv webm"));

    /// <summary>Bytes of the largest picture that is shown unasked.</summary>
    private const long ImageBytesMax = 20 * 1024 * 1024;

    /// <summary>Endings of the files that pages show.</summary>
    internal static IEnumerable<string> PreviewedEndings => Previews.Keys;

    /// <summary>Name of the icon.</summary>
    public static string IconOf(string name) => Kinds.GetValueOrDefault(EndingOf(name), "file");

    /// <summary><c>image</c>, <c>audio</c> or <c>video</c> when a page may show the file itself; else null.</summary>
    public static string? PreviewOf(string name, long length) =>
        Previews.GetValueOrDefault(EndingOf(name)) is { } kind && length > 0 && (kind != "image" || length <= ImageBytesMax) ? kind : null;

    private static string EndingOf(string name) => name[(name.LastIndexOf('.') + 1)..].ToLowerInvariant();

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
