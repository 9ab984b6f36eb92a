using System.Collections.Concurrent;
using Cete.Core;
using Cete.Groups;

namespace Cete.Described;

/// <summary>
/// Finds published services. Descriptions are read once a process, by their digest: which edition counts, the table says each time, so nothing that is
/// kept here can be out of date. For several callers at once.
/// </summary>
internal sealed class Catalogue
{
    /// <summary>More than there can be services, so that old editions are all that is ever let go.</summary>
    private const int KeptMax = 2 * DescriptorLimits.ServicesMax;

    private readonly ConcurrentDictionary<(Hash256 Digest, long Number, long Edition), StoredService> _read = new();

    /// <summary>A service that is in use; null where there is none.</summary>
    public StoredService? Find(SqlSession sql, string name) =>
        sql.First(
            "SELECT number, edition, digest FROM services WHERE name = @p1 AND withdrawn_at = 0",
            row => (Number: row.GetInt64(0), Edition: row.GetInt64(1), Digest: row.GetFieldValue<byte[]>(2)), name) is { Digest: { } digest } found
            ? Load(sql, found.Number, found.Edition, digest)
            : null;

    /// <summary>All that are in use, by name.</summary>
    public List<StoredService> All(SqlSession sql) =>
    [
        .. sql.Query(
                "SELECT number, edition, digest FROM services WHERE withdrawn_at = 0 ORDER BY name",
                row => (row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)))
            .Select(found => Load(sql, found.Item1, found.Item2, found.Item3)),
    ];

    /// <summary>One of them, by number.</summary>
    public StoredService? Find(SqlSession sql, long number) =>
        sql.Scalar<string>("SELECT name FROM services WHERE number = @p1", number) is { } name ? Find(sql, name) : null;

    private StoredService Load(SqlSession sql, long number, long edition, byte[] digest)
    {
        var key = (new Hash256(digest), number, edition);
        if (_read.TryGetValue(key, out var known))
        {
            return known;
        }

        var json = sql.Scalar<string>("SELECT json FROM services WHERE number = @p1", number) ?? string.Empty;
        var reading = DescriptorReader.ReadJson(json, "published", isNew: false);
        Check.That(reading.Descriptor is not null, $"a description that was published cannot be read any more: {reading.Errors}");
        if (_read.Count >= KeptMax)
        {
            _read.Clear();
        }

        return _read[key] = new StoredService(number, edition, reading.Descriptor!);
    }
}
