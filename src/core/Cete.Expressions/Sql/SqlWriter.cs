using System.Globalization;
using System.Text;

namespace Cete.Expressions;

/// <summary>SQL in the making: a text, and the values of its parameters, which are called @p1, @p2 and so on.</summary>
/// <param name="names">How tables and columns are called.</param>
/// <param name="dialect">Which database reads it.</param>
/// <param name="firstParameter">The number of the first parameter, where others stand before.</param>
public sealed class SqlWriter(ISqlNames names, SqlDialect dialect = SqlDialect.Sqlite, int firstParameter = 1)
{
    private readonly List<object?> _values = [];
    private int _aliases;

    /// <summary>How tables and columns are called.</summary>
    public ISqlNames Names { get; } = names;

    /// <summary>Which database reads it.</summary>
    public SqlDialect Dialect { get; } = dialect;

    /// <summary>What is written so far. Whoever puts a statement together writes here too.</summary>
    public StringBuilder Text { get; } = new();

    /// <summary>The values of the parameters, in their order: longs and texts. None is null.</summary>
    public IReadOnlyList<object?> Values => _values;

    /// <summary>The name of a new parameter that has this value.</summary>
    public string Parameter(object? value)
    {
        _values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"@p{firstParameter + _values.Count - 1}");
    }

    /// <summary>An alias that no other part of the statement has, unless somebody calls a table x and a number.</summary>
    internal string Alias() => string.Create(CultureInfo.InvariantCulture, $"x{++_aliases}");
}
