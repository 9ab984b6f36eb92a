namespace Cete.Expressions;

/// <summary>The bounds of expressions, each with its reason.</summary>
public static class ExpressionLimits
{
    /// <summary>Characters of an expression: a screen full; what is longer belongs into several rules.</summary>
    public const int TextCharsMax = 4_096;

    /// <summary>Nodes of a syntax tree, hence steps for each record: a list asks the rule for every record that it looks at.</summary>
    public const int NodesMax = 200;

    /// <summary>Parentheses, calls, signs and choices within each other: people lose track long before, and no parser needs more of its stack.</summary>
    public const int DepthMax = 20;

    /// <summary>Macros over collections: each may read a whole table.</summary>
    public const int CollectionMacrosMax = 4;

    /// <summary>Macros within macros: with one within another the work is already the product of two lengths.</summary>
    public const int MacroDepthMax = 2;

    /// <summary>Items of a list that is written out.</summary>
    public const int ListLiteralMax = 100;

    /// <summary>Items of a list that is a value: a field of a record, or what is known of the asker.</summary>
    public const int ListItemsMax = 1_000;

    /// <summary>Items that macros and `in` look at in one evaluation; what would take more is null. Two macros over lists of 300 stay below.</summary>
    public const int ListStepsMax = 100_000;

    /// <summary>Relations followed from one record: each is a look-up of its own.</summary>
    public const int HopsMax = 3;

    /// <summary>Bytes, in UTF-8, of a text made by adding: what fields hold is less; doubling it twenty times would be a gigabyte.</summary>
    public const int TextBytesMax = 64 * 1024;

    /// <summary>Characters of the pattern of `matches`.</summary>
    public const int PatternCharsMax = 200;

    /// <summary>What the repetitions of a pattern may come to when multiplied: `(a{100}){100}` is an automaton of 10,000 states.</summary>
    public const int PatternRepeatsMax = 1_000;

    /// <summary>Errors that are told of one expression.</summary>
    public const int ErrorsMax = 20;

    internal const long Million = 1_000_000;
}
