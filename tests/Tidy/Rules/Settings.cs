using System.Text.RegularExpressions;

namespace Cete.Tidy.Tests.Rules;

/// <summary>The reference file is the manual: every setting of the source stands in it with a comment, and nothing else does.</summary>
internal static class Settings
{
    public const string Reference = "hocon/reference.conf";

    private static readonly Regex Declaration = new(@"(?<=[\[,:]\s*)Setting(Attribute)?\s*\(", RegexOptions.CultureInvariant);
    private static readonly Regex Literal = new(@"\G\s*""([^""\\]+)""", RegexOptions.CultureInvariant);

    private sealed record Setting(string File, int Line, string Path);

    public static IEnumerable<Finding> Findings(Checkout checkout)
    {
        var settings = Declared(checkout).ToList();
        var entries = checkout.Exists(Reference) ? HoconPaths.Collect(checkout.Text(Reference)) : [];
        return settings.Where(setting => setting.Path.Length == 0).Select(Unreadable)
            .Concat(settings.Where(setting => setting.Path.Length > 0).SelectMany(setting => Unexplained(setting, entries)))
            .Concat(entries.Where(entry => entry.IsLeaf && !settings.Any(setting => Covers(setting, entry))).Select(Undeclared));
    }

    private static IEnumerable<Setting> Declared(Checkout checkout) =>
        from file in checkout.Under("src", ".cs")
        let source = checkout.CSharp(file)
        from match in Declaration.Matches(source.Code)
        let path = Literal.Match(source.Raw, match.Index + match.Length).Groups[1].Value
        select new Setting(file, source.LineOf(match.Index), path);

    /// <summary>A setting may be an object with keys of the user's choice; then it covers all below it.</summary>
    private static bool Covers(Setting setting, HoconPaths.Entry entry) =>
        entry.Path == setting.Path || entry.Path.StartsWith(setting.Path + ".", StringComparison.Ordinal);

    private static Finding Unreadable(Setting setting) =>
        new(setting.File, setting.Line, "a setting whose path is not one plain string", "write the full path as a literal");

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
        new(Reference, entry.Line, $"no setting of the source is called {entry.Path}", "delete the entry, or declare it with [Setting]");
}
