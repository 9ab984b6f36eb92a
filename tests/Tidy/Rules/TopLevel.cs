namespace Cete.Tidy.Tests.Rules;

/// <summary>Whoever opens the tree sees the same eight things for ever.</summary>
internal static class TopLevel
{
    private static readonly string[] Allowed = ["Cete.sln", "src", "tests", "hocon", "deploy", "samples", "README.md", "LICENSE"];

    public static IEnumerable<Finding> Findings(Checkout checkout) =>
        from file in checkout.Files
        group file by file.Split('/')[0] into entry
        where !entry.Key.StartsWith('.') && entry.Key != "artifacts" && !Allowed.Contains(entry.Key)
        select new Finding(
            entry.First(), 1, $"'{entry.Key}' stands at the top level", $"move it into one of {string.Join(", ", Allowed)}, or ignore it");
}
