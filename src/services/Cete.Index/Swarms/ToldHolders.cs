using Cete.Core;

namespace Cete.Index.Swarms;

/// <summary>
/// Which of those who told that they have a content are named to who wants it: a few at a time, by chance, and only as long as somebody reaches them. Who told
/// it may have been switched off since, and thirty such would take all places of those who are there. For one caller at a time.
/// </summary>
/// <param name="chance">Chooses.</param>
internal sealed class ToldHolders(Prng chance)
{
    /// <summary>So many are tried at a time.</summary>
    public const int AtOnceMax = 8;

    /// <summary>Whom nobody reached for so long is given up.</summary>
    public static readonly TimeSpan Trial = TimeSpan.FromSeconds(10);

    /// <summary>And not tried again for so long.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(2);

    private const int SilentMax = 1_000;

    private readonly Dictionary<KeyId, Instant> _reached = [];
    private readonly Dictionary<KeyId, Instant> _silent = [];

    /// <summary>Somebody is connected with these.</summary>
    public void Reached(IReadOnlyList<KeyId> keys, Instant now)
    {
        foreach (var key in keys)
        {
            if (_reached.ContainsKey(key))
            {
                _reached[key] = now;
            }
        }
    }

    /// <summary>Those that nobody reached; they are tried no longer.</summary>
    public IReadOnlyList<KeyId> GiveUp(Instant now)
    {
        List<KeyId> given = [.. _reached.Where(one => one.Value + Trial <= now).Select(one => one.Key)];
        foreach (var key in given)
        {
            _reached.Remove(key);
            if (_silent.Count >= SilentMax)
            {
                _silent.Clear();
            }

            _silent[key] = now;
        }

        return given;
    }

    /// <summary>Some more to try, where there are too few.</summary>
    /// <param name="holding">Who told it.</param>
    /// <param name="speaks">Who needs not be tried, since he announces.</param>
    /// <param name="now">The time.</param>
    public IReadOnlyList<Holder> Choose(IReadOnlyList<Holder> holding, Func<KeyId, bool> speaks, Instant now)
    {
        if (_reached.Count >= AtOnceMax || holding.Count == 0)
        {
            return [];
        }

        List<Holder> chosen = [];
        var start = chance.Next(holding.Count);
        for (var i = 0; i < holding.Count && _reached.Count < AtOnceMax; i++)
        {
            var holder = holding[(start + i) % holding.Count];
            var isSilent = _silent.TryGetValue(holder.Key, out var at) && at + Rest > now && holder.At <= at;
            if (!isSilent && !_reached.ContainsKey(holder.Key) && !speaks(holder.Key))
            {
                _reached.Add(holder.Key, now);
                chosen.Add(holder);
            }
        }

        return chosen;
    }
}
