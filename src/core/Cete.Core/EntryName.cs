using System.Text;

namespace Cete.Core;

/// <summary>
/// What a file or folder may be called in a community: one path component that every client can show and every disk can hold.
/// </summary>
public static class EntryName
{
    /// <summary>Null when the name may be used, else why not and what to do.</summary>
    public static Failure? Check(string name)
    {
        if (name.Length == 0)
        {
            return Bad("a name must not be empty");
        }

        if (name is "." or "..")
        {
            return Bad($"'{name}' is not a name: it stands for a folder on the way");
        }

        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (c == '/' || char.IsControl(c))
            {
                return Bad($"the name '{Show(name)}' holds the character U+{(int)c:X4} at position {i + 1}, which names cannot hold; rename the file");
            }

            if (char.IsSurrogate(c) && !(i + 1 < name.Length && char.IsSurrogatePair(c, name[i + 1])))
            {
                return Bad($"the name '{Show(name)}' is not valid Unicode at position {i + 1}; rename the file");
            }

            if (char.IsHighSurrogate(c))
            {
                i++;
            }

            // Bidirectional overrides make "exe.gpj" look like another name (CVE-2021-42574 and kin).
            if (c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFFFD')
            {
                return Bad($"the name '{Show(name)}' holds the invisible or undecodable character U+{(int)c:X4} at position {i + 1}; rename the file");
            }
        }

        var bytes = Encoding.UTF8.GetByteCount(name);
        return bytes > Limits.NameBytesMax
            ? new Failure(FailureKind.TooLarge, $"the name '{Show(name[..40])}...' has {bytes} bytes; {Limits.NameBytesMax} is the most")
            : null;
    }

    /// <summary>The name with everything that could move a cursor or hide text replaced, for terminals, logs and messages.</summary>
    public static string Show(string name)
    {
        var text = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (i + 1 < name.Length && char.IsSurrogatePair(c, name[i + 1]))
            {
                text.Append(c).Append(name[++i]);
                continue;
            }

            // A lone surrogate has no form on a wire or terminal; an encoder further on would stumble over it.
            var hidden = char.IsControl(c) || char.IsSurrogate(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
            text.Append(hidden ? '\uFFFD' : c);
        }

        return text.ToString();
    }

    private static Failure Bad(string why) => new(FailureKind.Invalid, why);
}
