using Cete.Core;

namespace Cete.Expressions;

/// <summary>What an expression may name: variables, and collections for the macros. Built once, then only read.</summary>
public sealed class ExpressionScope
{
    private readonly Dictionary<string, (ExpressionType? Plain, RecordType? Record)> _variables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RecordType> _collections = new(StringComparer.Ordinal);

    /// <summary>A variable that is one value, as `now`.</summary>
    /// <exception cref="CheckFailedException">The name is taken.</exception>
    public ExpressionScope Add(string variable, ExpressionType type)
    {
        Check.That(!Knows(variable), $"{variable} twice");
        _variables.Add(variable, (type, null));
        return this;
    }

    /// <summary>A variable that has fields, as `record` or `auth`.</summary>
    /// <exception cref="CheckFailedException">The name is taken.</exception>
    public ExpressionScope Add(string variable, RecordType record)
    {
        Check.That(!Knows(variable), $"{variable} twice");
        _variables.Add(variable, (null, record));
        return this;
    }

    /// <summary>A collection whose records macros go through.</summary>
    /// <exception cref="CheckFailedException">The name is taken.</exception>
    public ExpressionScope AddCollection(string name, RecordType record)
    {
        Check.That(!Knows(name), $"{name} twice");
        _collections.Add(name, record);
        return this;
    }

    internal IEnumerable<string> Variables => _variables.Keys;

    internal IEnumerable<string> Collections => _collections.Keys;

    internal bool Knows(string name) => _variables.ContainsKey(name) || _collections.ContainsKey(name);

    internal ExpressionType? Plain(string name) => _variables.GetValueOrDefault(name).Plain;

    internal RecordType? Record(string name) => _variables.GetValueOrDefault(name).Record;

    internal RecordType? Collection(string name) => _collections.GetValueOrDefault(name);
}
