using System.Xml.Linq;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests;

/// <summary>Names and texts come from strangers: they are shown as they are and do nothing.</summary>
public sealed class HostileTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    [Fact]
    public async Task NamesStandInTheTableAsTheyAre()
    {
        var page = await _site.GetAsync("/folders/Hostile");
        var shown = page.Rows.Select(row => Page.Cell(row, "name").Descendants("bdi").Single().Value);
        Assert.Equal(SharedSite.HostileNames.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
        AssertHarmless(page);
    }

    [Fact]
    public async Task EveryLinkOfANameLeadsToIt()
    {
        var page = await _site.GetAsync("/folders/Hostile");
        foreach (var row in page.Rows)
        {
            var links = row.Descendants("a").Select(a => a.Attribute("href")!.Value).ToList();
            var name = Page.Cell(row, "name").Descendants("bdi").Single().Value;
            var entry = await _site.GetAsync(links[0]);
            Assert.Equal(name, entry.All("h1").Single().Descendants("bdi").Single().Value);
            Assert.StartsWith(name, entry.Title, StringComparison.Ordinal);
            Assert.Equal("about <b>it</b> & \"more\"\nsecond line", entry.Of("p", "description").Single().Value);
            AssertHarmless(entry);
            Assert.Equal("content of /Hostile/" + name, (await _site.GetAsync(links[1])).Text);
            Assert.Equal(200, (await _site.GetAsync(links[2])).Status);
        }
    }

    [Theory]
    [InlineData("/search?q=%3Cscript%3Ealert(1)%3C/script%3E%22'%20onfocus=x")]
    [InlineData("/folders/%3Cimg%20src=x%20onerror=alert(1)%3E")]
    [InlineData("/%22%3E%3Cscript%3E")]
    [InlineData("/folders/Many?view=%22%3E%3Cscript%3E&sort=%22%3E%3Cscript%3E")]
    [InlineData("/folders/a%E2%80%AEgpj.exe")]
    [InlineData("/search?q=a%E2%80%AEb%07c")]
    public async Task WhatIsTypedIntoAnAddressDoesNothing(string address)
    {
        var page = await _site.GetAsync(address);
        AssertHarmless(page);
        Assert.DoesNotContain('\u202E', page.All("main").Single().Value);
        Assert.Contains(Site.Community, page.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATagThatIsSearchedForComesBackInTheBox()
    {
        var page = await _site.GetAsync("/search?q=%22%3E%20%22two%20words%22%20-no%20tag:x");
        Assert.Equal("\"> \"two words\" -no tag:x", page.All("input").Single().Attribute("value")!.Value);
    }

    /// <summary>The only script is the site's own, nothing is styled or handled in place, and nothing refers to another site.</summary>
    private static void AssertHarmless(Page page)
    {
        var script = page.All("script").Single();
        Assert.StartsWith("/assets/site.js?v=", script.Attribute("src")!.Value, StringComparison.Ordinal);
        Assert.Empty(script.Value);
        Assert.Empty(page.All("style"));
        var attributes = page.Root.DescendantsAndSelf().Attributes().ToList();
        Assert.DoesNotContain(attributes, a => a.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase) || a.Name.LocalName == "style");
        var addresses = attributes.Where(a => a.Name.LocalName is "href" or "src" or "action").Select(a => a.Value).ToList();
        Assert.All(addresses, address => Assert.True(
            address.StartsWith('#') || (address.StartsWith('/') && !address.StartsWith("//", StringComparison.Ordinal)), address));
    }
}
