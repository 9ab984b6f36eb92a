using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Cete.Core;

namespace Cete.Consensus.Tests;

/// <summary>
/// Runs the commands of a scenario against one voter and writes below each what it had to do. With CETE_REWRITE=1 the file is written
/// anew, and the difference is the review.
/// </summary>
internal static class Transcript
{
    public static void Check(string name, [CallerFilePath] string source = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(source)!, "scenarios", name + ".txt");
        var rewrite = Environment.GetEnvironmentVariable("CETE_REWRITE") == "1";
        var before = File.ReadAllText(rewrite ? path : Path.Combine(AppContext.BaseDirectory, "scenarios", name + ".txt"));
        var after = Run(before);
        if (rewrite)
        {
            File.WriteAllText(path, after);
        }
        else
        {
            Assert.Equal(before, after);
        }
    }

    private static string Run(string scenario)
    {
        var voter = new SoleVoter();
        var sink = new EffectSink<ConsensusEffect>();
        var text = new StringBuilder();
        foreach (var line in scenario.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("  ", StringComparison.Ordinal)))
        {
            text.Append(line).Append('\n');
            if (line.StartsWith('#'))
            {
                continue;
            }

            try
            {
                voter.Step(Parse(line.Split(' ')), default, sink);
                foreach (var effect in sink.Effects)
                {
                    text.Append("  ").Append(Describe(effect)).Append('\n');
                }
            }
            catch (CheckFailedException error)
            {
                text.Append("  refused: ").Append(error.Message).Append('\n');
            }

            sink.Clear();
        }

        return text.ToString();
    }

    private static ConsensusInput Parse(string[] words) => words switch
    {
        ["start", var self, var term, var votedFor, var lastIndex, var lastTerm] =>
            new ConsensusInput.Start(self, Number(term), votedFor == "-" ? string.Empty : votedFor, Number(lastIndex), Number(lastTerm)),
        ["propose", .. var commands] => new ConsensusInput.Propose([.. commands.Select(c => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(c))]),
        ["persisted", var index] => new ConsensusInput.Persisted(Number(index)),
        ["failed", var from] => new ConsensusInput.PersistFailed(Number(from)),
        _ => throw new InvalidDataException($"'{string.Join(' ', words)}' is no command of a scenario"),
    };

    private static string Describe(ConsensusEffect effect) => effect switch
    {
        ConsensusEffect.PersistState state => $"persist term {state.Term}, vote {state.VotedFor}",
        ConsensusEffect.Append append => "append " + string.Join(", ", append.Entries.Select(Describe)),
        ConsensusEffect.Commit commit => $"commit {commit.Index}",
        ConsensusEffect.BecameRoot root => $"root of term {root.Term}",
        _ => throw new InvalidDataException($"{effect} is not known"),
    };

    private static string Describe(ConsensusEntry entry) =>
        $"{entry.Index}/{entry.Term} {(entry.Data.IsEmpty ? "(opening)" : Encoding.UTF8.GetString(entry.Data.Span))}";

    private static long Number(string word) => long.Parse(word, CultureInfo.InvariantCulture);
}
