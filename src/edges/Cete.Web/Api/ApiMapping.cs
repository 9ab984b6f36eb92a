using Cete.Api;
using Cete.Index;

namespace Cete.Web.Api;

/// <summary>Records of services as the API shows them.</summary>
internal static class ApiMapping
{
    public static EntryInfo ToInfo(this EntryRecord entry)
    {
        var name = entry.Path[(entry.Path.LastIndexOf('/') + 1)..];
        return new EntryInfo(
            entry.Id, entry.Path, name, entry.Root.ToString(), entry.Length, entry.PieceLength, entry.Modified?.ToDateTimeOffset(),
                entry.Added.ToDateTimeOffset(),
            entry.Owner, entry.Description, entry.Tags, entry.Providers, Routes.IdFile(entry.Id, name), Routes.ContentOf(entry.Root.ToString(), name))
        {
            Kind = EntryKind.Of(name),
            TakenDown = entry.TakenDown,
        };
    }

    public static FolderInfo ToInfo(this FolderRecord folder) => new(folder.Path, folder.Made.ToDateTimeOffset(), folder.Folders, folder.Entries);

    public static EntryPage ToPage(this Page<EntryRecord> page) => new([.. page.Items.Select(ToInfo)], page.Next, page.Total, page.IsMore ? true : null);
}
