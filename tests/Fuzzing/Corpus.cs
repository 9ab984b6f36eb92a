namespace Cete.Fuzzing;

/// <summary>Inputs that are kept: a folder a target. What once showed a bug stays there for ever.</summary>
internal static class Corpus
{
    /// <summary>The kept inputs of a target, in the order of their names.</summary>
    public static IReadOnlyList<byte[]> Of(string target)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Corpus", target);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)]
            : [];
    }

    /// <summary>Writes the examples of targets, each where it is looked for.</summary>
    public static void Write(IEnumerable<FuzzTarget> targets, string folder)
    {
        foreach (var target in targets)
        {
            Directory.CreateDirectory(Path.Combine(folder, target.Name));
            foreach (var (index, example) in target.Examples().Index())
            {
                File.WriteAllBytes(Path.Combine(folder, target.Name, FormattableString.Invariant($"{index + 1:00}")), example);
            }
        }
    }
}
