namespace Cete.Formats.Entries;

/// <summary>The bounds of files of entries, each with its reason.</summary>
public static class FormatLimits
{
    /// <summary>Bytes of a file that is read: ten thousand appointments have three million.</summary>
    public const int BytesMax = 8 * 1024 * 1024;

    /// <summary>Characters of one line when its folds are undone: what a field can hold with room for how it is escaped.</summary>
    public const int LineCharsMax = 256 * 1024;

    /// <summary>Entries of a file.</summary>
    public const int EntriesMax = 5_000;

    /// <summary>Components, folders or elements within each other.</summary>
    public const int DepthMax = 32;

    /// <summary>Notes of one entry: who reads more?</summary>
    public const int NotesMax = 16;

    /// <summary>Parameters of one line.</summary>
    public const int ParametersMax = 64;
}
