using Cete.Core;
using Cete.Web.Security;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests;

/// <summary>The pages by which members report and appeal, and moderators decide; without scripts.</summary>
public sealed class ModerationPagesTests
{
    private const string Film = "/films/film.mkv";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_reports_a_moderator_takes_down_and_an_appeal_brings_it_back()
    {
        await using var site = await AccountsSite.StartAsync();
        var id = (await site.Site.FileAsync(site.Site.Entry(Film)))[0];
        using var eve = await site.OpenAsync("eve");
        using var ada = await site.OpenAsync("ada");
        using var guest = site.Open();
        var entry = $"/entries/{id}";

        // Who is not logged in is told how; who is no moderator takes nothing down.
        Assert.Contains("cete report " + Film, (await guest.GetAsync(entry)).Text, StringComparison.Ordinal);
        var page = await eve.GetAsync(entry);
        Assert.DoesNotContain("Take it down", page.Text, StringComparison.Ordinal);
        var reported = await eve.FollowAsync(await eve.SubmitAsync(page, "report", ("kind", "malware"), ("text", "<b>my scanner</b>")));
        Assert.Contains("moderators see it", reported.Text, StringComparison.Ordinal);
        Assert.Equal(409, (await eve.SubmitAsync(page, "report", ("kind", "fake"))).Status);
        Assert.DoesNotContain("my scanner", (await eve.GetAsync("/moderation")).Text, StringComparison.Ordinal);

        var work = await ada.GetAsync("/moderation");
        work.AssertWhole();
        Assert.Contains("eve", work.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>my scanner", work.Text, StringComparison.Ordinal);
        Assert.Equal(400, (await ada.SubmitAsync(work, "take-down", ("text", " "))).Status);
        var done = await ada.FollowAsync(await ada.SubmitAsync(work, "take-down", ("text", "it is malware")));
        Assert.Contains("None is open", done.Text, StringComparison.Ordinal);

        // It is shown, and leads nowhere.
        var down = await eve.GetAsync(entry);
        down.AssertWhole();
        Assert.Contains("took this content down: it is malware", down.Text, StringComparison.Ordinal);
        Assert.Null(down.LinkTo("Download"));
        Assert.Null(down.LinkTo("ID file"));
        var listed = await eve.GetAsync("/folders/films");
        Assert.Equal(["film.mkv"], listed.Names);
        Assert.Null(listed.LinkTo("ID file"));
        Assert.Contains("Taken down", listed.Text, StringComparison.Ordinal);
        Assert.Equal(451, (await eve.GetAsync($"{entry}/film.mkv.cete")).Status);

        await eve.FollowAsync(await eve.SubmitAsync(down, "appeal", ("text", "it is mine")));
        var appeals = await ada.GetAsync("/moderation");
        Assert.Contains("it is mine", appeals.Text, StringComparison.Ordinal);
        var back = await ada.FollowAsync(await ada.SubmitAsync(appeals, "uphold", ("text", "a false alarm")));
        Assert.Contains("appeal upheld, put back", back.Text, StringComparison.Ordinal);
        Assert.NotNull((await eve.GetAsync(entry)).LinkTo("ID file"));

        // Others see the log, and in it neither the report nor who appealed.
        var log = await guest.GetAsync("/moderation");
        log.AssertWhole();
        Assert.Contains("it is malware", log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("eve", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_of_another_session_or_site_does_nothing()
    {
        await using var site = await AccountsSite.StartAsync();
        await site.Site.FileAsync(site.Site.Entry(Film));
        var root = site.Site.Entry(Film).Root;
        using var eve = await site.OpenAsync("eve");
        using var ada = await site.OpenAsync("ada");
        using var guest = site.Open();
        Dictionary<string, string> form = new() { ["action"] = "take-down", ["root"] = root.ToString(), ["text"] = "why", [CrossSiteGuard.Field] = "made up" };
        Assert.Equal(403, (await ada.PostAsync("/moderation", form)).Status);
        Assert.Equal(303, (await guest.PostAsync("/moderation", form)).Status);
        form[CrossSiteGuard.Field] = TokenIn(await eve.GetAsync("/entries/" + (await site.Site.Index.EntriesOfAsync(root, Cancel)).Value[0].Id));
        Assert.Equal(403, (await ada.PostAsync("/moderation", form)).Status);

        // Her own token does not make a moderator of her.
        Assert.Equal(403, (await eve.PostAsync("/moderation", form)).Status);
        form["action"] = "boil";
        Assert.Equal(400, (await eve.PostAsync("/moderation", form)).Status);
        form["root"] = "short";
        Assert.Equal(400, (await eve.PostAsync("/moderation", form)).Status);
        Assert.Null((await site.Site.Index.WhyTakenDownAsync(root, Cancel)).Value);
    }

    [Theory]
    [InlineData("/content/{0}", true)]
    [InlineData("/content/{0}/name", true)]
    [InlineData("/CONTENT/{0}", true)]
    [InlineData("/swarm/{0}/have", true)]
    [InlineData("/api/contents/{0}/announces", true)]
    [InlineData("/as/{0}/name.torrent", true)]
    [InlineData("/api/moderation/{0}", false)]
    [InlineData("/contents/{0}", false)]
    [InlineData("/content/x{0}", false)]
    public void An_address_names_a_content_by_its_root(string address, bool isNamed)
    {
        var root = Hash256.Of("x"u8);
        Assert.Equal(isNamed ? root : null, TakenDownGuard.RootIn(string.Format(null, address, root)));
        Assert.Equal(isNamed ? root : null, TakenDownGuard.RootIn(string.Format(null, address, root.ToString().ToUpperInvariant())));
    }

    private static string TokenIn(Page page) => page.All("input")
        .First(input => input.Attribute("name")?.Value == CrossSiteGuard.Field).Attribute("value")!.Value;
}
