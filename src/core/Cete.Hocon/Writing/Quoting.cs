using System.Globalization;
using System.Text;

namespace Cete.Hocon;

/// <summary>How keys and strings are written so that they read back the same.</summary>
internal static class Quoting
{
    /// <summary>A key of a path expression: bare when it is made of letters, digits, '_' and '-', else quoted.</summary>
    public static void AppendKey(StringBuilder text, string key)
    {
        // A key that begins with "include" would read as an include statement when it stands first.
        if (key.Length == 0 || key[0] == '-' || key.StartsWith("include", StringComparison.Ordinal) || !IsPlain(key))
        {
            AppendString(text, key);
            return;
        }

        text.Append(key);
    }

    /// <summary>A quoted string of JSON.</summary>
    public static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
            {
                text.Append(c).Append(value[++i]);
            }
            else
            {
                AppendChar(text, c);
            }
        }

        text.Append('"');
    }

    private static void AppendChar(StringBuilder text, char c)
    {
        switch (c)
        {
            case '"':
                text.Append("\\\"");
                break;
            case '\\':
                text.Append("\\\\");
                break;
            case '\n':
                text.Append("\\n");
                break;
            case '\r':
                text.Append("\\r");
                break;
            case '\t':
                text.Append("\\t");
                break;
            // A lone surrogate would not survive UTF-8; line separators and the byte order mark would not survive some editors.
            case < ' ' or '\u007F' or '\u2028' or '\u2029' or '\uFEFF' or (>= '\uD800' and <= '\uDFFF'):
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                break;
            default:
                text.Append(c);
                break;
        }
    }

    private static bool IsPlain(string key)
    {
        foreach (var c in key)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-'))
            {
                return false;
            }
        }

        return true;
    }
}
