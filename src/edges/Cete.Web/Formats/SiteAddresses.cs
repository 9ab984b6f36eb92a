using Cete.Api;
using Cete.Core;
using Cete.Index;
using Cete.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Formats;

/// <summary>
/// Whole addresses of what a node offers, for files that leave it: this node's as the asker reached it, the only one known to work from there.
/// </summary>
internal sealed class SiteAddresses(Uri site)
{
    private static readonly Failure NoHost = new(FailureKind.Invalid, "the request names no host by which this node can be reached");

    public Uri Site { get; } = site;

    public static Outcome<SiteAddresses> Of(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host.Value}/", UriKind.Absolute, out var site) ? new SiteAddresses(site) : NoHost;

    public Uri At(string address) => new(Site, address);

    public Uri Self(HttpRequest request) => At(request.Path.ToUriComponent() + request.QueryString.ToUriComponent());

    public Uri Page(EntryRecord entry) => At(Addresses.Entry(entry.Id));

    public Uri Content(EntryRecord entry) => At(Routes.ContentOf(entry.Root.ToString(), Texts.NameOf(entry.Path)));

    /// <summary>The announce address of the torrent with that web seed; clients add their query behind it.</summary>
    public Uri Tracker(string webSeed, string code) => At($"{Routes.Announce}?seed={Uri.EscapeDataString(webSeed)}&code={code}");
}
