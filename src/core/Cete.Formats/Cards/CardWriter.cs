using Cete.Formats.Entries;

namespace Cete.Formats.Cards;

/// <summary>Writes vCard 4.0 (RFC 6350).</summary>
public static class CardWriter
{
    /// <summary>The media type by which it is served.</summary>
    public const string MediaType = "text/vcard";

    /// <summary>Cards, one behind another.</summary>
    public static byte[] Write(IReadOnlyList<FormatEntry> entries)
    {
        var writer = new ContentWriter();
        foreach (var entry in entries)
        {
            writer.Raw("BEGIN", "VCARD");
            writer.Raw("VERSION", "4.0");
            writer.Text("UID;VALUE=text", entry["uid"]);
            writer.Raw("FN", ContentWriter.Escape(entry["name"]));

            // Which part of it is the family's nobody has said; programs that need the field show it whole like this.
            writer.Raw("N", $";{ContentWriter.Escape(entry["name"])};;;");
            writer.Text("NICKNAME", entry["nickname"]);
            writer.Text("EMAIL", entry["mail"]);
            writer.Text("TEL;VALUE=text", entry["phone"]);
            Plain("URL", entry["link"]);
            Plain("GEO", entry["geo"].Length > 0 ? "geo:" + entry["geo"] : string.Empty);
            Plain("BDAY", entry["birthday"].Replace("-", string.Empty, StringComparison.Ordinal));
            writer.Text("ORG", entry["organization"]);
            writer.Text("TITLE", entry["role"]);
            if (entry["address"].Length > 0)
            {
                writer.Raw("ADR", $";;{ContentWriter.Escape(entry["address"])};;;;");
            }

            if (entry["category"].Length > 0)
            {
                writer.Raw("CATEGORIES", string.Join(',', entry["category"].Split(", ").Select(ContentWriter.Escape)));
            }

            writer.Text("NOTE", entry["summary"]);
            Plain("REV", entry["updated"].Length >= 19 ? entry["updated"][..19].Replace("-", string.Empty, StringComparison.Ordinal)
                .Replace(":", string.Empty, StringComparison.Ordinal) + "Z" : string.Empty);
            writer.Raw("END", "VCARD");
        }

        return writer.ToBytes();

        void Plain(string name, string value)
        {
            if (value.Length > 0)
            {
                writer.Raw(name, FormatText.OneLine(value));
            }
        }
    }
}
