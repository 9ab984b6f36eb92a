using System.Net;
using System.Xml.Linq;

namespace Cete.Web.Tests.Support;

/// <summary>Cookies, pages and forms, as a browser without scripts has them. It follows no redirection by itself.</summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClient _http;
    private readonly CookieContainer _cookies = new();

    public Browser(Uri site) => _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, CookieContainer = _cookies })
    {
        BaseAddress = site,
    };

    /// <summary>What it shows of itself.</summary>
    public string UserAgent { get; init; } = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    public IReadOnlyList<Cookie> Cookies => [.. _cookies.GetAllCookies().Cast<Cookie>()];

    public Task<Page> GetAsync(string address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, address));

    /// <summary>Sends a form that says what <paramref name="fields"/> say, from a page of this site or of another.</summary>
    public Task<Page> PostAsync(string address, IEnumerable<KeyValuePair<string, string>> fields, string site = "same-origin")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Add("Sec-Fetch-Site", site);
        return SendAsync(request);
    }

    /// <summary>Fills in the form of a page that does this, and sends it; what stands in it already goes along.</summary>
    public Task<Page> SubmitAsync(Page page, string does, params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var form = page.All("form").First(one => Filled(one).GetValueOrDefault("action") == does || one.Attribute("action")!.Value == does);
        var sent = Filled(form);
        var known = form.Descendants("input").Select(input => input.Attribute("name")?.Value).ToHashSet();
        foreach (var (name, value) in fields)
        {
            Assert.Contains(name, known);
            sent[name] = value;
        }

        return PostAsync(form.Attribute("action")!.Value, sent);
    }

    public async Task<Page> LogInAsync(string name, string password, params (string Name, string Value)[] more) =>
        await SubmitAsync(await GetAsync("/login"), "/login", [("name", name), ("password", password), .. more]);

    /// <summary>Opens the page that an answer leads to.</summary>
    public Task<Page> FollowAsync(Page answer)
    {
        Assert.Equal(303, answer.Status);
        return GetAsync(answer.Headers["Location"]);
    }

    public async Task<Page> SendAsync(HttpRequestMessage request)
    {
        using var sent = request;
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Page(response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose() => _http.Dispose();

    private static Dictionary<string, string> Filled(XElement form) => form.Descendants("input")
        .Where(input => input.Attribute("type")?.Value is not ("checkbox" or "radio") && input.Attribute("value") is not null)
        .ToDictionary(input => input.Attribute("name")!.Value, input => input.Attribute("value")!.Value);
}
