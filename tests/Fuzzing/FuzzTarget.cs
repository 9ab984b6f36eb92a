using System.Text;

namespace Cete.Fuzzing;

/// <summary>Something that reads what a stranger sent.</summary>
/// <param name="Name">Its name; the folder of its corpus is called so.</param>
/// <param name="Reader">
/// Reads an input; gives a word or two on what came of it, by which inputs are told apart. It throws nothing but what shows a bug.
/// </param>
/// <param name="Examples">What a corpus of it begins with: all of it is read, not refused.</param>
internal sealed record FuzzTarget(string Name, Func<byte[], string> Reader, Func<IEnumerable<byte[]>> Examples) : IDisposable
{
    /// <summary>What <see cref="Reader"/> says of what was read.</summary>
    public const string Taken = "taken";

    /// <summary>Bytes of the largest input that is made.</summary>
    public int BytesMax { get; init; } = 4 * 1024;

    /// <summary>Bytes that a run may allocate on this thread beside what the input's size allows; null where others do the work.</summary>
    public long? AllocatedMax { get; init; } = 2 * 1024 * 1024;

    /// <summary>Bytes that each byte of an input may cost. Messages of protobuf take about a hundred for two.</summary>
    public int AllocatedPerByte { get; init; } = 400;

    /// <summary>Runs of it in the tests, which have seconds for all targets.</summary>
    public int TestRuns { get; init; } = 300;

    /// <summary>Pieces that mutations put in.</summary>
    public IReadOnlyList<byte[]> Dictionary { get; init; } = [];

    /// <summary>Lets go of what the target holds.</summary>
    public Action Ended { get; init; } = () => { };

    public string Run(byte[] input) => Reader(input);

    public void Dispose() => Ended();

    /// <summary>A target that reads text.</summary>
    public static FuzzTarget OfText(string name, Func<string, string> run, IEnumerable<string> examples, params IEnumerable<string> words) =>
        new(name, input => run(Text(input)), () => examples.Select(Encoding.UTF8.GetBytes))
        {
            Dictionary = [.. words.Concat(["\uFFFD", "\u202E", "\0", "%", "/", "..", "null", "0", "-1", "9223372036854775808"]).Select(Encoding.UTF8.GetBytes)],
        };

    /// <summary>Bytes as text. Of bytes that are no UTF-8 every other becomes half a pair of surrogates, which a string can hold too.</summary>
    public static string Text(byte[] input)
    {
        var letters = Encoding.UTF8.GetString(input).ToCharArray();
        for (var i = 0; i < letters.Length; i++)
        {
            letters[i] = letters[i] == '\uFFFD' && (i & 1) == 1 ? '\uD83D' : letters[i];
        }

        return new string(letters);
    }
}
