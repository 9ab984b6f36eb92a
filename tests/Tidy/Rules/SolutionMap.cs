using System.Text.RegularExpressions;

namespace Cete.Tidy.Tests.Rules;

/// <summary>The solution names every project, each lies at its place in its ring, and the tests of the rings mirror the source.</summary>
internal static class SolutionMap
{
    private const string Solution = "Cete.sln";

    private static readonly Regex Listed = new(@"""([^""]+\.csproj)""", RegexOptions.CultureInvariant);
    private static readonly string[] Rings = ["core", "runtime", "services", "edges", "app"];
    private static readonly string[] Mirrored = ["core", "runtime", "services", "edges"];

    public static IEnumerable<Finding> Findings(Checkout checkout)
    {
        var projects = checkout.Under("src", ".csproj").Concat(checkout.Under("tests", ".csproj")).ToList();
        return Unlisted(checkout, projects).Concat(Gone(checkout)).Concat(Misplaced(projects)).Concat(Unmirrored(checkout, projects));
    }

    private static IEnumerable<Finding> Unlisted(Checkout checkout, List<string> projects)
    {
        var listed = Entries(checkout).Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        return projects.Where(project => !listed.Contains(project))
            .Select(project => new Finding(project, 1, $"it is not in {Solution}", $"run: dotnet sln {Solution} add {project}"));
    }

    private static IEnumerable<Finding> Gone(Checkout checkout) =>
        from entry in Entries(checkout)
        where !checkout.Exists(entry.Path)
        select new Finding(Solution, entry.Line, $"{entry.Path} is not there", $"run: dotnet sln {Solution} remove {entry.Path}");

    private static IEnumerable<Finding> Misplaced(List<string> projects) =>
        from project in projects
        where project.StartsWith("src/", StringComparison.Ordinal)
        where !(project.Split('/') is [_, var ring, var folder, var file] && Rings.Contains(ring) && file == folder + ".csproj")
        select new Finding(
            project, 1, "a project outside its place",
            $"name and place it src/<ring>/<Project>/<Project>.csproj, the ring one of {string.Join(", ", Rings)}");

    private static IEnumerable<Finding> Unmirrored(Checkout checkout, List<string> projects) =>
        from project in projects
        let parts = project.Split('/')
        where parts[0] == "tests" && Mirrored.Contains(parts[1])
        let source = $"{parts[^1].Replace(".Tests.csproj", string.Empty, StringComparison.Ordinal)}"
        where !(parts.Length == 4 && parts[3] == parts[2] + ".csproj" && checkout.Exists($"src/{parts[1]}/{source}/{source}.csproj"))
        select new Finding(
            project, 1, $"it mirrors no project of src/{parts[1]}",
            $"name and place it tests/{parts[1]}/Cete.X.Tests/Cete.X.Tests.csproj for Cete.X");

    private static IEnumerable<(string Path, int Line)> Entries(Checkout checkout) =>
        from line in checkout.Exists(Solution) ? checkout.Lines(Solution).Index() : []
        from match in Listed.Matches(line.Item)
        select (match.Groups[1].Value.Replace('\\', '/'), line.Index + 1);
}
