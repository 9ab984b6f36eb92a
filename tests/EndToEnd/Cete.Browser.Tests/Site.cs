using Cete.Program.Tests;
using Microsoft.Playwright;

namespace Cete.Browser.Tests;

/// <summary>A node with files, a browser to look at it, and a folder for what is seen. None of them where no browser is installed.</summary>
public sealed class Site : IAsyncLifetime
{
    public const string Photo = "Grüße & <Küsse> 100% #1?.bmp";
    public const string Song = "日本の歌 'live'.wav";
    public const string Note = "naïve – “résumé” \U0001F9A1.txt";
    public const string Reports = "/library/reports";

    /// <summary>Files in <see cref="Reports"/>: more than two pages of a list.</summary>
    public const int ReportCount = 120;

    private const int BoundMs = 180_000;
    private static readonly string[] Browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
    private readonly TempFolder _folder = new();
    private IPlaywright? _driver;
    private IBrowser? _browser;
    private TestNode? _node;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    /// <summary>The folder that was put in.</summary>
    public string Originals => _folder.At("library");

    /// <summary>Screenshots; stays after the tests, to be looked at.</summary>
    public string Pictures { get; } = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "cete-pages")).FullName;

    /// <summary>The site under the name for which its passkeys are.</summary>
    public Uri? ByName => _node is null ? null : new UriBuilder(_node.Address) { Host = "localhost" }.Uri;

    public Uri At(string address) => new(_node!.Address, address);

    public async ValueTask InitializeAsync()
    {
        if (Browsers.FirstOrDefault(File.Exists) is not { } executable)
        {
            return;
        }

        Write();
        _node = await TestNode.CreateAsync(_folder.At("node"), [.. Community.Local, "-D", "cete.http.domain=localhost"]);
        (await _node.CeteAsync("put", Originals, "--tag", "shelf", "--description", "From the summer of the badgers, kept for all.")).Ended(0);
        _driver = await Playwright.CreateAsync();
        _browser = await _driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = executable,
            Args = ["--no-sandbox", "--disable-dev-shm-usage"],
            Timeout = BoundMs,
        });
    }

    /// <summary>A window of its own, with nothing of those before; the test is skipped where there is no browser.</summary>
    /// <param name="options">How it is.</param>
    /// <param name="node">The node whose pages it opens; the site's own by itself.</param>
    internal async Task<Visit> VisitAsync(BrowserNewContextOptions? options = null, Uri? node = null)
    {
        Assert.SkipWhen(_browser is null, $"chromium is not installed ({Browsers[0]}); .ci/run installs it");
        options ??= new BrowserNewContextOptions();
        options.BaseURL = (node ?? _node!.Address).AbsoluteUri;
        options.ReducedMotion = ReducedMotion.Reduce;
        var context = await _browser.NewContextAsync(options);
        context.SetDefaultTimeout(BoundMs);
        return new Visit(context, await context.NewPageAsync());
    }

    /// <summary>Makes a film and puts it in; the test is skipped where there is nothing to make one with.</summary>
    internal async Task<string> FilmAsync()
    {
        const string encoder = "/usr/bin/ffmpeg";
        Assert.SkipUnless(File.Exists(encoder), $"ffmpeg is not installed ({encoder}); .ci/run installs it");
        var film = _folder.At("films", "badgers.webm");
        Directory.CreateDirectory(Path.GetDirectoryName(film)!);
        using var made = System.Diagnostics.Process.Start(encoder, [
            "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=480x270:rate=25:duration=60,noise=alls=60:allf=t",
            "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2M", "-g", "25", film,
        ]);
        await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, made.ExitCode);
        (await _node!.CeteAsync("put", film, "--to", "/films")).Ended(0);
        return await EntryAsync("/films/badgers.webm");
    }

    /// <summary>Puts a text in as a file of that path.</summary>
    internal async Task PutAsync(string path, string text)
    {
        _folder.WriteText(path, text);
        var folder = path[..path.IndexOf('/', StringComparison.Ordinal)];
        (await _node!.CeteAsync("put", _folder.At(folder))).Ended(0);
    }

    /// <summary>Has the community's administrator do something, in a terminal.</summary>
    internal async Task AdministerAsync(params string[] arguments) =>
        (await CeteProcess.RunAsync([.. arguments, "--node", _node!.Address.AbsoluteUri])).Ended(0);

    /// <summary>A user with an agent of his own.</summary>
    internal Task<AgentUser> UserAsync(string name) => AgentUser.LogInAsync(_folder.At(name), _node!);

    /// <summary>A folder for what somebody downloads.</summary>
    internal string FolderOf(string name) => _folder.At(name);

    /// <summary>A further node of the community.</summary>
    internal Task<TestNode> JoinAsync(string name) => Community.JoinAsync(_node!, _folder, name);

    /// <summary>Address of the page of an entry.</summary>
    internal async Task<string> EntryAsync(string path)
    {
        var text = await Http.GetStringAsync(At($"/api/entries/by-path?path={Uri.EscapeDataString(path)}"), TestContext.Current.CancellationToken);
        return $"/entries/{System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("id").GetInt64()}";
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _driver?.Dispose();
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        _folder.Dispose();
    }

    private void Write()
    {
        for (var i = 1; i <= ReportCount; i++)
        {
            _folder.WriteText($"library/reports/report {i:000}.txt", $"Report number {i}.\n");
        }

        _folder.WriteText("library/notes/" + Note, "Notes.\n");
        _folder.WriteText("library/notes/" + string.Concat(Enumerable.Repeat("a_very_long_name_without_a_space", 5)) + ".md", "# Long\n");
        _folder.Write("library/notes/deep/er/and deeper/report annex.zip", 3_000_000, 1);
        Directory.CreateDirectory(_folder.At("library", "media"));
        File.WriteAllBytes(_folder.At("library", "media", Photo), Samples.Picture(320, 200));
        File.WriteAllBytes(_folder.At("library", "media", Song), Samples.Sound(seconds: 180));
    }
}

/// <summary>The tests that share one site.</summary>
[CollectionDefinition(Name)]
public sealed class SiteCollection : ICollectionFixture<Site>
{
    public const string Name = "site";
}
