using System.Collections.Concurrent;
using Cete.Testing;
using static Microsoft.Playwright.Assertions;

namespace Cete.Browser.Tests;

/// <summary>What a browser lets pages and contents do: what they are meant to, and nothing else.</summary>
[Collection(SiteCollection.Name)]
public sealed class PolicyTests(Site site)
{
    private const string Script = "window.ran = true; fetch('/api/status?ran')";

    /// <summary>What the other tests find nothing of is found when it is there.</summary>
    [Fact]
    public async Task What_slips_into_a_page_does_nothing_and_is_noticed()
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync("/");
        await visit.Page.EvaluateAsync("""
            () => {
              const add = html => document.querySelector("main").insertAdjacentHTML("beforeend", html);
              const script = document.createElement("script");
              script.textContent = "window.ran = true";
              document.body.append(script);
              add('<img src="/nothing.png" onerror="window.ran = true">');
              add('<p id="styled" style="color: rgb(1, 2, 3)">styled</p>');
              add('<iframe src="/"></iframe>');
            }
            """);
        await Eventually.TrueAsync(
            () => visit.Faults.Count(fault => fault.Contains("Content Security Policy", StringComparison.Ordinal)) >= 4, "four faults are said");
        Assert.False(await visit.Page.EvaluateAsync<bool>("() => window.ran === true"));
        Assert.NotEqual("rgb(1, 2, 3)", await visit.Page.Locator("#styled").EvaluateAsync<string>("shown => getComputedStyle(shown).color"));
    }

    [Fact]
    public async Task A_page_that_was_put_in_as_a_file_is_saved_and_never_run()
    {
        await using var visit = await site.VisitAsync();
        var asked = new ConcurrentQueue<string>();
        visit.Page.Request += (_, request) => asked.Enqueue(request.Url);
        const string html = $"<!DOCTYPE html><title>x</title><script>{Script}</script><body onload=\"window.ran = true\">x";
        const string svg = $"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"window.ran = true\"><script>{Script}</script></svg>";
        await site.PutAsync("evil/page.html", html);
        await site.PutAsync("evil/picture.svg", svg);
        await site.PutAsync("evil/page.xhtml", $"<html xmlns=\"http://www.w3.org/1999/xhtml\"><script>{Script}</script></html>");
        foreach (var name in (string[])["page.html", "picture.svg", "page.xhtml"])
        {
            await visit.GoAsync("/search");
            var download = await visit.Page.RunAndWaitForDownloadAsync(
                () => visit.Page.EvaluateAsync("address => { location = address; }", "/files/evil/" + name));
            Assert.Equal(name, download.SuggestedFilename);
        }

        // Types that are shown are shown as what they are called, whatever is in them.
        await site.PutAsync("evil/note.txt", html);
        await site.PutAsync("evil/picture.png", html);
        foreach (var name in (string[])["note.txt", "picture.png"])
        {
            await visit.GoAsync("/files/evil/" + name);
            Assert.False(await visit.Page.EvaluateAsync<bool>("() => window.ran === true"));
            Assert.Equal("null", await visit.Page.EvaluateAsync<string>("() => self.origin"));
        }

        Assert.DoesNotContain(asked, address => address.EndsWith("?ran", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Contents_are_shown_without_a_page_around_them()
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync("/files/library/media/" + Uri.EscapeDataString(Site.Photo));
        await Expect(visit.Page.Locator("img")).ToHaveJSPropertyAsync("naturalWidth", 320);
        await visit.GoAsync("/files/library/notes/" + Uri.EscapeDataString(Site.Note));
        await Expect(visit.Page.Locator("body")).ToContainTextAsync("Notes.");
        visit.AssertFaultless();
    }
}
