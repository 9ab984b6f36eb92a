using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cete.Core;
using Cete.Web.Security;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Downloads;

/// <summary>
/// Lets nobody but the agent's own user see its page: every other user and every page in a browser of this machine reaches its port too. A link with a
/// secret, which the agent's socket alone gives, lets a browser in; from then on it shows a cookie that pages of other sites never have sent. Which name the
/// browser asked for is looked at, so that none that somebody else points at this machine is let in (DNS rebinding).
/// </summary>
/// <param name="clock">The time here.</param>
public sealed class DownloadsGuard(TimeProvider clock)
{
    private const int SecretBytes = 32;

    /// <summary>Links that count at a time; the oldest gives way.</summary>
    private const int LinksMax = 16;

    /// <summary>A link stays in the history of a browser, where it is soon worth nothing.</summary>
    private static readonly TimeSpan LinkLife = TimeSpan.FromMinutes(10);

    private static readonly Failure WrongHost = new(
        FailureKind.Forbidden, "this page has one address, that of this machine by its number; open the link that 'cete downloads --web' prints");

    private static readonly Failure Unknown = new(
        FailureKind.Forbidden, "this browser was not let in, or the agent was started again since; open the link that 'cete downloads --web' prints");

    private readonly Lock _gate = new();
    private readonly Queue<(byte[] Hash, long Made)> _links = new();
    private readonly byte[] _cookie = RandomNumberGenerator.GetBytes(SecretBytes);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(SecretBytes);

    /// <summary>Where the page is; known when it listens, and nobody is let in before.</summary>
    public int Port { get; set; }

    /// <summary>Where the page is, without a secret.</summary>
    public Uri Address => new($"http://{Host}/");

    private string Host => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Browsers share cookies between all ports of a host.</summary>
    private string CookieName => string.Create(CultureInfo.InvariantCulture, $"cete-downloads-{Port}");

    private string CookieValue => Convert.ToHexStringLower(_cookie);

    /// <summary>What its forms carry.</summary>
    public string Token => new CrossSiteGuard(_key).TokenFor(nameof(DownloadsGuard));

    /// <summary>A link that lets a browser in for a while.</summary>
    public Uri NewLink()
    {
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        lock (_gate)
        {
            while (_links.Count >= LinksMax)
            {
                _links.Dequeue();
            }

            _links.Enqueue((HashOf(secret), clock.GetTimestamp()));
        }

        return new Uri(Address, $"{DownloadAddresses.Open}/{secret}");
    }

    /// <summary>An address at which one file, and nothing else, can be read, also by a program that keeps no cookies.</summary>
    /// <param name="id">The download.</param>
    /// <param name="file">Number of the file.</param>
    /// <param name="root">Its content.</param>
    /// <param name="name">What it is called.</param>
    public string WatchAddress(long id, int file, Hash256 root, string name) => string.Create(
        CultureInfo.InvariantCulture, $"{DownloadAddresses.Watch}/{CapabilityFor(id, root)}/{id}/{file}/{root}/{Uri.EscapeDataString(name)}");

    /// <summary>Whether such an address was made here.</summary>
    public bool MayWatch(string capability, long id, in Hash256 root) => AreSame(capability, CapabilityFor(id, root));

    /// <summary>Why a request is refused by the name that it asks for; null where it is not.</summary>
    public Failure? CheckHost(HttpRequest request) => Port != 0 && request.Host.Value == Host ? null : WrongHost;

    /// <summary>Why a request is refused: it shows nothing, or comes from a page of another site. Null where it is not.</summary>
    public Failure? Check(HttpRequest request) =>
        !AreSame(request.Cookies[CookieName], CookieValue) ? Unknown : CrossSiteGuard.Check(request, hasSession: true);

    /// <summary>Why a form is refused; null where it is one of this page.</summary>
    public Failure? CheckForm(string? token) => new CrossSiteGuard(_key).CheckForm(nameof(DownloadsGuard), token);

    /// <summary>Lets a browser in that has a link; null, or why not.</summary>
    public Failure? LetIn(HttpContext context, string secret)
    {
        var isKnown = false;
        lock (_gate)
        {
            foreach (var (hash, made) in _links)
            {
                isKnown |= clock.GetElapsedTime(made) < LinkLife && CryptographicOperations.FixedTimeEquals(hash, HashOf(secret));
            }
        }

        if (!isKnown && !AreSame(context.Request.Cookies[CookieName], CookieValue))
        {
            return new Failure(FailureKind.Forbidden, "this link is not one of this agent, or is too old; 'cete downloads --web' prints a new one");
        }

        context.Response.Cookies.Append(CookieName, CookieValue, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Path = "/",
            IsEssential = true,
        });
        return null;
    }

    private string CapabilityFor(long id, in Hash256 root) => Convert.ToHexStringLower(
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"watch\0{id}\0{root}"))).AsSpan(0, 16));

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static bool AreSame(string? text, string other) => text is not null && CryptographicOperations.FixedTimeEquals(HashOf(text), HashOf(other));
}
