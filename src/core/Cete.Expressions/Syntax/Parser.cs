namespace Cete.Expressions.Syntax;

/// <summary>
/// Tokens to a tree, by CEL's grammar. It goes no deeper than <see cref="ExpressionLimits.DepthMax"/>. The first error ends it: from then on there is only
/// the end of the text to read.
/// </summary>
internal sealed class Parser
{
    private static readonly (string Symbol, Operator Operator)[] Relations =
    [
        ("==", Operator.Equal), ("!=", Operator.NotEqual), ("<", Operator.Less), ("<=", Operator.LessOrEqual),
        (">", Operator.Greater), (">=", Operator.GreaterOrEqual),
    ];

    private static readonly (string Symbol, Operator Operator)[] Sums = [("+", Operator.Add), ("-", Operator.Subtract)];

    private static readonly (string Symbol, Operator Operator)[] Products =
        [("*", Operator.Multiply), ("/", Operator.Divide), ("%", Operator.Remainder)];

    private readonly string _text;
    private readonly Lexer _lexer;
    private Token _token;
    private int _depth;
    private int _nodes;
    private ExpressionError? _error;

    private Parser(string text)
    {
        _text = text;
        _lexer = new Lexer(text);
        _token = _lexer.Next();
    }

    public static (SyntaxNode? Root, ExpressionError? Error) Parse(string text)
    {
        if (text.Length > ExpressionLimits.TextCharsMax)
        {
            return (null, ExpressionError.At(
                text, ExpressionLimits.TextCharsMax, Inv($"the expression is longer than {ExpressionLimits.TextCharsMax} characters; make it shorter")));
        }

        var parser = new Parser(text);
        var root = parser.ParseChoice();
        if (parser._token.Kind != TokenKind.End)
        {
            parser.Fail(parser._token.At, $"{parser._token} was not expected here; an operator or the end was");
        }

        var error = parser._lexer.Error ?? parser._error;
        return error is null ? (root, null) : (null, error);
    }

    /// <summary>A whole expression: a choice, or what stands for one.</summary>
    private SyntaxNode ParseChoice() => Deeper(() =>
    {
        var condition = ParseLogic(isAnd: false);
        var at = _token.At;
        if (!Take("?"))
        {
            return condition;
        }

        var then = ParseLogic(isAnd: false);
        Expect(":", "between what holds and what holds otherwise");
        return Made(new ChoiceSyntax(at, condition, then, ParseChoice()));
    });

    private SyntaxNode ParseLogic(bool isAnd)
    {
        var (first, at) = (isAnd ? ParseRelation() : ParseLogic(isAnd: true), _token.At);
        List<SyntaxNode>? operands = null;
        while (Take(isAnd ? "&&" : "||"))
        {
            operands ??= [first];
            operands.Add(isAnd ? ParseRelation() : ParseLogic(isAnd: true));
        }

        return operands is null ? first : Made(new LogicSyntax(at, isAnd, operands));
    }

    private SyntaxNode ParseRelation()
    {
        var left = ParseRow(Sums, ParseProduct);
        while (true)
        {
            var at = _token.At;
            if (_token.IsWord("in"))
            {
                Move();
                left = Made(new BinarySyntax(at, Operator.In, left, ParseRow(Sums, ParseProduct)));
            }
            else if (TakeAny(Relations) is { } relation)
            {
                left = Made(new BinarySyntax(at, relation, left, ParseRow(Sums, ParseProduct)));
            }
            else
            {
                return left;
            }
        }
    }

    private SyntaxNode ParseProduct() => ParseRow(Products, ParseUnary);

    private SyntaxNode ParseRow((string Symbol, Operator Operator)[] operators, Func<SyntaxNode> part)
    {
        var left = part();
        while (true)
        {
            var at = _token.At;
            if (TakeAny(operators) is not { } found)
            {
                return left;
            }

            left = Made(new BinarySyntax(at, found, left, part()));
        }
    }

    private SyntaxNode ParseUnary()
    {
        var at = _token.At;
        if (Take("!"))
        {
            return Deeper(() => Made(new UnarySyntax(at, IsNot: true, ParseUnary())));
        }

        if (!Take("-"))
        {
            return ParseMembers();
        }

        // So that the smallest number can be written: without its sign it is too large.
        return _token.Kind is TokenKind.Int or TokenKind.Decimal
            ? ParseNumber(at, isNegative: true)
            : Deeper(() => Made(new UnarySyntax(at, IsNot: false, ParseUnary())));
    }

    private SyntaxNode ParseMembers()
    {
        var node = ParsePrimary();
        while (Take("."))
        {
            var name = _token;
            if (name.Kind != TokenKind.Name)
            {
                return Fail(name.At, $"{name} cannot stand after a point; the name of a field or a function can");
            }

            Move();
            node = Take("(") ? Made(new CallSyntax(name.At, node, name.Text, ParseItems(")"))) : Made(new MemberSyntax(name.At, node, name.Text));
        }

        return _token.Is("[") ? Fail(_token.At, "items of a list have no numbers here; use `in`, exists() or all()") : node;
    }

    private SyntaxNode ParsePrimary()
    {
        var token = _token;
        switch (token.Kind)
        {
            case TokenKind.Int or TokenKind.Decimal:
                return ParseNumber(token.At, isNegative: false);
            case TokenKind.Text:
                Move();
                return Made(new LiteralSyntax(token.At, Value.Of(token.Text), ExpressionType.Text));
            case TokenKind.Name:
                return ParseName();
        }

        if (Take("("))
        {
            var inner = ParseChoice();
            Expect(")", "to close what was opened");
            return inner;
        }

        if (Take("["))
        {
            var items = ParseItems("]");
            return items.Count <= ExpressionLimits.ListLiteralMax
                ? Made(new ListSyntax(token.At, items))
                : Fail(token.At, Inv($"a list of more than {ExpressionLimits.ListLiteralMax} items; keep them in records and ask these"));
        }

        return Fail(token.At, token.Kind == TokenKind.End ? "something is missing at the end" : $"{token} was not expected here; a value was");
    }

    private SyntaxNode ParseName()
    {
        var token = _token;
        Move();
        switch (token.Text)
        {
            case "true" or "false":
                return Made(new LiteralSyntax(token.At, Value.Of(token.Text == "true"), ExpressionType.Bool));
            case "null":
                return Made(new LiteralSyntax(token.At, Value.Null, ExpressionType.Null));
            case "in":
                return Fail(token.At, "'in' needs a value before it");
            default:
                return Take("(") ? Made(new CallSyntax(token.At, null, token.Text, ParseItems(")"))) : Made(new NameSyntax(token.At, token.Text));
        }
    }

    private List<SyntaxNode> ParseItems(string end)
    {
        var items = new List<SyntaxNode>();
        while (!Take(end))
        {
            if (items.Count > 0 && !Take(","))
            {
                Expect(end, "or ',' and one more");
                return items;
            }

            items.Add(ParseChoice());
        }

        return items;
    }

    private SyntaxNode ParseNumber(int at, bool isNegative)
    {
        var token = _token;
        Move();
        if (!Running.Conversions.TryDecimal((isNegative ? "-" : string.Empty) + token.Text, out var millionths, out var whole))
        {
            return Fail(token.At, "six digits after the point at most");
        }

        if (token.Kind == TokenKind.Int)
        {
            return whole is { } number
                ? Made(new LiteralSyntax(at, Value.Of(number), ExpressionType.Int))
                : Fail(token.At, "a number of more than 64 bits; the largest is 9223372036854775807");
        }

        return millionths is { } value
            ? Made(new LiteralSyntax(at, Value.OfDecimal(value), ExpressionType.Decimal))
            : Fail(token.At, "a number that is too large for six digits after the point; the largest is 9223372036854.775807");
    }

    private SyntaxNode Deeper(Func<SyntaxNode> parse)
    {
        if (_depth == ExpressionLimits.DepthMax)
        {
            return Fail(_token.At, Inv($"more than {ExpressionLimits.DepthMax} expressions within each other; make it flatter"));
        }

        _depth++;
        var node = parse();
        _depth--;
        return node;
    }

    private SyntaxNode Made(SyntaxNode node) =>
        ++_nodes == ExpressionLimits.NodesMax + 1
            ? Fail(node.At, Inv($"the expression has more than {ExpressionLimits.NodesMax} parts; make it simpler, or divide it"))
            : node;

    private void Move() => _token = _error is null ? _lexer.Next() : _token;

    private bool Take(string symbol)
    {
        if (!_token.Is(symbol))
        {
            return false;
        }

        Move();
        return true;
    }

    private Operator? TakeAny((string Symbol, Operator Operator)[] operators)
    {
        foreach (var (symbol, found) in operators)
        {
            if (Take(symbol))
            {
                return found;
            }
        }

        return null;
    }

    private void Expect(string symbol, string why)
    {
        if (!Take(symbol))
        {
            Fail(_token.At, $"'{symbol}' was expected here, {why}; {_token} was found");
        }
    }

    private LiteralSyntax Fail(int at, string message)
    {
        _error ??= ExpressionError.At(_text, at, message);
        _token = new(TokenKind.End, _text.Length, string.Empty);
        return new(at, Value.Null, ExpressionType.Null);
    }

    private static string Inv(FormattableString text) => FormattableString.Invariant(text);
}
