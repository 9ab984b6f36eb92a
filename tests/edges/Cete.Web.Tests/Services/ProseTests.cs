using System.Diagnostics;
using System.Xml.Linq;
using Cete.Web.Pages.Prose;

namespace Cete.Web.Tests.Services;

/// <summary>Texts with markup: what they look like, and that nothing in them is more than a text.</summary>
public sealed class ProseTests
{
    private const string Root = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static readonly string[] Known =
    [
        "div", "p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "hr", "table", "tr", "th", "td", "em", "strong", "s", "br", "a",
        "bdi", "small", "img",
    ];

    private static readonly string[] KnownAttributes =
        ["dir", "href", "rel", "title", "src", "alt", "loading", "decoding", "class", "tabindex", "role", "aria-label", "start"];

    [Theory]
    [InlineData("a **b** *c* ~~d~~ `e`", "<p dir=\"auto\">a <strong>b</strong> <em>c</em> <s>d</s> <code>e</code></p>")]
    [InlineData("### Far\n\n# Top\n\n### Below", "<h3 dir=\"auto\">Far</h3><h3 dir=\"auto\">Top</h3><h4 dir=\"auto\">Below</h4>")]
    [InlineData("- a\n- b", "<ul><li dir=\"auto\">a</li><li dir=\"auto\">b</li></ul>")]
    [InlineData("3. a\n4. b", "<ol start=\"3\"><li dir=\"auto\">a</li><li dir=\"auto\">b</li></ol>")]
    [InlineData(
        "> a\n\n---\n\n```\n<b>\n```",
        "<blockquote dir=\"auto\"><p dir=\"auto\">a</p></blockquote><hr /><pre dir=\"auto\"><code>&lt;b&gt;</code></pre>")]
    [InlineData("a\\\nb", "<p dir=\"auto\">a<br />b</p>")]
    [InlineData("&lt;b&gt; &amp; <b>", "<p dir=\"auto\">&lt;b&gt; &amp; &lt;b&gt;</p>")]
    public void Markup_becomes_what_it_means(string text, string html) => Assert.Equal(html, ProseHtml.Write(text, 3));

    [Fact]
    public void A_table_is_one()
    {
        var table = Parse(ProseHtml.Write("| a | b |\n|---|---|\n| 1 | 2 |", 3)).Descendants("table").Single();
        Assert.Equal(["a", "b"], table.Descendants("th").Select(cell => cell.Value));
        Assert.Equal(["1", "2"], table.Descendants("td").Select(cell => cell.Value));
    }

    [Theory]
    [InlineData("[a](https://example.org/x?y=1&z#f)", "https://example.org/x?y=1&z#f")]
    [InlineData("[a](HTTP://example.org)", "http://example.org/")]
    [InlineData("<https://example.org/>", "https://example.org/")]
    [InlineData("see https://example.org/a for it", "https://example.org/a")]
    [InlineData("[a](mailto:ada@example.org)", "mailto:ada@example.org")]
    [InlineData("[a](/services/forum)", "/services/forum")]
    [InlineData("[a](cete://example/entry)", "cete://example/entry")]
    [InlineData("[a](https://ex\u00e4mple.org/\u00fc)", "https://xn--exmple-cua.org/%C3%BC")]
    public void Links_lead_where_they_say(string text, string address)
    {
        var link = Parse(ProseHtml.Write(text, 3)).Descendants("a").Single();
        Assert.Equal(address, link.Attribute("href")!.Value);
        Assert.Equal("nofollow ugc noopener noreferrer", link.Attribute("rel")!.Value);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("JaVaScRiPt:alert(1)")]
    [InlineData("java\tscript:alert(1)")]
    [InlineData("<java\nscript:alert(1)>")]
    [InlineData("&#106;avascript:alert(1)")]
    [InlineData("javascript&colon;alert(1)")]
    [InlineData("&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)")]
    [InlineData("\u0001javascript:alert(1)")]
    [InlineData("\u200bjavascript:alert(1)")]
    [InlineData("vbscript:x")]
    [InlineData("data:text/html;base64,PHNjcmlwdD4=")]
    [InlineData("file:///etc/passwd")]
    [InlineData("blob:https://example.org/1")]
    [InlineData("//evil.example/x")]
    [InlineData("/\\evil.example/x")]
    [InlineData("\\\\evil.example")]
    [InlineData("https:\\\\evil.example")]
    [InlineData("https://bank.example@evil.example/")]
    [InlineData("https://evil.example/\u202egnp.exe")]
    [InlineData("https:///x")]
    [InlineData("https:x")]
    [InlineData("view-source:https://example.org")]
    public void Other_addresses_are_no_links(string address)
    {
        string[] ways =
            [$"[a]({address})", $"[a](<{address}>)", $"<{address}>", $"![a]({address})", $"[a][b]\n\n[b]: {address}", $"[a]: {address}\n\n[a]"];
        foreach (var text in ways)
        {
            foreach (var found in Parse(ProseHtml.Write(text, 3)).Descendants().Attributes().Where(one => one.Name.LocalName is "href" or "src"))
            {
                // What is left of it may be an address of the site itself, or one whose host stands there for all to see.
                Assert.DoesNotContain("script:", found.Value, StringComparison.OrdinalIgnoreCase);
                Assert.True(
                    found.Value.StartsWith("https://evil.example", StringComparison.Ordinal) || !found.Value.Contains("evil", StringComparison.Ordinal)
                    || found.Value.StartsWith("https://", StringComparison.Ordinal), found.Value);
                Assert.False(found.Value.StartsWith("//", StringComparison.Ordinal) || found.Value.Contains('\\', StringComparison.Ordinal), found.Value);
                Assert.False(found.Value.StartsWith("data:", StringComparison.OrdinalIgnoreCase), found.Value);
            }
        }
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("a <img src=x onerror=alert(1)> b")]
    [InlineData("<svg/onload=alert(1)>")]
    [InlineData("<a href=\"javascript:alert(1)\">x</a>")]
    [InlineData("<!-- --><style>*{display:none}</style>")]
    [InlineData("<div><script>\nalert(1)\n</script></div>")]
    [InlineData("[a](https://example.org/\"onmouseover=\"alert(1))")]
    [InlineData("[a](https://example.org 't\" onmouseover=\"alert(1)')")]
    [InlineData("![\"><script>](/content/x/y.png)")]
    [InlineData("```\"><script>\nx\n```")]
    [InlineData("| <script> |\n|---|\n| <img src=x> |")]
    [InlineData("<<script>script>alert(1)</script>")]
    [InlineData("&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("\0\u0007\ud800")]
    public void Markup_of_pages_is_text(string text) => AssertPlain(ProseHtml.Write(text, 3));

    [Fact]
    public void Pictures_are_the_communitys_own()
    {
        var html = Parse(ProseHtml.Write($"![a <b>](/content/{Root}/one%20two.png) ![x](https://evil.example/x.png) ![y](/content/{Root}/y.svg)", 3));
        var picture = html.Descendants("img").Single();
        Assert.Equal($"/content/{Root}/one%20two.png", picture.Attribute("src")!.Value);
        Assert.Equal("a <b>", picture.Attribute("alt")!.Value);
        Assert.Equal(["https://evil.example/x.png", $"/content/{Root}/y.svg"], html.Descendants("a").Select(link => link.Attribute("href")!.Value));
    }

    [Fact]
    public void What_deceives_the_eye_is_taken_out()
    {
        var html = ProseHtml.Write("a\u202eb\u2066c\u200bd\ufeffe\u2060 [https://bank.example](https://evil.example)", 3);
        Assert.Contains("a\uFFFDb\uFFFDcde", Parse(html).Value, StringComparison.Ordinal);
        Assert.Contains("(evil.example)", Parse(html).Value, StringComparison.Ordinal);

        // Persian and emoji need the marks that join.
        Assert.Contains("\u0645\u06cc\u200c\u062e", Parse(ProseHtml.Write("\u0645\u06cc\u200c\u062e", 3)).Value, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Bombs => new()
    {
        { ">", "a" }, { "- ", "a" }, { "[", "a" }, { "![", "a" }, { "*a ", "b" }, { "_a **", "b" }, { "[a](", "b" }, { "<", "a" }, { "`", "a" },
        { "```\n", "a" }, { "|a", "\n|-|\n" }, { "1. ", "a" },
        { "    ", "a" }, { "&amp;", "a" }, { "[a]: <b", "c" }, { "![[]()", "a" }, { "**a~~", "b" }, { "a|b\n-|-\n", "c" },
        { "https://a.b ", "c" }, { "\\", "a" }, { "[a][b]", "\n\n[b]: https://example.org/" + new string('x', 1_500) }, { "> - 1. ", "a" }, { "# ", "a" },
        { "a\n===\n", "b" }, { "<!--", "a" }, { "[^a]: ", "b" }, { "*_", "a" }, { "| ", "\n|-" },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void What_is_nested_or_repeated_without_end_takes_no_time(string piece, string end)
    {
        foreach (var length in (int[])[3_000, 20_000, 60_000, 200_000])
        {
            var text = string.Concat(Enumerable.Repeat(piece, length / piece.Length)) + end;
            var watch = Stopwatch.StartNew();
            var html = ProseHtml.Write(text, 3);
            var line = ProseText.Short(text, 160);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(8), $"{length}: {watch.Elapsed}");
            Assert.InRange(html.Length, 0, 4_000_000);
            Assert.InRange(line.Length, 0, 161);
            AssertPlain(html);
        }
    }

    [Theory]
    [InlineData("# Head\n\nSome **bold** [link](https://example.org), `code`\n\n- a\n- b", "Head Some bold link, code a b")]
    [InlineData("<script>x</script>", "<script>x</script>")]
    [InlineData("a&amp;b", "a&b")]
    [InlineData("", "")]
    [InlineData("a\u202eb\u200b", "a\uFFFDb")]
    [InlineData("```\nx\ny\n```", "x y")]
    public void A_list_has_the_words_alone(string text, string line) => Assert.Equal(line, ProseText.Short(text, 160));

    [Fact]
    public void A_long_text_ends_in_a_list()
    {
        Assert.Equal(new string('a', 160) + "…", ProseText.Short(new string('a', 5_000), 160));
        Assert.Equal(new string('a', 159) + "…", ProseText.Short(new string('a', 159) + "\U0001F98A\U0001F98A", 160));
    }

    private static void AssertPlain(string html)
    {
        var tree = Parse(html);
        Assert.All(tree.Descendants(), element => Assert.Contains(element.Name.LocalName, Known));
        Assert.All(tree.Descendants().Attributes(), one => Assert.Contains(one.Name.LocalName, KnownAttributes));
    }

    private static XElement Parse(string html) => XElement.Parse($"<main>{html}</main>", LoadOptions.PreserveWhitespace);
}
