using System.Globalization;
using System.Text;
using Cete.Core;
using Cete.Formats.Calendars;
using Cete.Formats.Entries;

namespace Cete.Formats.Cards;

/// <summary>Reads vCard (RFC 6350), and 3.0 as most programs write it still. Of what a card has several of, the preferred one is taken.</summary>
public static class CardReader
{
    private static readonly (string Property, string Note)[] LeftOut =
    [
        ("PHOTO", "its photo is left out"), ("LOGO", "its logo is left out"), ("SOUND", "its sound is left out"), ("KEY", "its key is left out"),
        ("IMPP", "its addresses of messengers are left out"), ("ANNIVERSARY", "its anniversary is left out"), ("RELATED", "its relations are left out"),
    ];

    /// <summary>Reads a file.</summary>
    public static Outcome<FormatFile> Read(ReadOnlySpan<byte> bytes)
    {
        var text = FormatText.Decode(bytes);
        List<string> notes = [];
        var cards = text.Succeeded ? Component.Read(text.Value, "VCARD", notes) : text.Failure;
        if (!cards.Succeeded)
        {
            return cards.Failure;
        }

        if (cards.Value.Count > FormatLimits.EntriesMax)
        {
            return new Failure(FailureKind.TooLarge, $"the file has {cards.Value.Count} cards; {FormatLimits.EntriesMax} is the most: cut it into several");
        }

        var groups = cards.Value.RemoveAll(card => IsGroup(card.Text("KIND")) || IsGroup(card.Text("X-ADDRESSBOOKSERVER-KIND")));
        if (groups > 0)
        {
            notes.Add($"{groups} groups are left out");
        }

        return new FormatFile([.. cards.Value.Select(ReadCard)], notes);
    }

    private static bool IsGroup(string kind) => kind.Equals("group", StringComparison.OrdinalIgnoreCase);

    private static FormatEntry ReadCard(Component card)
    {
        var entry = new FormatEntry(card.Line) { Wrong = card.IsCut ? "the file ends within it" : null };
        entry["uid"] = FormatText.OneLine(card.Text("UID"));
        entry["name"] = FormatText.OneLine(NameOf(card));
        entry["mail"] = Best(card, "EMAIL", entry, "e-mail addresses") is { } mail ? Without(FormatText.OneLine(TextOf(mail)), "mailto:") : string.Empty;
        entry["phone"] = Best(card, "TEL", entry, "telephone numbers") is { } phone ? PhoneOf(TextOf(phone)) : string.Empty;
        entry["link"] = Best(card, "URL", entry, "addresses of pages") is { } link ? FormatText.OneLine(TextOf(link)) : string.Empty;
        entry["geo"] = card.First("GEO") is { } geo ? PlaceOf(geo.Value) : string.Empty;
        entry["summary"] = string.Join('\n', card.All("NOTE").Select(TextOf)).Trim();
        entry["organization"] = card.First("ORG") is { } organization ? Joined(organization, ';') : string.Empty;
        entry["role"] = FormatText.OneLine((card.First("TITLE") ?? card.First("ROLE")) is { } role ? TextOf(role) : string.Empty);
        entry["address"] = Best(card, "ADR", entry, "addresses") is { } address ? Joined(address, ';') : string.Empty;
        entry["nickname"] = card.First("NICKNAME") is { } nickname ? Joined(nickname, ',') : string.Empty;
        entry["category"] = card.First("CATEGORIES") is { } category ? Joined(category, ',') : string.Empty;
        ReadBirthday(card, entry);
        foreach (var (_, note) in LeftOut.Where(each => card.First(each.Property) is not null))
        {
            entry.Note(note);
        }

        return entry;
    }

    private static string NameOf(Component card)
    {
        if (card.First("FN") is { } formatted && TextOf(formatted) is { } whole && !string.IsNullOrWhiteSpace(whole))
        {
            return whole;
        }

        // Family; given; others; before; behind.
        var parts = card.First("N") is { } name ? ContentLine.Split(Decoded(name), ';') : [];
        int[] order = [3, 1, 2, 0, 4];
        var composed = string.Join(' ', order.Where(i => i < parts.Count).Select(i => parts[i].Trim()).Where(part => part.Length > 0));
        return composed.Length > 0 ? composed : card.Text("NICKNAME") is { Length: > 0 } nickname ? nickname : card.Text("ORG").TrimEnd(';');
    }

    /// <summary>The one that is preferred, else the first.</summary>
    private static ContentLine? Best(Component card, string property, FormatEntry entry, string what)
    {
        var all = card.All(property).Where(line => line.Value.Length > 0).ToList();
        if (all.Count > 1)
        {
            entry.Note($"{all.Count - 1} more {what} are left out");
        }

        return all.OrderBy(line => Preference(line)).FirstOrDefault();
    }

    private static int Preference(ContentLine line) =>
        line.Parameters.Any(pair => pair.Key == "TYPE" && pair.Value.Equals("pref", StringComparison.OrdinalIgnoreCase)) ? 0
        : int.TryParse(line.Parameter("PREF"), NumberStyles.None, CultureInfo.InvariantCulture, out var preference) ? preference
        : 101;

    private static string Joined(ContentLine line, char separator) =>
        FormatText.OneLine(string.Join(", ", ContentLine.Split(Decoded(line), separator).Select(part => part.Trim()).Where(part => part.Length > 0)));

    private static string TextOf(ContentLine line) => ContentLine.Unescape(Decoded(line)).Trim();

    /// <summary>vCard 2.1, which phones still write, escapes bytes.</summary>
    private static string Decoded(ContentLine line)
    {
        var isQuoted = line.Parameters.Any(
            pair => pair is { Key: "ENCODING" or "TYPE" } && pair.Value.Equals("QUOTED-PRINTABLE", StringComparison.OrdinalIgnoreCase));
        if (!isQuoted)
        {
            return line.Value;
        }

        List<byte> bytes = new(line.Value.Length);
        for (var i = 0; i < line.Value.Length; i++)
        {
            if (line.Value[i] == '=' && i + 2 < line.Value.Length
                && byte.TryParse(line.Value.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(line.Value, i, 1));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static string PhoneOf(string text)
    {
        var plain = Without(FormatText.OneLine(text), "tel:").Split(';')[0].Replace('\u00A0', ' ').Replace('.', ' ').Replace('\u2011', '-');
        return string.Concat(plain.Where(c => !char.IsControl(c) && c is not ('\u202A' or '\u202C' or '\u200E'))).Trim();
    }

    private static string PlaceOf(string value)
    {
        var parts = Without(value.Trim(), "geo:").Split(';', ',');
        return parts.Length >= 2 ? Places.Round($"{parts[0].Trim()},{parts[1].Trim()}") : string.Empty;
    }

    private static string Without(string text, string scheme) => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? text[scheme.Length..] : text;

    private static void ReadBirthday(Component card, FormatEntry entry)
    {
        if (card.First("BDAY") is not { } line || line.Value.Trim() is not { Length: > 0 } text)
        {
            return;
        }

        var day = text.Split('T', ' ')[0].Replace("-", string.Empty, StringComparison.Ordinal);
        var isYearless = text.StartsWith("--", StringComparison.Ordinal)
            || (line.Parameter("X-APPLE-OMIT-YEAR") is { } year && text.StartsWith(year, StringComparison.Ordinal));
        if (!isYearless && CalendarText.ReadDay(day) is { } read)
        {
            entry["birthday"] = read.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }
        else
        {
            entry.Note(isYearless ? "its birthday is left out: it has no year" : $"its birthday '{FormatText.Show(text)}' is left out: it is no day");
        }
    }
}
