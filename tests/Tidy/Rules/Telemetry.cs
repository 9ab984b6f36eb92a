using System.Globalization;
using System.Text.RegularExpressions;

namespace Cete.Tidy.Tests.Rules;

/// <summary>
/// What a node measures and says is documented in one file: each instrument with its unit, each span, each numbered event with its level and
/// name; numbers are used once and lie in the range of their project.
/// </summary>
internal static class Telemetry
{
    public const string Table = "src/runtime/Cete.Cluster/TELEMETRY.md";

    private static readonly Regex Instrument = new(
        @"\.Create(?:Observable)?(?:Counter|UpDownCounter|Histogram|Gauge)<\w+>\(\s*""(?<name>[^""]+)"",\s*""(?<unit>[^""]+)""", RegexOptions.CultureInvariant);

    private static readonly Regex Span = new(@"\.StartActivity\(\s*""(?<name>[^""]+)""", RegexOptions.CultureInvariant);

    private static readonly Regex Event = new(
        @"\[LoggerMessage\((?<number>\d+), LogLevel\.(?<level>\w+),(?s:.*?)\n\s*public static partial void (?<name>\w+)\(", RegexOptions.CultureInvariant);

    private static readonly Regex Range = new(@"^\| `(?<project>src/[^`]+)` \| (?<from>\d+) to (?<to>\d+) \|", RegexOptions.CultureInvariant);

    private sealed record Told(string File, int Line, string Key);

    public static IEnumerable<Finding> Findings(Checkout checkout)
    {
        var told = Find(checkout, Instrument, InstrumentKey).Concat(Find(checkout, Span, SpanKey)).ToList();
        var events = Find(checkout, Event, EventKey).ToList();
        var rows = checkout.Exists(Table) ? checkout.Lines(Table).Index().Select(row => (Line: row.Index + 1, Key: KeyOf(row.Item))).ToList() : [];
        var written = rows.Where(row => row.Key is not null).Select(row => row.Key!).ToHashSet(StringComparer.Ordinal);
        var said = told.Concat(events).Select(one => one.Key).ToHashSet(StringComparer.Ordinal);
        return told.Concat(events).Where(one => !written.Contains(one.Key))
            .Select(one => new Finding(one.File, one.Line, $"{one.Key} is not in {Table}", "add its row"))
            .Concat(rows.Where(row => row.Key is not null && !said.Contains(row.Key))
                .Select(row => new Finding(Table, row.Line, $"nothing in the source is {row.Key}", "correct the row or delete it")))
            .Concat(events.GroupBy(NumberOf).SelectMany(group => group.Skip(1)).Select(one => new Finding(
                one.File, one.Line, $"the number {NumberOf(one)} is used once more", "take the next free one")))
            .Concat(OutOfRange(checkout, events));
    }

    private static IEnumerable<Finding> OutOfRange(Checkout checkout, List<Told> events)
    {
        var ranges = checkout.Exists(Table) ? checkout.Lines(Table).Select(line => Range.Match(line)).Where(match => match.Success).ToList() : [];
        return events.Where(one => !ranges.Exists(range => one.File.StartsWith(range.Groups["project"].Value + "/", StringComparison.Ordinal)
                && NumberOf(one) >= Number(range, "from") && NumberOf(one) <= Number(range, "to")))
            .Select(one => new Finding(one.File, one.Line, $"{NumberOf(one)} is in no range of its project", $"take one of the range in {Table}, or add one"));
    }

    private static IEnumerable<Told> Find(Checkout checkout, Regex pattern, Func<Match, string> key) =>
        from file in checkout.Under("src", ".cs")
        let text = checkout.Text(file)
        from match in pattern.Matches(text)
        select new Told(file, text.AsSpan(0, match.Index).Count('\n') + 1, key(match));

    private static string InstrumentKey(Match match) => $"the instrument {match.Groups["name"].Value} in {match.Groups["unit"].Value}";

    private static string SpanKey(Match match) => $"the span {match.Groups["name"].Value}";

    private static string EventKey(Match match) =>
        $"the event {match.Groups["number"].Value} {match.Groups["level"].Value.ToLowerInvariant()} {match.Groups["name"].Value}";

    private static int NumberOf(Told told) => int.Parse(told.Key.Split(' ')[2], CultureInfo.InvariantCulture);

    private static int Number(Match range, string part) => int.Parse(range.Groups[part].Value, CultureInfo.InvariantCulture);

    /// <summary>What a row of one of the tables is about; null for other lines.</summary>
    private static string? KeyOf(string line)
    {
        var cells = line.Split('|', StringSplitOptions.TrimEntries);
        if (cells.Length < 5 || Range.IsMatch(line))
        {
            return null;
        }

        return cells[1].StartsWith('`')
            ? cells.Length >= 7 ? $"the instrument {cells[1].Trim('`')} in {cells[3]}" : $"the span {cells[1].Trim('`')}"
            : int.TryParse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? $"the event {number} {cells[2]} {cells[3]}" : null;
    }
}
