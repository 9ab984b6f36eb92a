using System.Globalization;
using Cete.Groups.Store;

namespace Cete.Groups.Tests.Simulated;

/// <summary>What a source told in one epoch, whichever replica is asked and whatever its feed keeps.</summary>
internal sealed class FeedHistory
{
    private readonly SortedDictionary<long, IReadOnlyList<(string Type, string Body)>> _told = [];

    public long Epoch { get; set; }

    /// <summary>The newest position.</summary>
    public long Last => _told.Count == 0 ? 0 : (_told.Keys.Last() * FeedTable.EventsPerCommandMax) + _told[_told.Keys.Last()].Count - 1;

    /// <summary>A replica carries out a command; others did, or will, and do the same.</summary>
    public void Add(long index, IReadOnlyList<(string Type, string Body)> events)
    {
        if (events.Count > 0)
        {
            Assert.True(_told.TryAdd(index, events) || _told[index].SequenceEqual(events), $"two commands {index}");
        }
    }

    /// <summary>What a backup has of it.</summary>
    public FeedHistory Until(long index)
    {
        var kept = new FeedHistory();
        foreach (var (at, events) in _told.Where(told => told.Key <= index))
        {
            kept.Add(at, events);
        }

        return kept;
    }

    /// <summary>The counters as of a position.</summary>
    public string At(long position)
    {
        var counters = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (index, events) in _told)
        {
            for (var i = 0; i < events.Count && (index * FeedTable.EventsPerCommandMax) + i <= position; i++)
            {
                var words = events[i].Body.Split(' ');
                if (events[i].Type == "dropped")
                {
                    counters.Remove(words[0]);
                }
                else
                {
                    counters[words[0]] = counters.GetValueOrDefault(words[0]) + long.Parse(words[1], CultureInfo.InvariantCulture);
                }
            }
        }

        return string.Join(' ', counters.Select(counter => string.Create(CultureInfo.InvariantCulture, $"{counter.Key}={counter.Value}")));
    }
}
