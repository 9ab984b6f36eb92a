using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cete.Browser.Tests;

/// <summary>The box that searches as one types, by the keyboard alone.</summary>
[Collection(SiteCollection.Name)]
public sealed class SuggestionTests(Site site)
{
    private const string Asking = "**/api/suggestions?*";
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);
    private static readonly LocatorAssertionsToBeVisibleOptions Long = new() { Timeout = 30_000 };

    [Fact]
    public async Task Arrows_choose_and_enter_goes_to_the_entry()
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync("/");
        await visit.Page.Keyboard.PressAsync("/");
        await Expect(visit.Box).ToBeFocusedAsync();
        await Expect(visit.Box).ToHaveValueAsync(string.Empty);
        await visit.Page.Keyboard.TypeAsync("report 007");
        var option = visit.Page.GetByRole(AriaRole.Option).Filter(new LocatorFilterOptions { HasText = "report 007.txt" });
        await Expect(option).ToBeVisibleAsync(Long);
        await Expect(visit.Page.GetByRole(AriaRole.Combobox, new() { Name = "Search all resources" })).ToHaveAttributeAsync("aria-expanded", "true");
        await Expect(visit.Page.GetByRole(AriaRole.Listbox, new() { Name = "Suggestions" })).ToBeVisibleAsync();

        var steps = await visit.Page.GetByRole(AriaRole.Option).CountAsync();
        for (var i = 0; i < steps && await option.GetAttributeAsync("aria-selected") != "true"; i++)
        {
            await visit.Page.Keyboard.PressAsync("ArrowDown");
        }

        await Expect(option).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(visit.Box).ToHaveAttributeAsync("aria-activedescendant", (await option.GetAttributeAsync("id"))!);
        await Expect(visit.Box).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForURLAsync("**" + await site.EntryAsync(Site.Reports + "/report 007.txt"));
        visit.AssertFaultless();
    }

    [Fact]
    public async Task Words_that_are_chosen_are_searched_for()
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync("/");
        await visit.Box.PressSequentiallyAsync("badg");
        var words = visit.Page.GetByRole(AriaRole.Option).First;
        await Expect(words).ToHaveTextAsync("badgers", new() { Timeout = 30_000 });
        await visit.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(visit.Box).ToHaveValueAsync("badgers");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForURLAsync("**/search?q=badgers");
        await Expect(visit.Page.Locator(":is(.entries, .found) mark").First).ToHaveTextAsync("badgers");
        visit.AssertFaultless();
    }

    [Fact]
    public async Task Escape_closes_and_brings_back_what_was_typed()
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync("/");
        await visit.Box.PressSequentiallyAsync("badg");
        var list = visit.Page.GetByRole(AriaRole.Listbox, new() { Name = "Suggestions" });
        await Expect(list).ToBeVisibleAsync(Long);
        await visit.Page.Keyboard.PressAsync("ArrowUp");
        await visit.Page.Keyboard.PressAsync("ArrowDown");
        await visit.Page.Keyboard.PressAsync("ArrowDown");
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(list).ToBeHiddenAsync();
        await Expect(visit.Box).ToHaveValueAsync("badg");
        await Expect(visit.Box).ToHaveAttributeAsync("aria-expanded", "false");
        Assert.Null(await visit.Box.GetAttributeAsync("aria-activedescendant"));
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForURLAsync("**/search?q=badg");
    }

    /// <summary>The answer to the first words is held back until the last words are answered.</summary>
    [Fact]
    public async Task Only_the_answer_to_the_last_words_counts()
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync("/");
        var (held, asked) = (new TaskCompletionSource<IRoute>(), new ConcurrentQueue<string>());
        await visit.Page.RouteAsync(Asking, async route =>
        {
            asked.Enqueue(route.Request.Url);
            if (route.Request.Url.EndsWith("?q=badg", StringComparison.Ordinal))
            {
                held.TrySetResult(route);
            }
            else
            {
                await route.ContinueAsync();
            }
        });
        await visit.Box.FillAsync("badg");
        var first = await held.Task.WaitAsync(Bound, TimeProvider.System, TestContext.Current.CancellationToken);
        var givenUp = new TaskCompletionSource();
        visit.Page.RequestFailed += (_, request) => _ = request.Url == first.Request.Url && givenUp.TrySetResult();
        await visit.Box.FillAsync("report 011");
        var option = visit.Page.GetByRole(AriaRole.Option).Filter(new LocatorFilterOptions { HasText = "report 011.txt" });
        await Expect(option).ToBeVisibleAsync(Long);
        await givenUp.Task.WaitAsync(Bound, TimeProvider.System, TestContext.Current.CancellationToken);
        await Expect(option).ToBeVisibleAsync();
        Assert.Equal(2, asked.Count);
    }

    [Fact]
    public async Task Fast_typing_asks_seldom_and_shows_what_was_typed_last()
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync("/");
        await visit.Box.PressSequentiallyAsync("report 09");
        await visit.Box.PressSequentiallyAsync("9");
        var options = visit.Page.GetByRole(AriaRole.Option);
        await Expect(options.Filter(new LocatorFilterOptions { HasText = "report 099.txt" })).ToBeVisibleAsync(Long);
        await Expect(options.Filter(new LocatorFilterOptions { HasTextRegex = new Regex("report 09[0-8]") })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_first_tab_offers_to_skip_to_the_content()
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync("/");
        await visit.Page.Keyboard.PressAsync("Tab");
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" })).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator("main")).ToBeFocusedAsync();
    }
}
