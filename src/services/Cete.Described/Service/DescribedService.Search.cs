using Cete.Core;
using Cete.Groups;

namespace Cete.Described;

/// <summary>A record that was found by words among all services.</summary>
/// <param name="Service">Of which service.</param>
/// <param name="Kind">Of which kind.</param>
/// <param name="Record">As the asker may see it.</param>
/// <param name="Points">How well its texts fit, up to <see cref="TextMatcher.PointsMax"/>.</param>
public sealed record FoundRecord(ServiceInfo Service, RecordKind Kind, RecordView Record, long Points);

/// <summary>What was found among all services.</summary>
/// <param name="Found">The best of each kind.</param>
/// <param name="LeftOut">Services that were not come to in time.</param>
/// <param name="Partial">Services that may hold more, since their words are still being filed.</param>
public sealed record FoundRecords(IReadOnlyList<FoundRecord> Found, IReadOnlyList<string> LeftOut, IReadOnlyList<string> Partial);

/// <content>Searches across services.</content>
public sealed partial class DescribedService
{
    /// <summary>Time after which no further service is begun with: nobody waits longer, and others want to read too.</summary>
    private static readonly TimeSpan SearchTime = TimeSpan.FromSeconds(1);

    /// <summary>Finds records of all services that somebody finds in lists.</summary>
    /// <param name="terms">What for.</param>
    /// <param name="only">A service, or one kind of its records; null for all.</param>
    /// <param name="each">Records of each kind, at most.</param>
    /// <param name="asker">Who asks.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Outcome<FoundRecords>> SearchAsync(
        SearchTerms terms, (string Service, string? Kind)? only, int each, Standing asker, CancellationToken cancellation) => Flatten(await group.ReadAsync(
        sql =>
        {
            var services = _catalogue.All(sql);
            if (only is { } wanted)
            {
                services = services.FindAll(service => service.Name == wanted.Service);
                var missing = services.Count == 0 ? NoService(wanted.Service) : wanted.Kind is null ? null : KindOf(services[0], wanted.Kind).Failure;
                if (missing is not null)
                {
                    return missing;
                }
            }

            return Outcome.Of(Search(sql, services, only?.Kind, terms, each, asker));
        },
        ReadLevel.Linearizable, cancellation));

    private FoundRecords Search(SqlSession sql, List<StoredService> services, string? only, SearchTerms terms, int each, Standing asker)
    {
        var begun = clock.GetTimestamp();
        List<FoundRecord> found = [];
        List<string> leftOut = [];
        List<string> partial = [];
        foreach (var service in services)
        {
            var kinds = service.Kinds.Where(kind => (only is null || kind.Name == only) && kind.Search.Count > 0 && !kind.Kind.Rules.List.IsClosed).ToArray();
            if (kinds.Length > 0 && clock.GetElapsedTime(begun) > SearchTime)
            {
                leftOut.Add(service.Name);
                continue;
            }

            ServiceInfo? info = null;
            foreach (var kind in kinds)
            {
                var best = new RecordReader(sql, service, kind, asker, Now).Best(terms, each);
                info ??= best.Count > 0 ? Describe(sql, service) : null;
                found.AddRange(best.Select(one => new FoundRecord(info!, kind.Kind, one.Record, one.Points)));
            }

            if (kinds.Any(kind => !TextIndex.IsComplete(sql, kind)))
            {
                partial.Add(service.Name);
            }
        }

        return new FoundRecords(found, leftOut, partial);
    }
}
