using System.Text.RegularExpressions;

namespace Cete.Tidy.Tests.Rules;

/// <summary>What ties a tree to one developer's machine: its folders, and the hosts that packages happen to come from.</summary>
internal static class ForeignWords
{
    // In halves, so that the rule does not find itself.
    private static readonly Regex Folders = new(
        @"(?<![\w.~}\-])/(wo" + @"rk|ro" + @"ot|ho" + @"me/(?!user/)[\w.\-]+)/", RegexOptions.CultureInvariant);

    private static readonly string[] Hosts =
    [
        "api.nu" + "get.org", "registry.np" + "mjs.org", "registry.ya" + "rnpkg.com", "py" + "pi.org", "files.python" + "hosted.org",
        "crat" + "es.io", "proxy.go" + "lang.org", "repo.ma" + "ven.apache.org", "repo1.ma" + "ven.org", "ruby" + "gems.org",
    ];

    private static readonly Regex HostNames = new(
        $@"(?<![\w\-])({string.Join('|', Hosts.Select(Regex.Escape))})(?![\w\-])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    public static IEnumerable<Finding> Findings(Checkout checkout) =>
        from file in checkout.Files
        where !checkout.IsBinary(file)
        from line in checkout.Lines(file).Index()
        from finding in InLine(file, line.Index + 1, line.Item)
        select finding;

    private static IEnumerable<Finding> InLine(string file, int number, string line) =>
        Folders.Matches(line)
            .Select(match => new Finding(
                file, number, $"'{match.Value}' is a folder of one machine", "write a relative path, or one below /home/user"))
            .Concat(HostNames.Matches(line).Select(match => new Finding(
                file, number, $"'{match.Value}' is a package registry", "leave the choice to the builder's own set-up")));
}
