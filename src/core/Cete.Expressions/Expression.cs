using Cete.Expressions.Checking;
using Cete.Expressions.Running;
using Cete.Expressions.Syntax;

namespace Cete.Expressions;

/// <summary>A rule, filter or formula of a described service: compiled once, evaluated in memory or written as SQL. Immutable.</summary>
public sealed partial class Expression
{
    private readonly Node _root;

    private Expression(string text, Node root)
    {
        (Text, _root) = (text, root);
        var all = root.All().ToList();
        var macros = all.OfType<MacroNode>().Select(node => node.Macro).ToList();
        var inner = macros.Select(macro => macro.Variable).Concat(all.OfType<ListMacroNode>().Select(node => node.Variable)).ToHashSet(StringComparer.Ordinal);
        var fields = all.OfType<FieldNode>().Select(node => (node.Variable, node.Field));
        var plain = all.OfType<VariableNode>().Select(node => (Variable: node.Name, Field: string.Empty));
        Reads = [.. fields.Concat(plain).Where(read => !inner.Contains(read.Variable)).Distinct()];
        Collections = [.. macros.Select(macro => macro.Collection).Distinct()];
    }

    /// <summary>What was compiled.</summary>
    public string Text { get; }

    /// <summary>The type of what it gives. Null is a value of every type.</summary>
    public ExpressionType Type => _root.Type;

    /// <summary>The variables and fields that it reads, each once; those of macros are not among them. A variable that is one value has no field: "".</summary>
    public IReadOnlyList<(string Variable, string Field)> Reads { get; }

    /// <summary>The collections that it asks, each once.</summary>
    public IReadOnlyList<string> Collections { get; }

    /// <summary>Reads a text. Nothing is thrown: what is wrong with it comes back.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="scope">What it may name.</param>
    /// <param name="expected">The type that it must give; any when null. An int becomes a decimal where one is expected.</param>
    public static ExpressionResult Compile(string text, ExpressionScope scope, ExpressionType? expected = null)
    {
        var (syntax, error) = Parser.Parse(text);
        if (syntax is null)
        {
            return new(null, [error!]);
        }

        var checker = new Checker(text, scope);
        var root = checker.CheckRoot(syntax, expected);
        return root is null ? new(null, checker.Errors) : new(new Expression(text, root), []);
    }

    /// <summary>What it gives in that scope. Nothing is thrown: what has no result is null.</summary>
    public Value Evaluate(IEvaluationScope scope) => Evaluator.Run(_root, scope);
}
