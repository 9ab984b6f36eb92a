using System.Text;

namespace Cete.Index;

/// <summary>Puts a SELECT together from fixed pieces; what users typed goes into parameters only.</summary>
internal sealed class Statement
{
    private readonly StringBuilder _text;
    private readonly List<object?> _values = [];

    /// <param name="start">The text it begins with.</param>
    /// <param name="first">The value of <c>@p1</c>.</param>
    public Statement(string start, object first)
    {
        _text = new StringBuilder(start);
        _values.Add(first);
    }

    public string Text => _text.ToString();

    public object?[] Values => [.. _values];

    public void Add(string text) => _text.Append(text);

    /// <summary>Adds a value and the parameter that stands for it.</summary>
    public void AddValue(object value)
    {
        _values.Add(value);
        _text.Append("@p").Append(_values.Count);
    }
}
