using Cete.Described;

namespace Cete.Web.Services.Feeds;

/// <summary>What one entry of a file would make of a record.</summary>
/// <param name="line">Where it begins in the file.</param>
/// <param name="name">What it is called.</param>
internal sealed class ImportEntry(int line, string name)
{
    public int Line => line;

    public string Name => name;

    /// <summary>What is set, by field.</summary>
    public Dictionary<string, InputValue> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>By what it is known again: the field and its text; null where it is not.</summary>
    public (string Field, string Text)? Key { get; set; }

    /// <summary>What it is called where it was written here; empty where it was not.</summary>
    public string Uid { get; set; } = string.Empty;

    /// <summary>What of it was left out or taken otherwise.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Why it cannot be taken.</summary>
    public string? Wrong { get; set; }
}
