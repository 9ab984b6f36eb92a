using System.Net;
using System.Text;
using Cete.Accounts;
using Cete.Web.Tests.Support;

namespace Cete.Fuzzing.Targets;

/// <summary>A node's web door with accounts and a few entries, asked by requests that are mostly wrong.</summary>
internal sealed class FuzzSite : IDisposable
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromMinutes(1);

    private AccountsSite? _site;
    private string _session = string.Empty;
    private string _root = string.Empty;

    public string Ask(string text)
    {
        var site = _site ??= Start();
        using var request = Read(text.Replace("@session", _session, StringComparison.Ordinal).Replace("@root", _root, StringComparison.Ordinal), site);
        if (request is null)
        {
            return "no request";
        }

        HttpResponseMessage response;
        try
        {
            using var stop = new CancellationTokenSource(AnswerMax, TimeProvider.System);
            response = site.Site.Client.SendAsync(request, stop.Token).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is HttpRequestException or InvalidOperationException or FormatException)
        {
            // The client did not send it, or the server hung up on what is no HTTP.
            return "not sent";
        }

        using (response)
        {
            var body = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
            Oracle.That(site.Site.Bugs.IsEmpty, $"{request.Method} {request.RequestUri}: {string.Join("; ", site.Site.Bugs)}");
            Oracle.That((int)response.StatusCode < 500 || response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.HttpVersionNotSupported,
                $"{request.Method} {request.RequestUri} gives {response.StatusCode}: {body}");
            var isApi = request.RequestUri!.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal);
            var isProblem = response.Content.Headers.ContentType?.MediaType == "application/problem+json";
            Oracle.That(!isApi || isProblem || (int)response.StatusCode < 400 || body.Length == 0,
                $"{request.Method} {request.RequestUri} refuses without saying why");
            if (response.StatusCode == HttpStatusCode.Unauthorized && text.Contains("@session", StringComparison.Ordinal))
            {
                _session = LogIn(site);
            }

            return $"{(response.IsSuccessStatusCode ? FuzzTarget.Taken : string.Empty)} {request.Method} {(int)response.StatusCode} {body.Length / 256}";
        }
    }

    public void Dispose() => _site?.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private AccountsSite Start()
    {
        var site = AccountsSite.StartAsync().GetAwaiter().GetResult();
        var entry = site.Site.Entry("/Art/a.txt", "about it", "x");
        site.Site.FileAsync(entry).GetAwaiter().GetResult();
        (_root, _session) = (entry.Root.ToString(), LogIn(site));
        return site;
    }

    private static string LogIn(AccountsSite site)
    {
        site.Wait(LoginThrottle.DelayMax);
        var asked = new LogIn("ada", AccountsSite.Password, null, SessionKind.Terminal, "fuzzing", TimeSpan.FromDays(1), null, "192.0.2.9");
        var node = new Cete.Groups.Asker(Cete.Core.KeyId.Of("node"u8).ToString(), [AccountsMachine.AccountsRole]);
        return site.Service.LogInAsync(asked, node, CancellationToken.None).GetAwaiter().GetResult() is { Succeeded: true, Value: var opened }
            ? opened.Secret : string.Empty;
    }

    private static HttpRequestMessage? Read(string text, AccountsSite site)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var lines = (end < 0 ? text : text[..end]).Split('\n');
        var first = lines[0].Split(' ', 2);
        if (first.Length < 2 || first[0].Length is 0 or > 20 || !first[0].All(char.IsAsciiLetterUpper) || first[0] == "CONNECT" || !first[1].StartsWith('/')
            || !Uri.TryCreate(site.Site.Client.BaseAddress + first[1][1..], new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true },
                out var address)
            || address.Authority != site.Site.Client.BaseAddress!.Authority || address.AbsolutePath.StartsWith("/api/servers/", StringComparison.Ordinal))
        {
            return null;
        }

        var request = new HttpRequestMessage(new HttpMethod(first[0]), address);
        var body = end < 0 ? [] : Encoding.UTF8.GetBytes(text[(end + 2)..]);
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }

        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && !request.Headers.TryAddWithoutValidation(line[..colon], line[(colon + 1)..].Trim())
                && line.StartsWith("Content-Type", StringComparison.Ordinal))
            {
                request.Content?.Headers.Remove("Content-Type");
                request.Content?.Headers.TryAddWithoutValidation("Content-Type", line[(colon + 1)..].Trim());
            }
        }

        return request;
    }
}
