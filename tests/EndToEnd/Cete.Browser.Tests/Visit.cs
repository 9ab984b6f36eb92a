using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Cete.Browser.Tests;

/// <summary>A window of the browser that notes what goes wrong in it.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _faults = new();

    public Visit(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            // That the page asked for answered 404 is said here too, and judged by who asked for it.
            var isStatus = message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal) && IsPage(message.Location);
            if (message.Type is "error" or "warning" && !isStatus)
            {
                _faults.Enqueue($"console: {message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => _faults.Enqueue($"page error: {error}");
        page.RequestFailed += (_, request) =>
        {
            // A media element stops a transfer when it has enough, and a stream ends with the page that listens.
            if (!(request.ResourceType is "media" or "eventsource" && request.Failure == "net::ERR_ABORTED"))
            {
                _faults.Enqueue($"request: {request.Url} {request.Failure}");
            }
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 400 && !response.Request.IsNavigationRequest)
            {
                _faults.Enqueue($"response: {response.Url} {response.Status}");
            }
        };
    }

    public IPage Page { get; }

    public ILocator Box => Page.Locator("#q");

    /// <summary>Goes to an address, which must answer with that status.</summary>
    public async Task GoAsync(string address, int status = 200)
    {
        var answer = await Page.GotoAsync(address);
        Assert.Equal(status, answer!.Status);
    }

    /// <summary>The text of each element in order.</summary>
    public Task<IReadOnlyList<string>> TextsAsync(string selector) => Page.Locator(selector).AllInnerTextsAsync();

    /// <summary>What went wrong so far.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public void AssertFaultless() => Assert.Empty(_faults);

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private bool IsPage(string location) => location.StartsWith(Page.Url, StringComparison.Ordinal);
}
