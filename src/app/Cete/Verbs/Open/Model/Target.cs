using System.Globalization;
using Cete.Core;
using Cete.Described;

namespace Cete.App.Verbs.Open.Model;

/// <summary>What of a service is meant: a view, a kind of records, or one of them.</summary>
/// <param name="View">The view; null for a record.</param>
/// <param name="Kind">The kind of records; null for a view that has none.</param>
/// <param name="Id">The record; null for all.</param>
internal sealed record Target(ViewDescriptor? View, RecordKind? Kind, long? Id)
{
    /// <summary>Reads <c>VIEW</c>, <c>KIND</c> or <c>KIND/ID</c>. A name that is both is the view's.</summary>
    public static Outcome<Target> Read(ServiceDescriptor service, string text)
    {
        var parts = text.Split('/');
        var kind = service.Record(parts[0]);
        if (parts.Length == 2)
        {
            kind ??= service.Views.FirstOrDefault(view => view.Name == parts[0]) is { } of ? service.Record(of.Records) : null;
            return kind is null ? Missing(service, parts[0])
                : long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? new Target(null, kind, id)
                : new Failure(FailureKind.Invalid, $"'{EntryName.Show(parts[1])}' is no number of a record: that is 1, 2, 3...");
        }

        if (parts.Length == 1 && service.Views.FirstOrDefault(view => view.Name == text) is { } named)
        {
            return new Target(named, service.Record(named.Records), null);
        }

        return parts.Length == 1 && kind is not null ? new Target(ViewShapes.ForKind(service, kind), kind, null) : Missing(service, text);
    }

    private static Failure Missing(ServiceDescriptor service, string name) => new(
        FailureKind.NotFound,
        $"{service.Name} has no view and no records '{EntryName.Show(name.Length > 40 ? name[..40] : name)}'; there are "
        + string.Join(", ", service.Views.Select(view => view.Name).Concat(service.Records.Select(kind => kind.Name)).Distinct()));
}
