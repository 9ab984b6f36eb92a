using Cete.Expressions;

namespace Cete.Described;

/// <summary>Puts statements together.</summary>
internal static class SqlWriting
{
    /// <summary>Writes on. The text is ours, or a name that was checked: values go in as parameters.</summary>
    public static SqlWriter Put(this SqlWriter statement, string text)
    {
        statement.Text.Append(text);
        return statement;
    }
}
