using System.Text;

namespace Cete.Benchmarks.Hocon;

/// <summary>What is read: <c>hocon/reference.conf</c> itself, and a large text that consists of it.</summary>
internal static class HoconTexts
{
    public static string ReferencePath => Path.Combine(Tree.FindRoot(), "hocon", "reference.conf");

    /// <summary>The reference again and again, each time under a key of its own: as long as 1 MB, as people write it, with comments.</summary>
    public static string Large()
    {
        var reference = File.ReadAllText(ReferencePath);
        var text = new StringBuilder();
        for (var part = 0; text.Length < 1_000_000; part++)
        {
            text.Append("part-").Append(part).Append(" {\n").Append(reference).Append("}\n");
        }

        return text.ToString();
    }
}
