using System.Globalization;
using Cete.Core;
using Cete.Described;
using Cete.Formats.Entries;
using Cete.Groups;

namespace Cete.Web.Services.Feeds;

/// <summary>Finds records that entries of a file are filed under, and makes those that there are not, where whoever imports may.</summary>
internal sealed class ImportFolders(DescribedService services, ServiceDescriptor service, Asker asker, Standing standing, bool isDryRun)
{
    /// <summary>Of a rehearsal, what would be made has no number.</summary>
    private const long Imagined = long.MaxValue;

    private readonly Dictionary<string, FeedFolders?> _known = new(StringComparer.Ordinal);
    private readonly HashSet<(string, long, string)> _refused = [];

    /// <summary>The record that a path of names leads to; null where there is none, which the entry is told.</summary>
    public async Task<long?> FindAsync(FieldDescriptor field, IReadOnlyList<string> path, ImportEntry entry, CancellationToken stop)
    {
        if (path.Count == 0)
        {
            return null;
        }

        if (!_known.TryGetValue(field.Name, out var folders))
        {
            var loaded = await FeedFolders.LoadAsync(services, service, field, standing, stop);
            _known[field.Name] = folders = loaded.Succeeded ? loaded.Value : null;
        }

        if (folders is null)
        {
            entry.Notes.Add($"its {field.Name} is left out: nothing there has a name");
            return null;
        }

        // One name may be that of any; several lead there from the outside.
        if (folders.Above is null || (path.Count == 1 && folders.Find(-1, path[0]) is not null))
        {
            return folders.Find(folders.Above is null ? 0 : -1, path[^1]) ?? await MakeAsync(folders, 0, path[^1], entry, stop);
        }

        var within = 0L;
        foreach (var name in path)
        {
            if ((folders.Find(within, name) ?? await MakeAsync(folders, within, name, entry, stop)) is not { } next)
            {
                return null;
            }

            within = next;
        }

        return within == Imagined ? null : within;
    }

    private async Task<long?> MakeAsync(FeedFolders folders, long within, string name, ImportEntry entry, CancellationToken stop)
    {
        var shown = FormatText.Show(name);
        if (within == Imagined || _refused.Contains((folders.Kind.Name, within, name)))
        {
            entry.Notes.Add(
                within == Imagined ? $"'{shown}' would be made among {folders.Kind.Name}" : $"'{shown}' is not among {folders.Kind.Name}, and left out");
            return within == Imagined ? Imagined : null;
        }

        List<KeyValuePair<string, InputValue>> values = [new(folders.Label.Name, InputValue.Of(name))];
        if (within > 0)
        {
            values.Add(new(folders.Above!.Name, InputValue.Of(within.ToString(CultureInfo.InvariantCulture))));
        }

        var made = isDryRun
            ? (await services.RehearseAsync(service.Name, folders.Kind.Name, values, standing, stop)).Then(_ => Imagined)
            : (await services.CreateAsync(service.Name, folders.Kind.Name, values, asker, null, default, stop)).Then(written => written.Id);
        if (!made.Succeeded)
        {
            _refused.Add((folders.Kind.Name, within, name));
            entry.Notes.Add($"'{shown}' is not among {folders.Kind.Name}, and left out: {made.Failure.Message}");
            return null;
        }

        entry.Notes.Add(isDryRun ? $"'{shown}' would be made among {folders.Kind.Name}" : $"'{shown}' was made among {folders.Kind.Name}");
        if (!isDryRun)
        {
            folders.Add(made.Value, name, within);
        }

        return made.Value;
    }
}
