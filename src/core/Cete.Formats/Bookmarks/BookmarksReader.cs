using System.Net;
using System.Text;
using Cete.Core;
using Cete.Formats.Entries;

namespace Cete.Formats.Bookmarks;

/// <summary>
/// Reads bookmarks as browsers write them (Netscape's format): an HTML of which the tags DT, H3, A, DD and DL count and everything else is text. The folders
/// that lead to a bookmark are its part <c>category</c>, a line each.
/// </summary>
public sealed class BookmarksReader
{
    private readonly string _text;
    private readonly List<FormatEntry> _entries = [];
    private readonly List<string> _folders = [];
    private string? _folder;
    private FormatEntry? _last;
    private int _place;
    private int _line = 1;
    private int _counted;

    private BookmarksReader(string text) => _text = text;

    /// <summary>Reads a file.</summary>
    public static Outcome<FormatFile> Read(ReadOnlySpan<byte> bytes)
    {
        var text = FormatText.Decode(bytes);
        if (!text.Succeeded)
        {
            return text.Failure;
        }

        if (!text.Value.AsSpan(0, Math.Min(text.Value.Length, 4_096)).Contains("NETSCAPE-Bookmark-file", StringComparison.OrdinalIgnoreCase))
        {
            return new Failure(FailureKind.Invalid, "this is no file of bookmarks: it begins with <!DOCTYPE NETSCAPE-Bookmark-file-1>");
        }

        var reader = new BookmarksReader(text.Value);
        return reader.ReadAll() is { } failure ? failure : new FormatFile(reader._entries, []);
    }

    private Failure? ReadAll()
    {
        while (NextTag() is { } tag)
        {
            switch (tag.Name)
            {
                case "H3":
                    _folder = TextTo("/H3");
                    _last = null;
                    break;
                case "DL" when _folders.Count == FormatLimits.DepthMax:
                    return new Failure(FailureKind.TooLarge, $"line {_line}: more than {FormatLimits.DepthMax} folders within each other");
                case "DL":
                    _folders.Add(_folder ?? string.Empty);
                    (_folder, _last) = (null, null);
                    break;
                case "/DL" when _folders.Count > 0:
                    _folders.RemoveAt(_folders.Count - 1);
                    _last = null;
                    break;
                case "A" when _entries.Count == FormatLimits.EntriesMax:
                    return new Failure(FailureKind.TooLarge, $"the file has more than {FormatLimits.EntriesMax} bookmarks: cut it into several");
                case "A":
                    Add(tag.Attributes);
                    break;
                case "DD" when _last is not null:
                    _last["summary"] = FormatText.Clean(WebUtility.HtmlDecode(TextUpTo("<")));
                    break;
                default:
                    break;
            }
        }

        return null;
    }

    private void Add(Dictionary<string, string> attributes)
    {
        var entry = new FormatEntry(_line);
        var link = FormatText.OneLine(attributes.GetValueOrDefault("HREF", string.Empty));
        entry["link"] = link;
        entry["category"] = string.Join('\n', _folders.Where(folder => folder.Length > 0));
        entry["tags"] = string.Join(
            ", ", attributes.GetValueOrDefault("TAGS", string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        var title = TextTo("/A");
        if (title is null)
        {
            entry.Wrong = "the file ends within it";
        }

        entry["title"] = title is { Length: > 0 } ? title : link;
        if (link.StartsWith("place:", StringComparison.OrdinalIgnoreCase))
        {
            entry.Wrong ??= "it is a search of the browser, and no address";
        }

        _entries.Add(entry);
        _last = entry;
    }

    /// <summary>What stands before an end tag, without tags within it; null where the file ends before.</summary>
    private string? TextTo(string end)
    {
        var text = new StringBuilder(TextUpTo("<"));
        while (NextTag() is { } tag)
        {
            if (tag.Name == end)
            {
                return FormatText.OneLine(WebUtility.HtmlDecode(text.ToString()));
            }

            if (text.Length < FormatLimits.LineCharsMax)
            {
                text.Append(TextUpTo("<"));
            }
        }

        return null;
    }

    private string TextUpTo(string mark)
    {
        var end = _text.IndexOf(mark, _place, StringComparison.Ordinal);
        end = end < 0 ? _text.Length : end;
        var text = _text[_place..Math.Min(end, _place + FormatLimits.LineCharsMax)];
        _place = end;
        return text.Trim();
    }

    private (string Name, Dictionary<string, string> Attributes)? NextTag()
    {
        var begin = _text.IndexOf('<', _place);
        if (begin < 0)
        {
            _place = _text.Length;
            return null;
        }

        _line += _text.AsSpan(_counted, begin - _counted).Count('\n');
        _counted = begin;
        _place = begin + 1;
        var end = _place;
        while (end < _text.Length && (char.IsAsciiLetterOrDigit(_text[end]) || _text[end] is '/' or '!' or '-'))
        {
            end++;
        }

        var name = _text[_place..Math.Min(end, _place + 16)].ToUpperInvariant();
        _place = end;
        Dictionary<string, string> attributes = new(StringComparer.Ordinal);
        while (_place < _text.Length && _text[_place] != '>')
        {
            ReadAttribute(attributes);
        }

        _place = Math.Min(_place + 1, _text.Length);
        return (name, attributes);
    }

    private void ReadAttribute(Dictionary<string, string> attributes)
    {
        var begin = _place;
        while (_place < _text.Length && (char.IsAsciiLetterOrDigit(_text[_place]) || _text[_place] is '_' or '-'))
        {
            _place++;
        }

        if (_place == begin)
        {
            _place++;
            return;
        }

        var name = _text[begin.._place].ToUpperInvariant();
        if (_place + 1 >= _text.Length || _text[_place] != '=')
        {
            return;
        }

        var quote = _text[_place + 1];
        var (from, close) = quote is '"' or '\'' ? (_place + 2, _text.IndexOf(quote, _place + 2)) : (_place + 1, _text.AsSpan(_place + 1).IndexOfAny(" >") + _place + 1);
        if (close < from)
        {
            _place = _text.Length;
            return;
        }

        // Pictures within are long, and nobody asks for them.
        if (name is "HREF" or "TAGS" && close - from <= FormatLimits.LineCharsMax)
        {
            attributes[name] = WebUtility.HtmlDecode(_text[from..close]);
        }

        _place = close + (quote is '"' or '\'' ? 1 : 0);
    }
}
