using System.Text;

namespace Cete.Hocon;

/// <summary>Writes resolved values. What it writes reads back as an equal value.</summary>
public static class HoconWriter
{
    private const int IndentSize = 2;

    /// <summary>JSON: on one line, or with line breaks and two spaces a level.</summary>
    public static string ToJson(HoconValue value, bool indented = false)
    {
        var text = new StringBuilder();
        WriteJson(text, value, indented ? 0 : -1);
        return text.ToString();
    }

    /// <summary>HOCON for people: no root braces, bare keys where they can be, a field a line, multi-line strings as such.</summary>
    public static string ToHocon(HoconValue value)
    {
        var text = new StringBuilder();
        if (value is HoconObject root)
        {
            WriteFields(text, root, 0);
        }
        else
        {
            WriteHocon(text, value, 0);
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Writes a value that may follow a key which stands <paramref name="level"/> levels deep.</summary>
    internal static void WriteHocon(StringBuilder text, HoconValue value, int level)
    {
        switch (value)
        {
            case HoconScalar { Kind: HoconKind.String } scalar:
                WriteString(text, scalar.Text);
                break;
            case HoconScalar scalar:
                text.Append(scalar.Text);
                break;
            case HoconArray { Count: 0 }:
                text.Append("[]");
                break;
            case HoconArray array when array.All(static element => element is HoconScalar { Text.Length: < 40 }) && array.Count <= 8:
                WriteRow(text, array, level);
                break;
            case HoconArray array:
                text.Append('[');
                foreach (var element in array)
                {
                    NewLine(text, level + 1);
                    WriteHocon(text, element, level + 1);
                }

                NewLine(text, level);
                text.Append(']');
                break;
            case HoconObject { Count: 0 }:
                text.Append("{}");
                break;
            case HoconObject inner:
                text.Append("{\n");
                WriteFields(text, inner, level + 1);
                text.Append(' ', level * IndentSize).Append('}');
                break;
        }
    }

    private static void WriteFields(StringBuilder text, HoconObject value, int level)
    {
        foreach (var (key, inner) in value)
        {
            text.Append(' ', level * IndentSize);
            Quoting.AppendKey(text, key);
            text.Append(inner is HoconObject ? " " : " = ");
            WriteHocon(text, inner, level);
            text.Append('\n');
        }
    }

    private static void WriteRow(StringBuilder text, HoconArray array, int level)
    {
        text.Append('[');
        for (var i = 0; i < array.Count; i++)
        {
            text.Append(i == 0 ? string.Empty : ", ");
            WriteHocon(text, array[i], level);
        }

        text.Append(']');
    }

    // Three quotes hold lines as they are, but have no escapes: what needs one, or ends in a quote, is written the other way.
    private static void WriteString(StringBuilder text, string value)
    {
        var isRaw = value.Contains('\n') && !value.EndsWith('"') && !value.Contains("\"\"\"", StringComparison.Ordinal)
            && value.All(IsPrintable);
        if (isRaw)
        {
            text.Append("\"\"\"").Append(value).Append("\"\"\"");
        }
        else
        {
            Quoting.AppendString(text, value);
        }
    }

    private static bool IsPrintable(char c)
        => c is '\n' or '\t' or (>= ' ' and < '\u007F') or (> '\u00A0' and < '\uD800' and not ('\u2028' or '\u2029'));

    private static void WriteJson(StringBuilder text, HoconValue value, int level)
    {
        var inner = level < 0 ? level : level + 1;
        var first = true;
        switch (value)
        {
            case HoconScalar { Kind: HoconKind.String } scalar:
                Quoting.AppendString(text, scalar.Text);
                break;
            case HoconScalar scalar:
                text.Append(scalar.Text);
                break;
            case HoconArray array:
                text.Append('[');
                foreach (var element in array)
                {
                    Separate(text, inner, ref first);
                    WriteJson(text, element, inner);
                }

                Close(text, level, first, ']');
                break;
            case HoconObject fields:
                text.Append('{');
                foreach (var (key, element) in fields)
                {
                    Separate(text, inner, ref first);
                    Quoting.AppendString(text, key);
                    text.Append(level < 0 ? ":" : ": ");
                    WriteJson(text, element, inner);
                }

                Close(text, level, first, '}');
                break;
        }
    }

    private static void Separate(StringBuilder text, int level, ref bool first)
    {
        text.Append(first ? string.Empty : ",");
        first = false;
        NewLine(text, level);
    }

    private static void Close(StringBuilder text, int level, bool isEmpty, char bracket)
    {
        if (!isEmpty)
        {
            NewLine(text, level);
        }

        text.Append(bracket);
    }

    private static void NewLine(StringBuilder text, int level)
    {
        if (level >= 0)
        {
            text.Append('\n').Append(' ', level * IndentSize);
        }
    }
}
