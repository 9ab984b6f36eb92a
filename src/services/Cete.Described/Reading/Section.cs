using System.Globalization;
using Cete.Hocon;

namespace Cete.Described;

/// <summary>
/// One object of a description while it is read: what is asked for is known, what is left over at the end is a mistake. Nothing here throws:
/// whatever is wrong becomes a problem, and reading goes on with what is there.
/// </summary>
internal sealed class Section(HoconObject source, string path, Problems problems)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public HoconOrigin Origin => source.Origin;

    public string Path => path;

    public Problems Problems => problems;

    /// <summary>All keys, in the order of the text.</summary>
    public IEnumerable<string> Keys => source.Keys;

    public HoconOrigin OriginOf(string key) => source.TryGetValue(key, out var value) ? value.Origin : source.Origin;

    public string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    public bool Has(string key)
    {
        _asked.Add(key);
        return source.TryGetValue(key, out var value) && value.Kind != HoconKind.Null;
    }

    /// <summary>The value of a key; null where there is none.</summary>
    public HoconValue? Find(string key) => Has(key) ? source[key] : null;

    public void Wrong(string key, string message, string hint = "") => problems.Add(OriginOf(key), PathOf(key), message, hint);

    public void Warn(string key, string message, string hint = "") => problems.Add(OriginOf(key), PathOf(key), message, hint, isWarning: true);

    /// <summary>A text; null where there is none or it is wrong.</summary>
    public string? Text(string key, int lengthMax = DescriptorLimits.WordsLengthMax)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        if (value is not HoconScalar scalar)
        {
            Wrong(key, "is to be a text", $"write {key} = \"...\"");
            return null;
        }

        if (scalar.Text.Length > lengthMax)
        {
            Wrong(key, $"has {scalar.Text.Length} characters; {lengthMax} is the most");
            return null;
        }

        return scalar.Text;
    }

    /// <summary>One of several words.</summary>
    public string? Choice(string key, IReadOnlyCollection<string> known)
    {
        var text = Text(key);
        if (text is null || known.Contains(text))
        {
            return text;
        }

        Wrong(key, $"there is no '{Show(text)}'", Nearest.Hint(text, known));
        return null;
    }

    public bool Flag(string key, bool otherwise = false)
    {
        switch (Find(key))
        {
            case null:
                return otherwise;
            case HoconScalar { Text: "true" or "yes" or "on" }:
                return true;
            case HoconScalar { Text: "false" or "no" or "off" }:
                return false;
            default:
                Wrong(key, "is to be true or false");
                return otherwise;
        }
    }

    public long? Number(string key, long least, long most)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        if (value is HoconScalar { Text: var text } && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        Wrong(key, $"is to be a whole number from {least} to {most}");
        return null;
    }

    public TimeSpan? Span(string key, TimeSpan least, TimeSpan most)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        try
        {
            var span = value.GetDuration();
            if (span >= least && span <= most)
            {
                return span;
            }

            Wrong(key, $"is to be between {least.TotalSeconds:0} seconds and {most.TotalDays:0} days");
        }
        catch (HoconException)
        {
            Wrong(key, "is to be a duration such as 10m, 1h or 7d");
        }

        return null;
    }

    /// <summary>A text for people, in one language or several.</summary>
    public Words? Words(string key)
    {
        if (Find(key) is not HoconObject languages)
        {
            return Text(key) is { } text ? Described.Words.Of(text) : null;
        }

        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach (var (language, value) in languages)
        {
            if (!IsLanguage(language))
            {
                problems.Add(value.Origin, $"{PathOf(key)}.{language}", $"'{Show(language)}' is no language", "write a tag such as en, de or pt-br");
            }
            else if (value is not HoconScalar { Text.Length: <= DescriptorLimits.WordsLengthMax } scalar)
            {
                problems.Add(value.Origin, $"{PathOf(key)}.{language}", $"is to be a text of at most {DescriptorLimits.WordsLengthMax} characters");
            }
            else
            {
                texts[language] = scalar.Text;
            }
        }

        return new Words(texts);
    }

    /// <summary>A word or an array of words; empty where there is nothing.</summary>
    public IReadOnlyList<string> Names(string key, int countMax)
    {
        switch (Find(key))
        {
            case null:
                return [];
            case HoconScalar one:
                return [one.Text];
            case HoconArray many when many.Count > countMax:
                Wrong(key, $"has {many.Count}; {countMax} is the most");
                return [];
            case HoconArray many when many.All(each => each is HoconScalar { Kind: not HoconKind.Null }):
                return [.. many.Cast<HoconScalar>().Select(each => each.Text)];
            default:
                Wrong(key, "is to be a name or an array of names", $"write {key} = [a, b]");
                return [];
        }
    }

    /// <summary>An object below; null where there is none, or it is none.</summary>
    public Section? Below(string key)
    {
        switch (Find(key))
        {
            case null:
                return null;
            case HoconObject inner:
                return new Section(inner, PathOf(key), problems);
            default:
                Wrong(key, "is to be an object", $"write {key} {{ ... }}");
                return null;
        }
    }

    /// <summary>The members of an object below, whose keys are names that the author gives.</summary>
    public IEnumerable<(string Name, HoconValue Value)> Members(string key, int countMax, Func<string, bool> isName, string form)
    {
        switch (Find(key))
        {
            case null:
                yield break;
            case HoconObject inner when inner.Count <= countMax:
                foreach (var (name, value) in inner)
                {
                    if (isName(name))
                    {
                        yield return (name, value);
                    }
                    else
                    {
                        problems.Add(value.Origin, PathOf(key), $"'{Show(name)}' is no name here", form);
                    }
                }

                break;
            case HoconObject inner:
                Wrong(key, $"has {inner.Count} members; {countMax} is the most");
                break;
            default:
                Wrong(key, "is to be an object", $"write {key} {{ ... }}");
                break;
        }
    }

    /// <summary>The objects of an array, or of one object alone.</summary>
    public IEnumerable<Section> Items(string key, int countMax)
    {
        switch (Find(key))
        {
            case null:
                break;
            case HoconObject one:
                yield return new Section(one, PathOf(key), problems);
                break;
            case HoconArray many when many.Count <= countMax:
                for (var i = 0; i < many.Count; i++)
                {
                    if (many[i] is HoconObject item)
                    {
                        yield return new Section(item, $"{PathOf(key)}[{i}]", problems);
                    }
                    else
                    {
                        problems.Add(many[i].Origin, $"{PathOf(key)}[{i}]", "is to be an object", "write { ... }");
                    }
                }

                break;
            case HoconArray many:
                Wrong(key, $"has {many.Count}; {countMax} is the most");
                break;
            default:
                Wrong(key, "is to be an array of objects", $"write {key} = [ {{ ... }} ]");
                break;
        }
    }

    /// <summary>Says what was written that nobody asked for.</summary>
    public void Close()
    {
        foreach (var (key, value) in source)
        {
            if (!_asked.Contains(key))
            {
                problems.Add(value.Origin, path, $"'{Show(key)}' means nothing here", Nearest.Hint(key, _asked));
            }
        }
    }

    /// <summary>A foreign text as it may stand in a message.</summary>
    public static string Show(string text) => Cete.Core.EntryName.Show(text.Length > 60 ? text[..60] + "..." : text);

    private static bool IsLanguage(string tag) =>
        tag.Length is >= 2 and <= 12 && tag.Split('-').All(part => part.Length is >= 2 and <= 8 && part.All(char.IsAsciiLetterLower));
}
