using Cete.Core;

namespace Cete.Fuzzing;

/// <summary>An input that shows a bug, and what was said.</summary>
internal sealed record FuzzFinding(string Target, byte[] Input, string Said);

/// <summary>
/// Feeds one target: with what its corpus holds, then with mutations of it. An input that came out in a new way joins what others are made of,
/// which stands in for knowing what code was reached.
/// </summary>
internal sealed class Fuzzer(FuzzTarget target, IReadOnlyList<byte[]> corpus, ulong seed, TimeSpan slow)
{
    private const int PoolMax = 512;

    /// <summary>Different bugs of one target that are gathered: whoever has so many has enough to do.</summary>
    private const int FindingsMax = 20;

    private readonly Mutator _mutator = new(new Prng(seed));
    private readonly List<byte[]> _pool = [.. corpus];
    private readonly HashSet<string> _ways = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FuzzFinding> _findings = new(StringComparer.Ordinal);

    public long Runs { get; private set; }

    public long Taken { get; private set; }

    /// <summary>In how many ways inputs came out.</summary>
    public int Ways => _ways.Count;

    /// <summary>The longest run.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Each bug once, by where it was thrown.</summary>
    public IReadOnlyCollection<FuzzFinding> Findings => _findings.Values;

    /// <summary>Runs what the corpus holds.</summary>
    public void Begin()
    {
        foreach (var input in corpus)
        {
            Try(input);
        }
    }

    /// <summary>Makes another input and runs it.</summary>
    public void Step()
    {
        var input = _mutator.Mutate(_pool, target.Dictionary, target.BytesMax);
        if (Try(input) && _pool.Count < PoolMax)
        {
            _pool.Add(input);
        }
    }

    private long Bound(byte[] input) => target.AllocatedMax is { } most ? most + ((long)target.AllocatedPerByte * input.Length) : long.MaxValue;

    private (string Way, TimeSpan Took, long Allocated) Measure(byte[] input)
    {
        var (allocated, began) = (GC.GetAllocatedBytesForCurrentThread(), TimeProvider.System.GetTimestamp());
        var way = target.Run(input);
        return (way, TimeProvider.System.GetElapsedTime(began), GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    /// <summary>True where the input came out in a way that none did before.</summary>
    private bool Try(byte[] input)
    {
        Runs++;
        try
        {
            var (way, took, allocated) = Measure(input);
            Longest = took > Longest ? took : Longest;
            Taken += way.StartsWith(FuzzTarget.Taken, StringComparison.Ordinal) ? 1 : 0;
            if (took >= slow || allocated > Bound(input))
            {
                // Once it may be the first time that some code runs, or the machine's: what is the input's comes again.
                (way, took, allocated) = Measure(input);
                Oracle.That(took < slow, $"it took {took.TotalSeconds:0.0} s");
                Oracle.That(allocated <= Bound(input), "it took more memory than its size allows");
            }

            return _ways.Add(way);
        }
        catch (Exception error)
        {
            // Whatever is thrown is what is looked for.
            var place = error.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("Cete.", StringComparison.Ordinal))?.Trim() ?? string.Empty;
            var key = $"{error.GetType().Name} {place} {(error is FuzzFailedException ? error.Message : string.Empty)}";
            if (_findings.Count < FindingsMax)
            {
                _findings.TryAdd(key, new FuzzFinding(target.Name, input, $"{error.GetType().Name}: {error.Message} {place}"));
            }

            return false;
        }
    }
}
