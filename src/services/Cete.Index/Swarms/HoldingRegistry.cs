using Cete.Core;
using Cete.Ports.Swarms;

namespace Cete.Index.Swarms;

/// <summary>A peer that told what it has.</summary>
/// <param name="key">The key that it shows.</param>
/// <param name="reporter">The account that spoke for it.</param>
internal sealed class Holder(KeyId key, string reporter)
{
    public KeyId Key { get; } = key;

    public string Reporter { get; } = reporter;

    public required SwarmAsker Asker { get; set; }

    public required PeerPlace Place { get; set; }

    public long Uplink { get; set; }

    /// <summary>Contents that it is remembered for.</summary>
    public int Count { get; set; }

    /// <summary>When it told something last.</summary>
    public Instant At { get; set; }

    /// <summary>It said that it goes; what is remembered of it counts no longer.</summary>
    public bool HasLeft { get; set; }
}

/// <summary>
/// Who has which contents whole, on the root of the index: a peer with ten thousand of them tells a page of them from time to time, and announces a content by
/// itself only while somebody wants it. Soft state, like the planners'. For one caller at a time.
/// </summary>
internal sealed class HoldingRegistry
{
    /// <summary>So long what a peer told is remembered; it tells again after half of it.</summary>
    public static readonly TimeSpan Valid = TimeSpan.FromMinutes(10);

    /// <summary>Holders of one content: enough for one who wants it cold, and for those that are gone among them.</summary>
    public const int HoldersMax = 32;

    /// <summary>Of one account: nobody fills the list of a content with keys that he made up.</summary>
    public const int OfOneReporterMax = 2;

    private const int KeysOfOneReporterMax = 16;
    private const int PeersMax = 100_000;
    private const int EntriesMax = 2_000_000;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(5);

    private readonly Dictionary<Hash256, List<Entry>> _contents = [];
    private readonly Dictionary<KeyId, Holder> _holders = [];
    private readonly Dictionary<string, int> _keys = new(StringComparer.Ordinal);
    private long _entries;
    private Instant _swept;

    /// <summary>Contents that somebody is known to have.</summary>
    public int Count => _contents.Count;

    /// <summary>A peer tells what it has, and has no longer.</summary>
    public Failure? Tell(HoldingReport report, SwarmAsker asker, PeerPlace place, Instant now)
    {
        Sweep(now, isFull: _entries + report.Contents.Count > EntriesMax || _holders.Count >= PeersMax);
        if (!_holders.TryGetValue(report.Key, out var holder))
        {
            if (report.IsLeaving)
            {
                return null;
            }

            if (_holders.Count >= PeersMax)
            {
                return new Failure(FailureKind.Full, "too many peers told what they have; try again later");
            }

            if (_keys.GetValueOrDefault(asker.Reporter) >= KeysOfOneReporterMax)
            {
                return new Failure(FailureKind.Full, $"an account tells of {KeysOfOneReporterMax} peers at most");
            }

            _keys[asker.Reporter] = _keys.GetValueOrDefault(asker.Reporter) + 1;
            _holders.Add(report.Key, holder = new Holder(report.Key, asker.Reporter) { Asker = asker, Place = place });
        }
        else if (holder.Reporter != asker.Reporter)
        {
            return new Failure(FailureKind.Forbidden, "another account speaks for the peer of this key");
        }

        (holder.Asker, holder.Place, holder.Uplink, holder.At, holder.HasLeft) = (asker, place, report.Uplink, now, report.IsLeaving);
        foreach (var root in report.Gone)
        {
            Remove(root, holder);
        }

        foreach (var root in report.IsLeaving ? [] : report.Contents)
        {
            Add(root, holder, now);
        }

        return null;
    }

    /// <summary>Who has a content.</summary>
    public IEnumerable<Holder> Of(in Hash256 root, Instant now) => _contents.TryGetValue(root, out var entries)
        ? entries.Where(entry => entry.Until > now && !entry.Holder.HasLeft).Select(entry => entry.Holder)
        : [];

    private void Add(in Hash256 root, Holder holder, Instant now)
    {
        var entry = new Entry(holder, now + Valid);
        if (!_contents.TryGetValue(root, out var entries))
        {
            if (holder.Count < HoldingReport.OfOneMax && _entries < EntriesMax)
            {
                _contents.Add(root, [entry]);
                Reckon(holder, 1);
            }

            return;
        }

        var at = entries.FindIndex(known => known.Holder == holder);
        if (at >= 0)
        {
            entries[at] = entry;
            return;
        }

        DropOld(entries, now);
        if (entries.Count < HoldersMax && entries.Count(known => known.Holder.Reporter == holder.Reporter) < OfOneReporterMax
            && holder.Count < HoldingReport.OfOneMax && _entries < EntriesMax)
        {
            entries.Add(entry);
            Reckon(holder, 1);
        }
    }

    private void Remove(in Hash256 root, Holder holder)
    {
        if (_contents.TryGetValue(root, out var entries) && entries.RemoveAll(known => known.Holder == holder) > 0)
        {
            Reckon(holder, -1);
            if (entries.Count == 0)
            {
                _contents.Remove(root);
            }
        }
    }

    private void Sweep(Instant now, bool isFull)
    {
        // A full one is looked through as well, but not at each report.
        if (now - _swept < (isFull ? SweepInterval / 10 : SweepInterval))
        {
            return;
        }

        _swept = now;
        foreach (var (root, entries) in _contents)
        {
            DropOld(entries, now);
            if (entries.Count == 0)
            {
                _contents.Remove(root);
            }
        }

        foreach (var (key, holder) in _holders.Where(one => one.Value.Count == 0 && one.Value.At + Valid < now))
        {
            _holders.Remove(key);
            if (--_keys[holder.Reporter] == 0)
            {
                _keys.Remove(holder.Reporter);
            }
        }
    }

    private void DropOld(List<Entry> entries, Instant now) => entries.RemoveAll(entry =>
    {
        var isOld = entry.Until <= now || entry.Holder.HasLeft;
        if (isOld)
        {
            Reckon(entry.Holder, -1);
        }

        return isOld;
    });

    private void Reckon(Holder holder, int by)
    {
        holder.Count += by;
        _entries += by;
    }

    private readonly record struct Entry(Holder Holder, Instant Until);
}
