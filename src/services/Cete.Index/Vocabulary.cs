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

    private readonly SortedDictionary<string, int> _noted = new(StringComparer.Ordinal);

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
        foreach (var (word, count) in _noted)
        {
            var known = sql.Scalar<long?>("SELECT weight FROM words WHERE word = @p1", word);
            var weight = (int)(known ?? 0);
            for (var i = known is null ? 1 : 0; i < count; i++)
            {
                if ((Draw(word, seed, i) & ((1UL << weight) - 1)) == 0)
                {
                    weight++;
                }
            }

            if (known is null)
            {
                sql.Execute("INSERT INTO words (word, weight) VALUES (@p1, @p2)", word, weight);
            }
            else if (weight != known)
            {
                sql.Execute("UPDATE words SET weight = @p1 WHERE word = @p2", weight, word);
            }
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
}
