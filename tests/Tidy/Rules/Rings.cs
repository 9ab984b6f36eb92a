namespace Cete.Tidy.Tests.Rules;

/// <summary>Project references point inwards and down, and never in a circle.</summary>
internal static class Rings
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["core"] = ["core"],
        ["runtime"] = ["core", "runtime"],
        ["services"] = ["core", "runtime"],
        ["edges"] = ["core", "runtime", "services"],
        ["app"] = ["core", "runtime", "services", "edges", "app"],
    };

    private static readonly string[] Free = ["tests", "samples"];

    /// <summary>A service that needs another one: from, to, and why a command or a port between them will not do.</summary>
    private static readonly (string From, string To, string Reason)[] ServicePairs = [];

    public static IEnumerable<Finding> Findings(Checkout checkout) => Arrows(checkout).Concat(Circles(checkout));

    private static IEnumerable<Finding> Arrows(Checkout checkout) =>
        from file in MsBuildFile.All(checkout)
        from item in file.Items("ProjectReference")
        let target = Target(file, item)
        let fault = Fault(checkout, file, target)
        where fault is not null
        select new Finding(file.Path, item.Line, fault.Value.What, fault.Value.Mend);

    private static (string What, string Mend)? Fault(Checkout checkout, MsBuildFile file, string? target)
    {
        if (target is null || !checkout.Exists(target))
        {
            return ("the referenced project is not there", "correct the path");
        }

        if (Free.Contains(file.Ring))
        {
            return null;
        }

        if (!file.Path.EndsWith(".csproj", StringComparison.Ordinal))
        {
            return ("a project reference outside a project file", "write it into each project that needs it");
        }

        var (from, to) = (NameOf(file.Path), NameOf(target));
        var ring = MsBuildFile.RingOf(target);
        if (Allowed.GetValueOrDefault(file.Ring, []).Contains(ring) || ServicePairs.Any(pair => (pair.From, pair.To) == (from, to)))
        {
            return null;
        }

        return ($"{from} ({file.Ring}) references {to} ({ring})",
            "put what both need further in, or let the app hand it in through a port of Cete.Ports");
    }

    private static List<Finding> Circles(Checkout checkout)
    {
        var arrows = MsBuildFile.Projects(checkout).ToDictionary(
            file => file.Path,
            file => file.Items("ProjectReference").Select(item => (item.Line, Target: Target(file, item))).ToList(),
            StringComparer.Ordinal);
        var done = new HashSet<string>(StringComparer.Ordinal);
        var trail = new List<string>();
        var findings = new List<Finding>();

        void Visit(string project)
        {
            trail.Add(project);
            foreach (var (line, target) in arrows[project])
            {
                if (target is null || done.Contains(target) || !arrows.ContainsKey(target))
                {
                    continue;
                }

                if (trail.IndexOf(target) is var first and >= 0)
                {
                    var circle = string.Join(" → ", trail.Skip(first).Append(target).Select(NameOf));
                    findings.Add(new Finding(
                        project, line, $"a circle of references: {circle}", "move what is shared into a project below"));
                }
                else
                {
                    Visit(target);
                }
            }

            trail.RemoveAt(trail.Count - 1);
            done.Add(project);
        }

        foreach (var project in arrows.Keys.Where(project => !done.Contains(project)))
        {
            Visit(project);
        }

        return findings;
    }

    private static string? Target(MsBuildFile file, MsBuildFile.Item item) => Checkout.Resolve(Checkout.FolderOf(file.Path), item.Name);

    private static string NameOf(string project) => Path.GetFileNameWithoutExtension(project);
}
