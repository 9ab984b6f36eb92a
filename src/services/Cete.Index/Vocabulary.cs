using Cete.Groups;

namespace Cete.Index;

/// <summary>
/// The words that were ever filed, each with a rough measure of how often: twice as often is one more. Only chance, drawn from the command
/// itself, raises it, so that a common word is hardly ever written.
/// </summary>
internal sealed class Vocabulary(SqlSession sql)
{
    /// <summary>From this weight on (hundreds of times) a word stands in the list of common words.</summary>
    public const int Common = 8;

    /// <summary>Characters of the words kept.</summary>
    private const int LengthMin = 3;
    private const int LengthMax = 32;

    private readonly Dictionary<string, int> _noted = new(StringComparer.Ordinal);

    /// <summary>Whether words like this one are kept: numbers are not, there is no end to them.</summary>
    public static bool Keeps(string word) => word.Length is >= LengthMin and <= LengthMax && word.All(char.IsLetter);

    /// <summary>Counts each word of a line.</summary>
    public void Note(string words)
    {
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Keeps(word))
            {
                _noted[word] = _noted.GetValueOrDefault(word) + 1;
            }
        }
    }

    /// <summary>Writes what was counted.</summary>
    /// <param name="seed">The same on every replica.</param>
    public void Write(long seed)
    {
        var weights = sql.Derived<Weights>();
        List<(string Word, int Weight, bool IsNew)> changed = [];
        foreach (var (word, count) in _noted)
        {
            var known = weights.Of(sql, word);
            var weight = known ?? 0;
            for (var i = known is null ? 1 : 0; i < count; i++)
            {
                if ((Draw(word, seed, i) & ((1UL << weight) - 1)) == 0)
                {
                    weight++;
                }
            }

            if (weight != known)
            {
                changed.Add((word, weight, known is null));
            }
        }

        foreach (var (word, weight, isNew) in changed.OrderBy(change => change.Word, StringComparer.Ordinal))
        {
            sql.Execute(
                isNew ? "INSERT INTO words (word, weight) VALUES (@p1, @p2)" : "UPDATE words SET weight = @p2 WHERE word = @p1", word, weight);
            weights.Note(word, weight);
        }

        _noted.Clear();
    }

    // FNV-1a, then the last steps of splitmix64, since low bits decide.
    private static ulong Draw(string word, long seed, int number)
    {
        var hash = 14_695_981_039_346_656_037UL ^ (ulong)seed;
        foreach (var c in word)
        {
            hash = (hash ^ c) * 1_099_511_628_211UL;
        }

        hash = (hash ^ (uint)number) * 1_099_511_628_211UL;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        return hash ^ (hash >> 31);
    }

    /// <summary>Weights as they stand in the table, since most words of a command were in one before: at most about 8 MiB.</summary>
    private sealed class Weights
    {
        private const int WordsMax = 1 << 16;

        private readonly Dictionary<string, int> _weights = new(StringComparer.Ordinal);

        /// <summary>Null when the word is not in the table.</summary>
        public int? Of(SqlSession sql, string word)
        {
            if (_weights.TryGetValue(word, out var kept))
            {
                return kept;
            }

            var read = sql.Scalar<long?>("SELECT weight FROM words WHERE word = @p1", word);
            if (read is { } weight)
            {
                Note(word, (int)weight);
            }

            return (int?)read;
        }

        public void Note(string word, int weight)
        {
            if (_weights.Count == WordsMax)
            {
                _weights.Clear();
            }

            _weights[word] = weight;
        }
    }
}
