namespace Cete.Index;

/// <summary>What sort of file a name promises by its ending.</summary>
public static class EntryKind
{
    /// <summary>What no ending tells.</summary>
    public const string Other = "file";

    private static readonly (string Kind, string Endings)[] Table =
    [
        ("image", "apng avif bmp gif heic ico jpeg jpg jxl png psd svg tif tiff webp xcf"),
        ("audio", "aac aif aiff flac m4a mid midi mp3 oga ogg opus wav wma"),
        ("video", "avi flv m4v mkv mov mp4 mpeg mpg ogv ts webm wmv"),
        ("document", "azw3 djvu doc docx epub mobi odp ods odt pdf ppt pptx ps rtf tex xls xlsx"),
        ("text", "csv log markdown md nfo rst srt tsv txt vtt"),
        ("archive", "7z apk br bz2 deb gz jar lz4 rar rpm tar tgz xz zip zst"),
        ("disk", "dmg img iso qcow2 vdi vhd vhdx vmdk"),
        ("code", "c cc conf cpp cs css go h hpp htm html java js json kt lua php pl proto py rb rs sh sql swift toml ts xml yaml yml zig"),
        ("link", "cete torrent magnet metalink meta4"),
    ];

    private static readonly Dictionary<string, string> ByEnding = MakeByEnding();

    /// <summary>All kinds, <see cref="Other"/> last.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Table.Select(row => row.Kind), Other];

    /// <summary>The kind of a name.</summary>
    public static string Of(string name) => ByEnding.GetValueOrDefault(EndingOf(name), Other);

    /// <summary>What stands behind the last dot, in small letters.</summary>
    public static string EndingOf(string name) => name[(name.LastIndexOf('.') + 1)..].ToLowerInvariant();

    private static Dictionary<string, string> MakeByEnding()
    {
        Dictionary<string, string> table = new(StringComparer.Ordinal);
        foreach (var (kind, endings) in Table)
        {
            foreach (var ending in endings.Split(' '))
            {
                table.TryAdd(ending, kind);
            }
        }

        return table;
    }
}
