using System.Text;

namespace Cete.Hocon;

/// <summary>Edits of the text. Comments, order and everything that an edit does not name stay as they are.</summary>
public sealed partial class HoconDocument
{
    // Each round reads the text again; this many are a hand-written file's mistake, more are an attack.
    private const int RemovalRoundsMax = 50;

    /// <summary>
    /// A document in which <paramref name="path"/> has this value, whatever else the document says about it: the field that decided
    /// it so far gets the new value, other fields of that path go, and a path that was not there is added to the object it belongs to.
    /// </summary>
    /// <exception cref="HoconException">The path is none, the root is an array, or the new text is over a bound.</exception>
    public HoconDocument Set(string path, HoconValue value) => Set(HoconPath.Parse(path), value);

    /// <inheritdoc cref="Set(string, HoconValue)"/>
    public HoconDocument Set(HoconPath path, HoconValue value)
    {
        var search = FieldSearch.Find(EditableRoot(), path);
        if (search.Decides is null)
        {
            // What follows the last field of the path (an include, a substitution above it) would win: the new field goes to the end.
            return Remove(path).Insert(path, value);
        }

        var document = RemoveFields(path, keepsDeciding: true);
        var decides = FieldSearch.Find(document.EditableRoot(), path).Decides!;
        var edits = new TextEdits(document.Text);
        var separator = decides.Separator < 0 && value is not HoconObject ? "= " : string.Empty;
        edits.Replace(decides.Value.Start, decides.Value.End, separator + Render(value, document.LevelOf(decides.Start)));
        if (decides.Append)
        {
            edits.Replace(decides.Separator, decides.Separator + 1, string.Empty);
        }

        return document.Edited(edits);
    }

    /// <summary>
    /// A document without the fields of <paramref name="path"/> and of what is below it, and without the comments directly above them.
    /// What includes and substitutions bring stays.
    /// </summary>
    /// <exception cref="HoconException">The path is none, or the root is an array.</exception>
    public HoconDocument Remove(string path) => Remove(HoconPath.Parse(path));

    /// <inheritdoc cref="Remove(string)"/>
    public HoconDocument Remove(HoconPath path) => RemoveFields(path, keepsDeciding: false);

    /// <summary>The comment lines directly above the last field of a path that has some, without their signs; else empty.</summary>
    /// <exception cref="HoconException">The path is none.</exception>
    public IReadOnlyList<string> GetComments(string path)
    {
        var parsed = HoconPath.Parse(path);
        if (Root is not ObjectSyntax root || FieldSearch.Find(root, parsed).Commented is not { } field)
        {
            return [];
        }

        return [.. Text[field.CommentStart..field.Start].Split('\n', StringSplitOptions.TrimEntries)
            .Where(static line => line.StartsWith('#') || line.StartsWith("//", StringComparison.Ordinal))
            .Select(static line => line.TrimStart('#', '/').Trim())];
    }

    private ObjectSyntax EditableRoot() => Root as ObjectSyntax
        ?? throw new HoconException(Source.Error(Root.Start, "the root is an array, which has no paths to edit"));

    // Fields that share a line go one at a time: what a removal takes along there depends on its neighbours.
    private HoconDocument RemoveFields(HoconPath path, bool keepsDeciding)
    {
        var document = this;
        for (var round = 0; ; round++)
        {
            var search = FieldSearch.Find(document.EditableRoot(), path);
            var fields = search.Fields.Where(each => !keepsDeciding || each.Field != search.Decides).ToList();
            if (fields.Count == 0)
            {
                return document;
            }

            if (round == RemovalRoundsMax)
            {
                throw new HoconException(document.Source.Error(
                    fields[0].Field.Start, $"{path} is written too often on shared lines; give each its own line first"));
            }

            var alone = fields.FindAll(each => MemberRemoval.IsAlone(document.Text, each.Siblings, each.Index));
            var edits = new TextEdits(document.Text);
            foreach (var (_, siblings, index) in alone.Count > 0 ? alone : fields[^1..])
            {
                MemberRemoval.Remove(edits, document.Text, siblings, index);
            }

            document = document.Edited(edits);
        }
    }

    private HoconDocument Edited(TextEdits edits)
    {
        var source = new SourceText(Source.Name, edits.Apply());
        return new HoconDocument(source, Parser.Parse(source, _limits), _limits, _fallback);
    }

    private HoconDocument Insert(HoconPath path, HoconValue value)
    {
        var (parent, depth) = FieldSearch.FindParent(EditableRoot(), path);
        var key = HoconPath.Render(path.Keys[depth..]);
        var separator = value is HoconObject ? " " : " = ";
        var edits = new TextEdits(Text);
        if (!parent.HasBraces)
        {
            var start = Text.Length == 0 || Text.EndsWith('\n') ? string.Empty : "\n";
            edits.Replace(Text.Length, Text.Length, start + key + separator + Render(value, 0) + "\n");
            return Edited(edits);
        }

        var brace = parent.End - 1;
        var line = LineStart(brace);
        if (line > parent.Start && string.IsNullOrWhiteSpace(Text[line..brace]))
        {
            var level = LevelOf(brace) + 1;
            var indent = parent.Members.Count > 0 ? IndentOf(parent.Members[^1].Start) : new string(' ', level * 2);
            edits.Replace(line, line, indent + key + separator + Render(value, level) + "\n");
        }
        else
        {
            // Directly behind a last member that has no comma, else before the brace.
            var field = key + separator + Render(value, LevelOf(brace));
            if (parent.Members.Count > 0 && parent.Members[^1] is { Comma: < 0 } last)
            {
                edits.Replace(last.End, last.End, ", " + field);
            }
            else
            {
                edits.Replace(brace, brace, " " + field + " ");
            }
        }

        return Edited(edits);
    }

    private static string Render(HoconValue value, int level)
    {
        var text = new StringBuilder();
        HoconWriter.WriteHocon(text, value, level);
        return text.ToString();
    }

    private int LineStart(int offset) => offset == 0 ? 0 : Text.LastIndexOf('\n', offset - 1) + 1;

    private string IndentOf(int offset)
    {
        var start = LineStart(offset);
        var end = start;
        while (end < offset && Text[end] is ' ' or '\t')
        {
            end++;
        }

        return Text[start..end];
    }

    private int LevelOf(int offset) => IndentOf(offset).Length / 2;
}
