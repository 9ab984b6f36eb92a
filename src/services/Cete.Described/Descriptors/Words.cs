namespace Cete.Described;

/// <summary>A text that people read, in one or several languages.</summary>
public sealed class Words
{
    private readonly SortedDictionary<string, string> _texts;

    /// <summary>Texts by language tag (BCP 47: <c>en</c>, <c>de</c>, <c>pt-br</c>); the key <c>""</c> is for a text of which no language is said.</summary>
    public Words(IEnumerable<KeyValuePair<string, string>> texts) =>
        _texts = new(texts.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>A text of no stated language.</summary>
    public static Words Of(string text) => new([new(string.Empty, text)]);

    /// <summary>All texts, by language.</summary>
    public IReadOnlyDictionary<string, string> Texts => _texts;

    /// <summary>The text in a language, or in the nearest one that there is: the language without its region, none, English, any.</summary>
    public string In(string language)
    {
        var tag = language.ToLowerInvariant();
        var dash = tag.IndexOf('-', StringComparison.Ordinal);
        return _texts.GetValueOrDefault(tag)
            ?? (dash > 0 ? _texts.GetValueOrDefault(tag[..dash]) : null)
            ?? _texts.GetValueOrDefault(string.Empty)
            ?? _texts.GetValueOrDefault("en")
            ?? _texts.Values.FirstOrDefault(string.Empty);
    }

    /// <summary>In English, or whatever there is.</summary>
    public override string ToString() => In("en");
}
