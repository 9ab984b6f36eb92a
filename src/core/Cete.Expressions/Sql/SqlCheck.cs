using Cete.Expressions.Checking;

namespace Cete.Expressions.Sql;

internal static class SqlCheck
{
    public static (int At, string Message)? Why(Node root, string row) => (root.At, $"SQL with {row} is not made yet");

    public static (int At, string Message)? Why(CollectionMacro macro) => (0, $"SQL of {macro.Collection} is not made yet");
}
