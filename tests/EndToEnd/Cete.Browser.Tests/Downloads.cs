using Cete.Program.Tests;
using Microsoft.Playwright;

namespace Cete.Browser.Tests;

/// <summary>Downloads by the button of an entry's page.</summary>
internal static class Downloads
{
    /// <summary>What the button brings is the original, under its name.</summary>
    public static async Task AssertAsync(Visit visit, string original)
    {
        var button = visit.Page.GetByRole(AriaRole.Link, new() { Name = "Download", Exact = true });
        var download = await visit.Page.RunAndWaitForDownloadAsync(() => button.ClickAsync());
        Assert.Null(await download.FailureAsync());
        Assert.Equal(Path.GetFileName(original), download.SuggestedFilename);
        Disk.AssertSame(original, await download.PathAsync());
    }
}
