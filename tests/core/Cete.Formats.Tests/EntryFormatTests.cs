using System.Text;
using Cete.Core;
using Cete.Formats.Bookmarks;
using Cete.Formats.Cards;
using Cete.Formats.Entries;
using Cete.Formats.Outlines;

namespace Cete.Formats.Tests;

/// <summary>
/// Cards, bookmarks, outlines and lines of JSON as other programs write them. The files are written by hand after what the named programs produce: none of
/// them was run here.
/// </summary>
public sealed class EntryFormatTests
{
    [Fact]
    public void Cards_of_phones_and_desktops_are_read()
    {
        // Apple's Contacts (3.0, groups of lines), Google (3.0), Android of old (2.1, bytes escaped) and Nextcloud (4.0).
        const string text = """
            BEGIN:VCARD
            VERSION:3.0
            PRODID:-//Apple Inc.//iPhone OS 17.0//EN
            N:Lovelace;Ada;;Countess;
            FN:Ada Lovelace
            ORG:Engine\, analytical;Programs;
            item1.EMAIL;type=INTERNET;type=pref:ada@example.org
            EMAIL;type=HOME:home@example.org
            item1.X-ABLabel:_$!<Other>!$_
            TEL;type=CELL;type=VOICE;type=pref:+44 20 7946 0018
            ADR;type=HOME:;;12 St James's Square;London;;SW1;UK
            BDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10
            PHOTO;ENCODING=b;TYPE=JPEG:AAAA
             BBBB
            UID:5F1B-1
            END:VCARD
            BEGIN:VCARD
            VERSION:2.1
            N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;;
            TEL;CELL;PREF:0301234
            END:VCARD
            BEGIN:VCARD
            VERSION:4.0
            UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1
            FN:Grace Hopper
            TEL;VALUE=uri;PREF=1:tel:+1-555-555-5555
            TEL;VALUE=uri:tel:+1-555-555-0000
            GEO:geo:37.386013,-122.082932
            BDAY:19061209
            NOTE:One\nTwo\, three
            END:VCARD
            BEGIN:VCARD
            VERSION:4.0
            KIND:group
            FN:Friends
            END:VCARD
            """;
        var file = CardReader.Read(Encoding.UTF8.GetBytes(text)).Value;
        Assert.Equal(["Ada Lovelace", "Jörg Müller", "Grace Hopper"], file.Entries.Select(entry => entry["name"]));
        Assert.Equal(["ada@example.org", "", ""], file.Entries.Select(entry => entry["mail"]));
        Assert.Equal(["+44 20 7946 0018", "0301234", "+1-555-555-5555"], file.Entries.Select(entry => entry["phone"]));
        Assert.Equal(["", "", "1906-12-09"], file.Entries.Select(entry => entry["birthday"]));
        Assert.Equal(("Engine, analytical, Programs", "12 St James's Square, London, SW1, UK"), (file.Entries[0]["organization"], file.Entries[0]["address"]));
        Assert.Equal(("37.386013,-122.082932", "One\nTwo, three"), (file.Entries[2]["geo"], file.Entries[2]["summary"]));
        Assert.Contains("its photo is left out", file.Entries[0].Notes);
        Assert.Equal("1 groups are left out", Assert.Single(file.Notes));
        var again = CardReader.Read(CardWriter.Write(file.Entries)).Value;
        Assert.Equal(file.Entries[2].Parts, again.Entries[2].Parts);
        Assert.Equal(file.Entries[0].Parts, again.Entries[0].Parts);
    }

    [Fact]
    public void Bookmarks_of_browsers_are_read_with_their_folders()
    {
        const string text = """
            <!DOCTYPE NETSCAPE-Bookmark-file-1>
            <!-- This is an automatically generated file. -->
            <META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=ISO-8859-1">
            <TITLE>Bookmarks</TITLE>
            <H1>Bookmarks Menu</H1>
            <DL><p>
                <DT><A HREF="https://example.org/" ADD_DATE="1" LAST_MODIFIED="2" ICON_URI="x" ICON="data:image/png;base64,iVBOR" TAGS="a,b">Top &amp; first</A>
                <DT><H3 ADD_DATE="1" PERSONAL_TOOLBAR_FOLDER="true">Toolbar</H3>
                <DL><p>
                    <DT><H3>Inner</H3>
                    <DL><p>
                        <dt><a href='https://example.org/deep'>Dëep</a>
                        <DD>A &quot;description&quot;
            of two lines
                    </DL><p>
                    <HR>
                    <DT><A HREF="place:sort=8">Recent</A>
                </DL><p>
                <DT><A HREF="https://example.org/last">Last</A>
            </DL>
            """;
        var entries = BookmarksReader.Read(Encoding.UTF8.GetBytes(text)).Value.Entries;
        Assert.Equal(["Top & first", "Dëep", "Recent", "Last"], entries.Select(entry => entry["title"]));
        Assert.Equal(["", "Toolbar\nInner", "Toolbar", ""], entries.Select(entry => entry["category"]));
        Assert.Equal(("a, b", "A \"description\"\nof two lines", 7), (entries[0]["tags"], entries[1]["summary"], entries[0].Line));
        Assert.NotNull(entries[2].Wrong);
        var again = BookmarksReader.Read(BookmarksWriter.Write("B", [entries[0], entries[1], entries[3]])).Value.Entries;
        Assert.Equal(entries[1].Parts, again[0].Parts);
        Assert.Equal(entries[0].Parts, again[1].Parts);
    }

    [Fact]
    public void Outlines_are_read_with_their_folders_and_no_entity_grows()
    {
        const string text = """
            <?xml version="1.0" encoding="ISO-8859-1"?>
            <opml version="1.0"><head><title>Subscriptions</title></head><body>
              <outline text="Tech" title="Tech">
                <outline type="rss" text="Blog" xmlUrl="https://example.org/feed" htmlUrl="https://example.org/"/>
                <outline text="Page" type="link" url="https://example.org/p?a=1&amp;b=2"/>
              </outline>
            </body></opml>
            """;
        var entries = OpmlReader.Read(Encoding.UTF8.GetBytes(text)).Value.Entries;
        Assert.Equal(["Blog", "Page"], entries.Select(entry => entry["title"]));
        Assert.Equal(["https://example.org/feed", ""], entries.Select(entry => entry["feed"]));
        Assert.All(entries, entry => Assert.Equal("Tech", entry["category"]));
        var again = OpmlReader.Read(OpmlWriter.Write("x", entries)).Value.Entries;
        Assert.Equal(entries.Select(entry => entry.Parts), again.Select(entry => entry.Parts));
        const string bomb =
            """<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><opml><body><outline text="&b;"/></body></opml>""";
        Assert.Equal(FailureKind.Invalid, OpmlReader.Read(Encoding.UTF8.GetBytes(bomb)).Failure?.Kind);
        var deep = "<opml><body>" + string.Concat(Enumerable.Repeat("<outline text='a'>", 500));
        Assert.Equal(FailureKind.TooLarge, OpmlReader.Read(Encoding.UTF8.GetBytes(deep)).Failure?.Kind);
        Assert.Contains("cut off", OpmlReader.Read("<opml><body><outline te"u8).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bookmarks_that_are_hostile_end_soon()
    {
        const string head = "<!DOCTYPE NETSCAPE-Bookmark-file-1>";
        Assert.Equal(FailureKind.TooLarge, BookmarksReader.Read(Encoding.UTF8.GetBytes(head + string.Concat(Enumerable.Repeat("<DL>", 1_000)))).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, BookmarksReader.Read("<html><a href=x>y</a>"u8).Failure?.Kind);
        Assert.Equal("the file ends within it", BookmarksReader.Read(Encoding.UTF8.GetBytes(head + "<A HREF=\"https://e\">cut")).Value.Entries[0].Wrong);
        var tags = BookmarksReader.Read(Encoding.UTF8.GetBytes(head + "<A HREF=\"https://e\">" + string.Concat(Enumerable.Repeat("<b>x", 1_000_000)) + "</A>"));
        Assert.Single(tags.Value.Entries);
        Assert.DoesNotContain(
            BookmarksReader.Read(Encoding.UTF8.GetBytes(head + "<A HREF=\"" + new string('a', 1_000_000))).Value.Entries, entry => entry.Wrong is null);
    }

    [Fact]
    public void A_line_that_is_no_json_spoils_no_other()
    {
        var lines = JsonLines.Read("{\"a\":1}\r\n\n{\"a\":1,\"a\":2}\n[1]\n{\"a\":[[[[[[1]]]]]]}\n{\"b\":\"x\"}"u8).Value;
        Assert.Equal([1, 3, 4, 5, 6], lines.Select(line => line.Number));
        Assert.Equal([true, false, false, false, true], lines.Select(line => line.Json is not null));
        Assert.Equal(FailureKind.TooLarge, JsonLines.Read(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{}\n", 5_001)))).Failure?.Kind);
    }
}
