namespace Cete.Expressions.Running;

/// <summary>A scope with the variable of a macro: a record, or an item of a list.</summary>
internal sealed class InnerScope(IEvaluationScope outer, string variable, Func<string, Value>? row, Value item = default) : IEvaluationScope
{
    public Value Get(string name) => Is(name) ? item : outer.Get(name);

    public Value Get(string name, string field) => Is(name) && row is not null ? row(field) : outer.Get(name, field);

    public Value Follow(RecordType type, long id, string field) => outer.Follow(type, id, field);

    public Value Aggregate(CollectionMacro macro, IEvaluationScope scope) => outer.Aggregate(macro, scope);

    private bool Is(string name) => string.Equals(name, variable, StringComparison.Ordinal);
}
