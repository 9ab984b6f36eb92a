namespace Cete.Expressions;

/// <summary>What is wrong with an expression, and where.</summary>
/// <param name="Offset">Where, in UTF-16 units from the beginning.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The place in the line, from 1, in UTF-16 units.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record ExpressionError(int Offset, int Line, int Column, string Message)
{
    /// <summary>The error at that place of the text.</summary>
    internal static ExpressionError At(string text, int offset, string message)
    {
        var (line, start) = (1, 0);
        for (var i = 0; i < Math.Min(offset, text.Length); i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                (line, start) = (line + 1, i + 1);
            }
        }

        return new(offset, line, offset - start + 1, message);
    }

    public override string ToString() => FormattableString.Invariant($"{Line}:{Column}: {Message}");
}

/// <summary>What came of compiling: an expression, or all that is wrong with the text.</summary>
/// <param name="Expression">Null when there are errors.</param>
/// <param name="Errors">In the order of the text; empty when there is an expression.</param>
public sealed record ExpressionResult(Expression? Expression, IReadOnlyList<ExpressionError> Errors)
{
    /// <summary>Whether it compiled.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Expression))]
    public bool Succeeded => Expression is not null;
}
