using Cete.Core;
using Cete.Described;
using Cete.Expressions;

namespace Cete.Web.Services.Feeds;

/// <summary>
/// Records that others are filed under: found by the path of names that leads to them, and told by it. As whoever asks may see them, and up to a bound.
/// </summary>
internal sealed class FeedFolders
{
    /// <summary>More are no folders.</summary>
    private const int FoldersMax = 2_000;

    private const int DepthMax = 32;

    private readonly Dictionary<long, (string Name, long Above)> _folders = [];
    private readonly Dictionary<(long Above, string Name), long> _ids = [];

    private FeedFolders(RecordKind kind, FieldDescriptor label, FieldDescriptor? above) => (Kind, Label, Above) = (kind, label, above);

    /// <summary>Of which kind they are.</summary>
    public RecordKind Kind { get; }

    /// <summary>The field that names one.</summary>
    public FieldDescriptor Label { get; }

    /// <summary>The field that says in which other one it is; null where there are no such.</summary>
    public FieldDescriptor? Above { get; }

    /// <summary>Those that a field points to; null where they have no names.</summary>
    public static async Task<Outcome<FeedFolders?>> LoadAsync(
        DescribedService services, ServiceDescriptor service, FieldDescriptor field, Standing asker, CancellationToken stop)
    {
        if (field.To is not { } to || service.Record(to) is not { Label: { } label } kind)
        {
            return (FeedFolders?)null;
        }

        var folders = new FeedFolders(kind, label, kind.Fields.FirstOrDefault(each => each.To == to));
        string? cursor = null;
        do
        {
            var page = await services.ListAsync(
                new RecordQuery(service.Name, to) { Sort = ["id"], Cursor = cursor, Limit = RecordQuery.LimitMax }, asker, stop);
            if (!page.Succeeded)
            {
                return page.Failure;
            }

            foreach (var record in page.Value.Items)
            {
                var within = folders.Above is { } above && record.Get(above.Name) is { Kind: ValueKind.Int } value ? value.Number : 0;
                folders.Add(record.Id, record.Get(label.Name).Kind == ValueKind.Text ? record.Get(label.Name).AsText : string.Empty, within);
            }

            cursor = page.Value.Next;
        }
        while (cursor is not null && folders._folders.Count < FoldersMax);

        return folders;
    }

    /// <summary>One more.</summary>
    public void Add(long id, string name, long above)
    {
        _folders[id] = (name, above);
        _ids.TryAdd((above, name.ToUpperInvariant()), id);
        if (Above is not null)
        {
            // A name alone finds it too, wherever it is.
            _ids.TryAdd((-1, name.ToUpperInvariant()), id);
        }
    }

    /// <summary>The names that lead to one, the outermost first.</summary>
    public IEnumerable<string> PathOf(long id)
    {
        List<string> path = [];
        while (path.Count < DepthMax && _folders.TryGetValue(id, out var folder))
        {
            path.Add(folder.Name);
            id = folder.Above;
        }

        path.Reverse();
        return path;
    }

    /// <summary>One by its name within another; within 0 for the outermost, -1 for wherever.</summary>
    public long? Find(long above, string name) => _ids.TryGetValue((above, name.ToUpperInvariant()), out var id) ? id : null;
}
