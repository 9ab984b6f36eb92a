using System.Text.RegularExpressions;

namespace Cete.Tidy.Tests.Rules;

/// <summary>A core has no packages; every other package has one exact version, in one file.</summary>
internal static class Packages
{
    private static readonly Regex Exact = new(@"^\[\d+\.\d+\.\d+(\.\d+)?(-[\w.]+)?\]$", RegexOptions.CultureInvariant);
    private static readonly string[] References = ["PackageReference", "GlobalPackageReference"];

    public static IEnumerable<Finding> Findings(Checkout checkout) =>
        MsBuildFile.All(checkout).SelectMany(file => InCore(file).Concat(WithVersion(file)).Concat(Inexact(file)));

    /// <summary>A package that has a version and no user.</summary>
    public static IEnumerable<Finding> Warnings(Checkout checkout)
    {
        var files = MsBuildFile.All(checkout).ToList();
        var used = files.SelectMany(Referenced).Select(item => item.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return from file in files
               from item in file.Items("PackageVersion")
               where !used.Contains(item.Name)
               select new Finding(file.Path, item.Line, $"{item.Name} is listed and referenced nowhere", "use it or drop the line");
    }

    private static IEnumerable<Finding> InCore(MsBuildFile file) =>
        from item in Referenced(file)
        where file.Path.StartsWith("src/core/", StringComparison.Ordinal)
        select new Finding(
            file.Path, item.Line, $"a core references the package {item.Name}", "write the few lines, or move the code to runtime");

    private static IEnumerable<Finding> WithVersion(MsBuildFile file) =>
        from item in Referenced(file)
        where (item["Version"] ?? item["VersionOverride"]) is not null
        select new Finding(file.Path, item.Line, $"{item.Name} is given a version here", "write it into src/Directory.Packages.props");

    private static IEnumerable<Finding> Inexact(MsBuildFile file) =>
        from item in file.Items("PackageVersion")
        where !Exact.IsMatch(item["Version"] ?? string.Empty)
        select new Finding(file.Path, item.Line, $"the version {item["Version"]} of {item.Name} is not exact", "write it as [x.y.z]");

    private static IEnumerable<MsBuildFile.Item> Referenced(MsBuildFile file) => References.SelectMany(file.Items);
}
