using Cete.Expressions;
using Cete.Hocon;

namespace Cete.Described;

/// <summary>What the expressions of a description may read, by where they stand.</summary>
/// <param name="types">Its kinds of records.</param>
internal sealed class ExpressionScopes(IReadOnlyDictionary<string, RecordType> types)
{
    /// <summary>Who asks, as the root stamped it.</summary>
    public static RecordType Auth { get; } = MakeAuth();

    /// <summary>Nothing but who asks, when, and the service's records.</summary>
    public ExpressionScope Plain()
    {
        var scope = new ExpressionScope();
        scope.Add("auth", Auth);
        scope.Add("now", ExpressionType.Timestamp);
        foreach (var (name, type) in types)
        {
            scope.AddCollection(name, type);
        }

        return scope;
    }

    /// <summary>With some record-like variables beside that.</summary>
    public ExpressionScope With(params IEnumerable<(string Name, RecordType Type)> variables)
    {
        var scope = Plain();
        foreach (var (name, type) in variables)
        {
            scope.Add(name, type);
        }

        return scope;
    }

    /// <summary>Adds what every record has.</summary>
    public static void AddCommon(RecordType type)
    {
        type.Add("id", ExpressionType.RelationTo(type));
        type.Add("owner", ExpressionType.Text);
        type.Add("created", ExpressionType.Timestamp);
        type.Add("updated", ExpressionType.Timestamp);
        type.Add("revision", ExpressionType.Int);
    }

    private static RecordType MakeAuth()
    {
        var auth = new RecordType("auth");
        auth.Add("id", ExpressionType.Text);
        auth.Add("roles", ExpressionType.ListOf(ExpressionType.Text));
        auth.Add("known", ExpressionType.Bool);
        return auth;
    }
}

/// <summary>Compiles the expressions of a description, and says where in the file they are wrong.</summary>
internal static class ExpressionReading
{
    /// <summary>The expression of a key; null where there is none, or it is wrong.</summary>
    public static Expression? Expression(this Section section, string key, ExpressionScope scope, ExpressionType? expected = null) =>
        section.Find(key) is { } value ? Compile(section.Problems, value, section.PathOf(key), scope, expected) : null;

    public static Expression? Compile(Problems problems, HoconValue value, string path, ExpressionScope scope, ExpressionType? expected, int skip = 0)
    {
        if (value is not HoconScalar scalar)
        {
            problems.Add(value.Origin, path, "is to be an expression", "write it as a text in quotes");
            return null;
        }

        var text = scalar.Text[skip..];
        var result = Expressions.Expression.Compile(text, scope, expected);
        foreach (var error in result.Errors)
        {
            problems.Add(PlaceOf(scalar, error, skip, path));
        }

        return result.Expression;
    }

    /// <summary>
    /// Where in the file a place in an expression is. Exact for texts on one line in plain quotes without escapes, as nearly all are; else the line and column
    /// within the expression are told too.
    /// </summary>
    private static Problem PlaceOf(HoconScalar scalar, ExpressionError error, int skip, string path)
    {
        var at = scalar.Origin;
        var isPlain = !scalar.Text.AsSpan().ContainsAny('\n', '"', '\\') && at.Line > 0 && scalar.Kind == HoconKind.String;
        var inside = isPlain || scalar.Text.Length == 0 ? string.Empty : $" (line {error.Line}, column {error.Column} of the expression)";
        return new Problem(
            at.Source, at.Line, isPlain ? at.Column + 1 + skip + error.Offset : at.Column, path, error.Message + inside, string.Empty, false);
    }
}
