using System.Globalization;
using Cete.Testing;
using Microsoft.Playwright;
using static Cete.Browser.Tests.People;
using static Microsoft.Playwright.Assertions;

namespace Cete.Browser.Tests;

/// <summary>Boards, chats, threads and calendars of the services that every community can begin with, used by two people at once.</summary>
[Collection(SiteCollection.Name)]
public sealed class ViewTests(Site site)
{
    private const string Arabic = "مرحبا **بالعالم**، هذا [رابط](https://example.org/)";

    [Theory]
    [InlineData("desktop", ColorScheme.Dark)]
    [InlineData("phone", ColorScheme.Light)]
    public async Task A_card_is_moved_by_a_button_and_dragged(string size, ColorScheme scheme)
    {
        await using var visit = await OpenAsync(size, scheme, "todo");
        await AddAsync(visit, "todo/lists/new", ("name", "House"));
        var list = NumberOf(visit);
        var task = NewName("Paint the fence ");
        await AddAsync(visit, $"todo/tasks/new?f.list={list}", ("what", task), ("notes", "Two coats, **green**.\n\n- brush\n- paint"));
        await LooksTests.AssertSoundAsync(site, visit, $"view-task-{size}-{scheme}");
        await visit.GoAsync("/services/todo/board");
        var card = visit.Page.Locator(".board .card").Filter(new() { HasText = task });
        await card.Locator("summary").ClickAsync();
        await LooksTests.AssertSoundAsync(site, visit, $"view-board-{size}-{scheme}");
        await card.GetByRole(AriaRole.Button, new() { Name = "Doing", Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator("[data-column=doing] .card").Filter(new() { HasText = task })).ToBeVisibleAsync();
        await card.DragToAsync(visit.Page.Locator("[data-column=done] h2"));
        await Expect(visit.Page.Locator("[data-column=done] .card").Filter(new() { HasText = task })).ToBeVisibleAsync();
        await visit.GoAsync("/services/todo/board");
        await Expect(visit.Page.Locator("[data-column=done] .card").Filter(new() { HasText = task })).ToBeVisibleAsync();
        visit.AssertFaultless();
    }

    [Theory]
    [InlineData("desktop", ColorScheme.Light)]
    [InlineData("phone", ColorScheme.Dark)]
    public async Task What_is_said_is_seen_by_others_at_once(string size, ColorScheme scheme)
    {
        await using var ada = await OpenAsync(size, scheme, "chat");
        await using var ben = await OpenAsync(size, scheme, "chat");
        await AddAsync(ada, "chat/rooms/new", ("name", NewName("Garden ")));
        var room = $"/services/chat/talk?is.room={NumberOf(ada)}";
        await ben.GoAsync(room);
        await ben.Page.Locator(".saying textarea").FillAsync("Who waters the plants?");
        await PressAsync(ben, "Send");
        await Expect(ben.Page.Locator("ol.chat")).ToContainTextAsync("Who waters the plants?");
        await Expect(ben.Page.Locator(".saying textarea")).ToHaveValueAsync(string.Empty);
        await ada.GoAsync(room);
        await Expect(ada.Page.Locator("ol.chat")).ToContainTextAsync("Who waters the plants?");
        await ada.Page.Locator(".saying textarea").FillAsync(Arabic);
        await PressAsync(ada, "Send");
        await Expect(ben.Page.Locator("ol.chat li").Last).ToContainTextAsync("بالعالم");
        await LooksTests.AssertSoundAsync(site, ada, $"view-chat-{size}-{scheme}");
        await LooksTests.AssertSoundAsync(site, ben, $"view-chat-other-{size}-{scheme}");

        await ben.GoAsync("/services/chat/rooms");
        await AddAsync(ada, "chat/rooms/new", ("name", NewName("Kitchen ")));
        await Expect(ben.Page.Locator("#news")).ToContainTextAsync("1 new: show");
        await LooksTests.AssertSoundAsync(site, ben, $"view-news-{size}-{scheme}");
        await ben.Page.Locator("#news a").ClickAsync();
        await Expect(ben.Page.Locator("#view")).ToContainTextAsync("Kitchen");
    }

    [Theory]
    [InlineData("desktop", ColorScheme.Dark)]
    [InlineData("phone", ColorScheme.Light)]
    public async Task An_answer_stands_below_what_it_answers_and_can_be_moderated(string size, ColorScheme scheme)
    {
        await using var visit = await OpenAsync(size, scheme, "forum", "moderator");
        await AddAsync(visit, "forum/boards/new", ("name", NewName("Board ")));
        await AddAsync(visit, $"forum/topics/new?f.board={NumberOf(visit)}", ("title", "Fences"), ("text", "# Which colour?\n\nI like > green."));
        await AddAsync(visit, $"forum/posts/new?f.topic={NumberOf(visit)}", ("text", Arabic));
        var post = new Uri(visit.Page.Url).AbsolutePath;
        var twig = visit.Page.Locator($"#view-view-posts-{NumberOf(visit)}, #view-posts-{NumberOf(visit)}");
        await visit.GoAsync("/services/forum/posts");
        await twig.Locator(".answer summary").First.ClickAsync();
        await twig.Locator(".answer textarea").First.FillAsync("I *do* agree.");
        await LooksTests.AssertSoundAsync(site, visit, $"view-thread-{size}-{scheme}");
        await twig.GetByRole(AriaRole.Button, new() { Name = "Answer", Exact = true }).First.ClickAsync();
        await Expect(twig.Locator(".below .twig")).ToContainTextAsync("I do agree.");
        await LooksTests.AssertSoundAsync(site, visit, $"view-answer-{size}-{scheme}");

        await visit.GoAsync(post);
        await visit.Page.GetByText("Report it to the moderators").ClickAsync();
        await visit.Page.Locator("#report-text").FillAsync("It is off the topic.");
        await LooksTests.AssertSoundAsync(site, visit, $"view-report-{size}-{scheme}");
        await PressAsync(visit, "Report");
        await SaysAsync(visit, "moderators see it");
        await visit.GoAsync("/services/moderation");
        await visit.Page.Locator("main summary").Filter(new() { HasText = "Hide it" }).First.ClickAsync();
        await visit.Page.Locator("[id^='hide-']").First.FillAsync("Off the topic.");
        await LooksTests.AssertSoundAsync(site, visit, $"view-moderation-{size}-{scheme}");
        await visit.Page.Locator("main").GetByRole(AriaRole.Button, new() { Name = "Hide it", Exact = true }).First.ClickAsync();
        await SaysAsync(visit, "It is hidden from all.");
        await Expect(visit.Page.Locator("main")).ToContainTextAsync("Off the topic.");
        await LooksTests.AssertSoundAsync(site, visit, $"view-moderated-{size}-{scheme}");
    }

    [Theory]
    [InlineData("desktop", ColorScheme.Light)]
    [InlineData("phone", ColorScheme.Dark)]
    public async Task A_calendar_has_months_weeks_and_what_comes_next(string size, ColorScheme scheme)
    {
        await using var visit = await OpenAsync(size, scheme, "calendar");
        var today = DateTimeOffset.UtcNow.Date.AddHours(18).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);
        await AddAsync(visit, "calendar/events/new", ("title", "Feast of the badgers"), ("begins", today), ("place", "حديقة المدينة"));
        foreach (var span in (string[])["Month", "Week", "Agenda"])
        {
            await visit.GoAsync("/services/calendar/month");
            await visit.Page.Locator(".spans").GetByRole(AriaRole.Link, new() { Name = span, Exact = true }).ClickAsync();
            await Expect(visit.Page.Locator("#view")).ToContainTextAsync("Feast of the badgers");
            await LooksTests.AssertSoundAsync(site, visit, $"view-calendar-{span}-{size}-{scheme}");
        }

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Days before", Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator("#view")).ToContainTextAsync("There is nothing in these days.");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Today", Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator("#view")).ToContainTextAsync("Feast of the badgers");
    }

    private async Task<Visit> OpenAsync(string size, ColorScheme scheme, string service, string? role = null)
    {
        var window = LooksTests.WindowOf(size, scheme);
        window.ViewportSize = size == "phone" ? new ViewportSize { Width = 360, Height = 780 } : window.ViewportSize;
        window.Locale = "en-GB";
        var visit = await site.VisitAsync(window);
        await site.AdministerAsync("service", "publish", Descriptions.Own(service), "--yes");
        var name = NewName("ada");
        await RegisterAsync(visit, name, isDevice: false);
        if (role is not null)
        {
            await site.AdministerAsync("account", "roles", name, role);
        }

        return visit;
    }

    /// <summary>Fills in a form and sends it; the record is shown.</summary>
    private static async Task AddAsync(Visit visit, string form, params (string Field, string Text)[] values)
    {
        await visit.GoAsync("/services/" + form);
        foreach (var (field, text) in values)
        {
            await visit.Page.Locator("#f-" + field).FillAsync(text);
        }

        await PressAsync(visit, "Add");
        await SaysAsync(visit, "It is added.");
    }

    private static string NumberOf(Visit visit) => new Uri(visit.Page.Url).AbsolutePath.Split('/')[^1];
}
