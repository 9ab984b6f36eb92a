namespace Cete.Expressions.Syntax;

internal enum TokenKind
{
    End,
    Name,
    Int,
    Decimal,
    Text,
    Symbol,
}

/// <summary>A word of an expression. Text is what stands there; of a text, what it means.</summary>
internal readonly record struct Token(TokenKind Kind, int At, string Text)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && string.Equals(Text, symbol, StringComparison.Ordinal);

    public bool IsWord(string word) => Kind == TokenKind.Name && string.Equals(Text, word, StringComparison.Ordinal);

    public override string ToString() => Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.Text => "a text",
        _ => $"'{Text}'",
    };
}
