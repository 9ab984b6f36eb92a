using Cete.Core;
using Cete.Formats.Entries;

namespace Cete.Formats.Calendars;

/// <summary>What stands between a BEGIN and its END.</summary>
internal sealed class Component(string name, int line)
{
    public string Name => name;

    public int Line => line;

    public List<ContentLine> Lines { get; } = [];

    public List<Component> Inner { get; } = [];

    /// <summary>The file ended before it did.</summary>
    public bool IsCut { get; private set; }

    public ContentLine? First(string property) => Lines.Find(each => each.Name == property);

    public IEnumerable<ContentLine> All(string property) => Lines.Where(each => each.Name == property);

    public string Text(string property) => First(property)?.Text.Trim() ?? string.Empty;

    /// <summary>The components of a file of which the outermost are called so, those within them below them.</summary>
    public static Outcome<List<Component>> Read(string text, string outermost, List<string> notes)
    {
        var odd = 0;
        var lines = ContentLines.Read(text, number => odd = odd == 0 ? number : odd);
        if (!lines.Succeeded)
        {
            return lines.Failure;
        }

        List<Component> found = [];
        var open = new Stack<Component>();
        foreach (var line in lines.Value)
        {
            if (line.Name == "BEGIN")
            {
                if (open.Count == FormatLimits.DepthMax)
                {
                    return new Failure(FailureKind.TooLarge, $"line {line.Number}: more than {FormatLimits.DepthMax} components within each other");
                }

                var begun = new Component(line.Value.Trim().ToUpperInvariant(), line.Number);
                (open.TryPeek(out var outer) ? outer.Inner : found).Add(begun);
                open.Push(begun);
            }
            else if (line.Name == "END")
            {
                if (!open.TryPop(out var ended) || !ended.Name.Equals(line.Value.Trim(), StringComparison.OrdinalIgnoreCase))
                {
                    return new Failure(FailureKind.Invalid, $"line {line.Number}: END:{FormatText.Show(line.Value)} ends nothing that began");
                }
            }
            else if (open.TryPeek(out var inside))
            {
                inside.Lines.Add(line);
            }
        }

        foreach (var cut in open)
        {
            cut.IsCut = true;
        }

        if (odd > 0)
        {
            notes.Add($"line {odd} is no line of such a file, and was left out; so were others like it");
        }

        return found.Count > 0 && found.TrueForAll(each => each.Name == outermost)
            ? found
            : new Failure(FailureKind.Invalid, $"this is no such file: it begins with BEGIN:{outermost}");
    }
}
