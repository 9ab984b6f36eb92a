using Cete.Core;
using Cete.Groups;

namespace Cete.Described;

/// <summary>What somebody looks for in all services.</summary>
/// <param name="Terms">The words.</param>
/// <param name="Service">The only service; null for all.</param>
/// <param name="Kind">The only kind of its records; null for all.</param>
/// <param name="After">Where the page before ended, or where the first one begins.</param>
/// <param name="Count">Records, at most.</param>
public sealed record RecordSearch(SearchTerms Terms, string? Service, string? Kind, SearchPlace After, int Count);

/// <summary>A record that was found by words among all services.</summary>
/// <param name="Service">Of which service.</param>
/// <param name="Kind">Of which kind.</param>
/// <param name="Record">As the asker may see it.</param>
/// <param name="Rank">As <see cref="SearchRank"/> has it.</param>
public sealed record FoundRecord(ServiceInfo Service, RecordKind Kind, RecordView Record, int Rank);

/// <summary>What was found among all services.</summary>
/// <param name="Found">The best first.</param>
/// <param name="LeftOut">Services that were not come to in time.</param>
/// <param name="Partial">Services that may hold more, since their words are still being filed.</param>
/// <param name="Newest">When the newest was made of all that these were chosen of.</param>
public sealed record FoundRecords(IReadOnlyList<FoundRecord> Found, IReadOnlyList<string> LeftOut, IReadOnlyList<string> Partial, Instant Newest);

/// <content>Searches across services.</content>
public sealed partial class DescribedService
{
    /// <summary>Time after which no further service is begun with: nobody waits longer, and others want to read too.</summary>
    private static readonly TimeSpan SearchTime = TimeSpan.FromSeconds(1);

    /// <summary>Finds records of all services that somebody finds in lists.</summary>
    public async Task<Outcome<FoundRecords>> SearchAsync(RecordSearch search, Standing asker, CancellationToken cancellation) => Flatten(await group.ReadAsync(
        sql =>
        {
            var services = _catalogue.All(sql);
            if (search.Service is { } wanted)
            {
                services = services.FindAll(service => service.Name == wanted);
                var missing = services.Count == 0 ? NoService(wanted) : search.Kind is null ? null : KindOf(services[0], search.Kind).Failure;
                if (missing is not null)
                {
                    return missing;
                }
            }

            return Outcome.Of(Search(sql, services, search, asker));
        },
        ReadLevel.Linearizable, cancellation));

    private FoundRecords Search(SqlSession sql, List<StoredService> services, RecordSearch search, Standing asker)
    {
        var begun = clock.GetTimestamp();
        List<(RecordReader Reader, StoredService Service, StoredKind Kind, long Id, int Rank, string Key)> found = [];
        List<string> leftOut = [];
        List<string> partial = [];
        var newest = default(Instant);
        foreach (var service in services)
        {
            var kinds = service.Kinds.Where(kind => IsSearched(kind) && (search.Kind is null || kind.Name == search.Kind)).ToArray();
            if (kinds.Length > 0 && clock.GetElapsedTime(begun) > SearchTime)
            {
                leftOut.Add(service.Name);
                continue;
            }

            foreach (var kind in kinds)
            {
                var reader = new RecordReader(sql, service, kind, asker, Now);
                foreach (var (id, created, rank) in reader.Best(search.Terms, search.After))
                {
                    newest = created > newest ? created : newest;
                    var key = SearchPlace.KeyOf(service.Name, kind.Name, id);
                    if (search.After.IsBefore(rank, key))
                    {
                        found.Add((reader, service, kind, id, rank, key));
                    }
                }
            }

            if (kinds.Any(kind => !TextIndex.IsComplete(sql, kind)))
            {
                partial.Add(service.Name);
            }
        }

        var best = found.OrderByDescending(one => one.Rank).ThenBy(one => one.Key, StringComparer.Ordinal).Take(search.Count).ToArray();
        Dictionary<string, RecordView> records = new(StringComparer.Ordinal);
        Dictionary<string, ServiceInfo> infos = new(StringComparer.Ordinal);
        foreach (var same in best.GroupBy(one => one.Reader))
        {
            var (_, service, kind, _, _, _) = same.First();
            infos.TryAdd(service.Name, Describe(sql, service));
            foreach (var record in same.Key.ById(same.Select(one => one.Id)))
            {
                records[SearchPlace.KeyOf(service.Name, kind.Name, record.Id)] = record;
            }
        }

        var told = best.Where(one => records.ContainsKey(one.Key))
            .Select(one => new FoundRecord(infos[one.Service.Name], one.Kind.Kind, records[one.Key], one.Rank));
        return new FoundRecords([.. told], leftOut, partial, newest);
    }

    /// <summary>Whether records of a kind can be found by words, by anybody.</summary>
    private static bool IsSearched(StoredKind kind) => kind.Search.Count > 0 && !kind.Kind.Rules.List.IsClosed;
}
