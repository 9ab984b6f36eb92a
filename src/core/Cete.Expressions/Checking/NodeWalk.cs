namespace Cete.Expressions.Checking;

/// <summary>Goes through trees.</summary>
internal static class NodeWalk
{
    /// <summary>The parts of a node, in the order of the text. The body of a macro over a collection counts as such.</summary>
    public static IEnumerable<Node> Parts(this Node node) => node switch
    {
        FollowNode { Id: var id } => [id],
        NotNode { Operand: var operand } => [operand],
        NegateNode { Operand: var operand } => [operand],
        PromoteNode { Operand: var operand } => [operand],
        ArithmeticNode { Left: var left, Right: var right } => [left, right],
        CompareNode { Left: var left, Right: var right } => [left, right],
        LogicNode { Operands: var operands } => operands,
        ChoiceNode choice => [choice.Condition, choice.Then, choice.Else],
        ListNode { Items: var items } => items,
        CallNode { Arguments: var arguments } => arguments,
        ListMacroNode { List: var list, Condition: var condition } => [list, condition],
        MacroNode { Macro: var macro } => macro.Body is { } body ? [macro.Condition, body] : [macro.Condition],
        _ => [],
    };

    /// <summary>The node and all below it.</summary>
    public static IEnumerable<Node> All(this Node node) => node.Parts().SelectMany(All).Prepend(node);
}
