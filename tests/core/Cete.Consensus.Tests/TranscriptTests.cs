using System.Runtime.CompilerServices;

namespace Cete.Consensus.Tests;

/// <summary>
/// The protocol, step by step, in files named after the sections of the dissertation (Ongaro 2014). With CETE_GOLDEN=1 they are written anew, and
/// the difference is the review.
/// </summary>
public sealed class TranscriptTests
{
    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Transcripts"), "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)!).Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_members_do_what_is_written(string name)
    {
        if (Environment.GetEnvironmentVariable("CETE_GOLDEN") == "1")
        {
            var path = Path.Combine(Path.GetDirectoryName(Here())!, "Transcripts", name + ".txt");
            File.WriteAllText(path, RaftScript.Run(File.ReadAllText(path)));
            return;
        }

        var before = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Transcripts", name + ".txt"));
        Assert.Equal(before, RaftScript.Run(before));
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
