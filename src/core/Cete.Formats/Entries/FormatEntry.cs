namespace Cete.Formats.Entries;

/// <summary>
/// One thing in a file, whatever its format: parts by name, each as the texts of fields are written (<c>2026-11-23</c>, <c>2026-11-23T18:30:00Z</c>,
/// <c>52.52,13.405</c>), so that what is mapped to which field need not know the format.
/// </summary>
/// <param name="line">Where it begins in the file; 0 for one that is written.</param>
public sealed class FormatEntry(int line)
{
    private readonly Dictionary<string, string> _parts = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];

    /// <summary>Where it begins in the file, from 1.</summary>
    public int Line => line;

    /// <summary>Its parts, by name.</summary>
    public IReadOnlyDictionary<string, string> Parts => _parts;

    /// <summary>What of it was left out or taken otherwise, for people.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Why it cannot be taken; null where it can.</summary>
    public string? Wrong { get; set; }

    /// <summary>A part; empty where it has none.</summary>
    public string this[string part]
    {
        get => _parts.GetValueOrDefault(part, string.Empty);
        set
        {
            if (value.Length > 0)
            {
                _parts[part] = value;
            }
            else
            {
                _parts.Remove(part);
            }
        }
    }

    /// <summary>Says what of it was left out, once.</summary>
    public void Note(string text)
    {
        if (_notes.Count < FormatLimits.NotesMax && !_notes.Contains(text))
        {
            _notes.Add(text);
        }
    }
}

/// <summary>What a file holds.</summary>
/// <param name="Entries">In the order of the file.</param>
/// <param name="Notes">What of it was left out beside them, for people.</param>
public sealed record FormatFile(IReadOnlyList<FormatEntry> Entries, IReadOnlyList<string> Notes);
