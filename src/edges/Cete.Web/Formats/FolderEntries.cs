using Cete.Core;
using Cete.Index;

namespace Cete.Web.Formats;

/// <summary>Reads a folder page by page to its end.</summary>
internal static class FolderEntries
{
    /// <summary>All entries in a folder and below, by name; a failure when there are none, or too many.</summary>
    public static async Task<Outcome<IReadOnlyList<EntryRecord>>> AllAsync(
        IndexService index, EntryPath folder, int max, CancellationToken cancellation)
    {
        List<EntryRecord> entries = [];
        string? cursor = null;
        do
        {
            var page = await index.ListAsync(
                new EntryQuery { Folder = folder, Below = true, Sort = EntrySort.Name, Cursor = cursor, Limit = Limits.PageItemsMax }, cancellation);
            if (!page.Succeeded)
            {
                return page.Failure;
            }

            entries.AddRange(page.Value.Items.Where(entry => entry.TakenDown is null));
            cursor = page.Value.Next;
            if (entries.Count > max)
            {
                return new Failure(FailureKind.TooLarge, $"more than {max} files in {EntryName.Show(folder.ToString())}; take a folder further down");
            }
        }
        while (cursor is not null);

        return entries.Count > 0 ? entries : new Failure(FailureKind.NotFound, $"there are no files in {EntryName.Show(folder.ToString())}");
    }
}
