namespace Cete.Hocon;

/// <summary>Takes a member out of an object's text with its comma, and with its lines and comments when they are its own.</summary>
internal static class MemberRemoval
{
    /// <summary>Whether the member and its comma have their lines to themselves: such removals do not touch each other.</summary>
    public static bool IsAlone(string text, ObjectSyntax siblings, int index)
    {
        var member = siblings.Members[index];
        var newline = text.IndexOf('\n', member.End);
        var lineEnd = newline < 0 ? text.Length : newline;
        return IsBlank(text, LineStart(text, member.Start), member.Start) && member.Comma < lineEnd
            && IsBlankOrComment(text, member.Comma < 0 ? member.End : member.Comma + 1, lineEnd);
    }

    public static void Remove(TextEdits edits, string text, ObjectSyntax siblings, int index)
    {
        var member = siblings.Members[index];
        var next = index + 1 < siblings.Members.Count ? siblings.Members[index + 1] : null;
        var previous = index > 0 ? siblings.Members[index - 1] : null;
        if (next is not null && !HasNewline(text, member.End, next.Start))
        {
            edits.Replace(member.Start, next.Start, string.Empty);
            return;
        }

        var line = LineStart(text, member.Start);
        if (IsBlank(text, line, member.Start))
        {
            RemoveLines(edits, text, member, line);
        }
        else if (previous is not null && previous.End >= line)
        {
            // The comma behind the member, if any, now belongs to the one before it.
            edits.Replace(previous.End, member.End, string.Empty);
        }
        else
        {
            edits.Replace(member.Start, member.End, string.Empty);
            RemoveComma(edits, member);
        }
    }

    private static void RemoveLines(TextEdits edits, string text, MemberSyntax member, int line)
    {
        var start = member.CommentStart >= 0 ? LineStart(text, member.CommentStart) : line;
        if (member.CommentStart >= 0 && !IsBlank(text, start, member.CommentStart))
        {
            start = line;
        }

        var newline = text.IndexOf('\n', member.End);
        var lineEnd = newline < 0 ? text.Length : newline + 1;
        var end = member.Comma >= 0 && member.Comma < lineEnd ? member.Comma + 1 : member.End;
        if (IsBlankOrComment(text, end, lineEnd))
        {
            edits.Replace(start, lineEnd, string.Empty);
            if (member.Comma >= lineEnd)
            {
                edits.Replace(member.Comma, member.Comma + 1, string.Empty);
            }
        }
        else
        {
            edits.Replace(start, end, string.Empty);
        }
    }

    private static void RemoveComma(TextEdits edits, MemberSyntax member)
    {
        if (member.Comma >= 0)
        {
            edits.Replace(member.Comma, member.Comma + 1, string.Empty);
        }
    }

    private static int LineStart(string text, int offset) => offset == 0 ? 0 : text.LastIndexOf('\n', offset - 1) + 1;

    private static bool HasNewline(string text, int start, int end) => text.AsSpan(start, end - start).Contains('\n');

    private static bool IsBlank(string text, int start, int end) => text.AsSpan(start, end - start).IsWhiteSpace();

    private static bool IsBlankOrComment(string text, int start, int end)
    {
        var rest = text.AsSpan(start, end - start).TrimStart();
        return rest.IsEmpty || rest[0] == '#' || rest.StartsWith("//");
    }
}
