using Cete.Core;
using Cete.Formats;
using Cete.Formats.Torrents;
using Cete.Index;
using Cete.Ports;
using Cete.Swarm;
using Cete.Transfer.Digests;
using Cete.Web.Pages;

namespace Cete.Web.Formats;

/// <summary>An entry with all that older formats want to know of its content.</summary>
internal sealed record DigestedEntry(EntryRecord Entry, Manifest Manifest, ContentDigests Digests);

/// <summary>Gathers entries with their digests, and waits a while for those that are still being made.</summary>
internal sealed class DigestedEntries(IndexService index, IContentStore contents, Digester digester, TimeProvider clock)
{
    /// <summary>How long a request waits; then the asker is told how far it is, and asks again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async Task<Outcome<DigestedEntry>> OfEntryAsync(long id, CancellationToken cancellation)
    {
        var entry = await index.EntryAsync(id, cancellation);
        var digested = entry.Succeeded ? await AddDigestsAsync([entry.Value], cancellation) : entry.Failure;
        return digested.Then(list => list[0]);
    }

    /// <summary>The entry of that content and name; another entry with the content when there is none of that name.</summary>
    public async Task<Outcome<DigestedEntry>> OfContentAsync(Hash256 root, string name, CancellationToken cancellation)
    {
        var found = await index.EntriesOfAsync(root, cancellation);
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        var entry = found.Value.FirstOrDefault(entry => Texts.NameOf(entry.Path) == name) ?? (found.Value is [var any, ..] ? any : null);
        return entry is null
            ? new Failure(FailureKind.NotFound, $"no entry has the content {root}")
            : (await AddDigestsAsync([entry], cancellation)).Then(list => list[0]);
    }

    /// <summary>All files of a folder and of those below it.</summary>
    public async Task<Outcome<IReadOnlyList<DigestedEntry>>> OfFolderAsync(EntryPath folder, CancellationToken cancellation)
    {
        var entries = await FolderEntries.AllAsync(index, folder, Torrent.PartsMax, cancellation);
        return entries.Succeeded ? await AddDigestsAsync(entries.Value, cancellation) : entries.Failure;
    }

    private async Task<Outcome<IReadOnlyList<DigestedEntry>>> AddDigestsAsync(IReadOnlyList<EntryRecord> entries, CancellationToken cancellation)
    {
        List<Manifest> manifests = [];
        foreach (var entry in entries)
        {
            if (entry.CheckNotTakenDown() is { } refused)
            {
                return refused;
            }

            using var content = contents.Find(entry.Root);
            if (content is not { IsWhole: true, Manifest: { } manifest })
            {
                return new Failure(
                    FailureKind.NotFound, $"this node does not hold all of {EntryName.Show(entry.Path)}, which other formats need; ask a node that does");
            }

            manifests.Add(manifest);
        }

        var pieceLength = Torrent.PieceLengthFor(manifests);
        if (manifests.Sum(manifest => (long)Manifest.CountPieces(manifest.Length, pieceLength)) > Torrent.PiecesMax)
        {
            return new Failure(FailureKind.TooLarge, $"more than {Torrent.PiecesMax} pieces in one file; take a folder further down");
        }

        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        var making = entries.Select(entry => digester.GetAsync(entry.Root, pieceLength, either.Token)).ToList();
        try
        {
            var made = await Task.WhenAll(making);
            return made.FirstOrDefault(digests => !digests.Succeeded).Failure is { } failure
                ? failure
                : made.Select((digests, i) => new DigestedEntry(entries[i], manifests[i], digests.Value)).ToList();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var ready = making.Count(one => one.IsCompletedSuccessfully);
            return new Failure(
                FailureKind.Unavailable, $"the hashes that this format wants are being made: {ready} of {entries.Count} files are ready; ask again in a while");
        }
    }
}
