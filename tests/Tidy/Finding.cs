namespace Cete.Tidy.Tests;

/// <summary>One breach of a rule: where it stands, what is wrong, and what to do about it.</summary>
internal sealed record Finding(string Path, int Line, string Fault, string Mend)
{
    public override string ToString() => $"{Path}:{Line}: {Fault}. Mend: {Mend}.";
}

/// <summary>How the tests of the rules read findings.</summary>
internal static class Tidy
{
    public static void AssertClean(IEnumerable<Finding> findings)
    {
        var list = findings.ToList();
        if (list.Count > 0)
        {
            Assert.Fail($"{list.Count} finding(s):\n{string.Join('\n', list)}");
        }
    }

    /// <summary>The rule must find exactly these places of a planted tree, each written as <c>path:line</c>.</summary>
    public static void AssertFound(IEnumerable<Finding> findings, params string[] places)
    {
        var found = findings.ToList();
        Assert.All(found, finding => Assert.False(string.IsNullOrWhiteSpace(finding.Mend)));
        Assert.Equal(places.Order(StringComparer.Ordinal), found.Select(f => $"{f.Path}:{f.Line}").Order(StringComparer.Ordinal));
    }

    /// <summary>What is worth a look and no failure.</summary>
    public static void Warn(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            TestContext.Current.AddWarning(finding.ToString());
            TestContext.Current.TestOutputHelper?.WriteLine(finding.ToString());
        }
    }
}
