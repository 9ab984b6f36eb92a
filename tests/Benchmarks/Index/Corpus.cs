using System.Globalization;
using System.Text;
using Cete.Core;
using Cete.Index;

namespace Cete.Benchmarks.Index;

/// <summary>
/// A community's files as people name them: words by Zipf's law, folders that are filled one after the other, cameras' numbers, sizes by kind.
/// The same from the same seed.
/// </summary>
internal sealed class Corpus
{
    private const int WordCount = 30_000;
    private const int TagCount = 500;

    private static readonly string[] Onsets =
    [
        "b", "br", "c", "ch", "d", "dr", "f", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pr",
        "r", "s", "st", "t", "tr", "v", "w", "z",
    ];
    private static readonly string[] Vowels = ["a", "e", "i", "o", "u", "ai", "ea", "ou", "\u00e9", "\u00f6"];
    private static readonly string[] Codas = ["", "", "", "n", "r", "s", "l", "t", "nd", "rk", "m"];

    // Ending, share in a thousand, median bytes.
    private static readonly (string Ending, int Share, double Median)[] Kinds =
    [
        ("jpg", 340, 2.5e6), ("mp3", 160, 6e6), ("pdf", 120, 8e5), ("txt", 70, 6e3), ("mkv", 50, 1.4e9), ("mp4", 60, 2e8), ("flac", 40, 3e7),
        ("zip", 40, 2e7), ("epub", 40, 6e5), ("png", 40, 4e5), ("iso", 10, 2e9), ("cs", 30, 9e3),
    ];

    private readonly Prng _chance;
    private readonly double[] _zipf;
    private readonly double[] _tagZipf;
    private string[] _folder = ["start"];
    private int _leftInFolder;

    public Corpus(ulong seed)
    {
        _chance = new Prng(seed);
        Words = MakeWords(_chance);
        _zipf = Cumulate(WordCount);
        _tagZipf = Cumulate(TagCount);
    }

    /// <summary>All words, the commonest first.</summary>
    public string[] Words { get; }

    public static string Tag(int rank) => string.Create(CultureInfo.InvariantCulture, $"tag{rank}");

    /// <summary>A word as likely as it is common.</summary>
    public string Word() => Words[Draw(_zipf)];

    public NewEntry Next(int number)
    {
        if (_leftInFolder-- <= 0)
        {
            _leftInFolder = _chance.Next(100);
            var depth = 2 + _chance.Next(3);
            _folder = [Words[10 + _chance.Next(12)], .. Enumerable.Range(1, depth - 1).Select(level => FolderName(level == depth - 1))];
        }

        var (ending, median) = Kind();
        var name = $"{Name(ending, number)}.{ending}";
        var path = EntryPath.Parse("/" + string.Join('/', _folder) + "/" + name).Value;
        var length = Math.Max(1, (long)(median * Math.Exp(1.2 * Normal())));
        var content = _chance.Chance(1, 20) ? number / 2 : number;
        var root = Hash256.Of(BitConverter.GetBytes(content));
        var description = _chance.Chance(3, 10) ? Sentence(4 + _chance.Next(14)) : string.Empty;
        string[] tags = _chance.Chance(3, 10) ? [.. Enumerable.Range(0, 1 + _chance.Next(3)).Select(_ => Tag(Draw(_tagZipf)))] : [];
        return new NewEntry(path, root, length, 262_144, root, new Instant(1_700_000_000_000_000 + number), description, tags);
    }

    private static double[] Cumulate(int count)
    {
        var sums = new double[count];
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            sums[i] = sum += 1.0 / (i + 2);
        }

        return sums;
    }

    private static string[] MakeWords(Prng chance)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        List<string> inOrder = [];
        while (inOrder.Count < WordCount)
        {
            var word = new StringBuilder();
            for (var syllables = 1 + Math.Min(3, inOrder.Count / 300 + chance.Next(2)); syllables > 0; syllables--)
            {
                word.Append(Onsets[chance.Next(Onsets.Length)]).Append(Vowels[Math.Min(chance.Next(Vowels.Length), chance.Next(Vowels.Length))])
                    .Append(Codas[chance.Next(Codas.Length)]);
            }

            if (words.Add(word.ToString()))
            {
                inOrder.Add(word.ToString());
            }
        }

        return [.. inOrder];
    }

    private int Draw(double[] sums)
    {
        var at = Array.BinarySearch(sums, Uniform() * sums[^1]);
        return Math.Min(at < 0 ? ~at : at, sums.Length - 1);
    }

    private double Uniform() => (_chance.NextBits() >> 11) * (1.0 / (1UL << 53));

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    private string Sentence(int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Word()));

    private string FolderName(bool isLast) =>
        isLast ? string.Create(CultureInfo.InvariantCulture, $"{Word()} {Word()} {1970 + _chance.Next(57)}") : Word();

    private (string Ending, double Median) Kind()
    {
        var at = _chance.Next(1_000);
        foreach (var (ending, share, median) in Kinds)
        {
            if ((at -= share) < 0)
            {
                return (ending, median);
            }
        }

        return (Kinds[0].Ending, Kinds[0].Median);
    }

    private string Name(string ending, int number) => (ending, _chance.Next(4)) switch
    {
        ("jpg", < 3) => string.Create(CultureInfo.InvariantCulture, $"IMG_20{10 + _chance.Next(17)}{1 + _chance.Next(12):00}{1 + _chance.Next(28):00}_{number:0000000}"),
        ("mp3" or "flac", _) => string.Create(CultureInfo.InvariantCulture, $"{1 + (number % 20):00} - {Sentence(1 + _chance.Next(4))} {number:x}"),
        (_, 0) => string.Create(CultureInfo.InvariantCulture, $"{Capital(Word())}{Capital(Word())}{number}"),
        (_, 1) => string.Create(CultureInfo.InvariantCulture, $"{Word()}_{Word()}-{Word()}.{number:x}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Capital(Sentence(2 + _chance.Next(4)))} ({number})"),
    };

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
