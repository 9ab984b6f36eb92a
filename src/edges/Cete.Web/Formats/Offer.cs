using Cete.Api;
using Cete.Core;
using Cete.Formats.Metalinks;
using Cete.Formats.Torrents;
using Cete.Formats.Tracking;
using Cete.Web.Pages;

namespace Cete.Web.Formats;

/// <summary>An entry or a folder as it is offered to programs that know nothing of Cete.</summary>
/// <param name="Site">The node.</param>
/// <param name="Name">Of the file or folder.</param>
/// <param name="IsFolder">Names stand in a folder of that name.</param>
/// <param name="Parts">The files: paths within the folder.</param>
/// <param name="WebSeed">Path by which clients of BitTorrent fetch it over HTTP; of a folder it ends with '/'.</param>
/// <param name="TorrentAddress">Path of its torrent.</param>
internal sealed record Offer(
    SiteAddresses Site, string Name, bool IsFolder, IReadOnlyList<(IReadOnlyList<string> Path, DigestedEntry Entry)> Parts,
    string WebSeed, string TorrentAddress)
{
    /// <summary>Bytes of all files.</summary>
    public long Length => Parts.Sum(part => part.Entry.Manifest.Length);

    public static Offer OfEntry(SiteAddresses site, DigestedEntry entry)
    {
        var name = Texts.NameOf(entry.Entry.Path);
        return new Offer(
            site, name, IsFolder: false, [([name], entry)],
            Routes.ContentOf(entry.Entry.Root.ToString(), name), Routes.EntryAs(entry.Entry.Id, name, Routes.TorrentEnding));
    }

    public static Offer OfFolder(SiteAddresses site, EntryPath folder, string community, IReadOnlyList<DigestedEntry> entries)
    {
        // The top has no name of its own.
        var name = folder.IsTop ? Texts.AsName(community) : folder.Name;
        var depth = folder.Names.Count;
        return new Offer(
            site, name, IsFolder: true,
            [.. entries.Select(entry => ((IReadOnlyList<string>)[.. entry.Entry.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(depth)], entry))],
            Routes.SeedOf(folder.ToString()), Routes.FolderFile(folder.ToString(), name, Routes.TorrentEnding));
    }

    public Torrent MakeTorrent(TrackerKey key)
    {
        var parts = Parts.Select(part => new TorrentPart(part.Path, part.Entry.Manifest, part.Entry.Digests));
        var links = new TorrentLinks(Tracker(key), [Site.At(WebSeed)], Parts is [var (_, only)] ? only.Entry.Description : string.Empty);
        return IsFolder ? Torrent.OfFolder(Name, parts, links) : Torrent.OfFile(parts.Single(), links);
    }

    public string MakeMagnet(TrackerKey key)
    {
        var hashes = MakeTorrent(key).Hashes;
        return MagnetLink.Of(hashes, Name, Length, Tracker(key), [Site.At(WebSeed)], Site.At(TorrentAddress));
    }

    public byte[] MakeMetalink(Uri self) => Metalink.Write(
        [.. Parts.Select(part => new MetalinkFile(
            IsFolder ? [Name, .. part.Path] : part.Path, part.Entry.Digests, part.Entry.Entry.Description,
            [Site.Content(part.Entry.Entry)], IsFolder ? null : Site.At(TorrentAddress)))],
        self);

    private Uri Tracker(TrackerKey key) => Site.Tracker(WebSeed, key.CodeFor(WebSeed));
}
