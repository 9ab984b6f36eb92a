using System.Text.RegularExpressions;

namespace Cete.Tidy.Tests.Rules;

/// <summary>
/// The reference file is the manual: every setting of the source stands in it with a comment, and nothing else does. The source states the path of a
/// setting once, where it is read. That range and restart agree too is for the tests of Cete.Configuration, which can ask the code.
/// </summary>
internal static class Settings
{
    public const string Reference = "hocon/reference.conf";
    public const string Readers = "src/runtime/Cete.Configuration";

    private static readonly Regex Path = new(@"""(cete(\.[a-z0-9-]+){2,})""", RegexOptions.CultureInvariant);

    private sealed record Setting(string File, int Line, string Path);

    public static IEnumerable<Finding> Findings(Checkout checkout)
    {
        var settings = Declared(checkout).ToList();
        var entries = checkout.Exists(Reference) ? HoconPaths.Collect(checkout.Text(Reference)) : [];
        return settings.GroupBy(setting => setting.Path).SelectMany(group => group.Skip(1)).Select(Repeated)
            .Concat(settings.DistinctBy(setting => setting.Path).SelectMany(setting => Unexplained(setting, entries)))
            .Concat(entries.Where(entry => entry.IsLeaf && !settings.Any(setting => Covers(setting, entry))).Select(Undeclared));
    }

    private static IEnumerable<Setting> Declared(Checkout checkout) =>
        from file in checkout.Under(Readers, ".cs")
        let source = checkout.CSharp(file)
        from match in Path.Matches(source.View(TextKind.Literal))
        select new Setting(file, source.LineOf(match.Index), match.Groups[1].Value);

    /// <summary>A setting may be an object with keys of the user's choice; then it covers all below it.</summary>
    private static bool Covers(Setting setting, HoconPaths.Entry entry) =>
        entry.Path == setting.Path || entry.Path.StartsWith(setting.Path + ".", StringComparison.Ordinal);

    private static Finding Repeated(Setting setting) =>
        new(setting.File, setting.Line, $"the path {setting.Path} once more", "state it once, as a constant if others need it");

    private static IEnumerable<Finding> Unexplained(Setting setting, IReadOnlyList<HoconPaths.Entry> entries)
    {
        var own = entries.Where(entry => entry.Path == setting.Path).ToList();
        if (own.Count == 0)
        {
            yield return new(setting.File, setting.Line, $"{setting.Path} is not in {Reference}", "add it there: default, unit, reason");
        }
        else if (!own.Any(entry => entry.IsExplained))
        {
            yield return new(Reference, own[0].Line, $"{setting.Path} has no comment on the line above", "say its unit and its reason");
        }
    }

    private static Finding Undeclared(HoconPaths.Entry entry) =>
        new(Reference, entry.Line, $"no setting of the source is called {entry.Path}", $"delete the entry, or read it in {Readers}");
}
