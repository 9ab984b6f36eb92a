using System.Text;

namespace Cete.Hocon;

/// <summary>A path expression (section "Path expressions"): one or more keys, from the outermost inwards.</summary>
public sealed class HoconPath : IEquatable<HoconPath>
{
    private readonly string[] _elements;

    internal HoconPath(string[] elements) => _elements = elements;

    /// <summary>The keys; at least one. A key may hold any characters, dots among them.</summary>
    public IReadOnlyList<string> Elements => _elements;

    internal ReadOnlySpan<string> Keys => _elements;

    /// <summary>A path of these keys, as they are.</summary>
    public static HoconPath Of(params IEnumerable<string> elements)
    {
        string[] keys = [.. elements];
        Core.Check.That(keys.Length > 0, "a path has at least one element");
        return new HoconPath(keys);
    }

    /// <summary>Reads <c>a.b."c.d"</c>.</summary>
    /// <exception cref="HoconException">It is not a path expression.</exception>
    public static HoconPath Parse(string path) => Parser.ParsePath(path);

    /// <summary>This path with one more key at its end.</summary>
    public HoconPath Append(string element) => new([.. _elements, element]);

    internal HoconPath After(HoconPath prefix) => new([.. prefix._elements, .. _elements]);

    internal bool StartsWith(ReadOnlySpan<string> keys) => keys.Length <= _elements.Length && Keys[..keys.Length].SequenceEqual(keys);

    /// <inheritdoc/>
    public bool Equals(HoconPath? other) => other is not null && Keys.SequenceEqual(other.Keys);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as HoconPath);

    /// <inheritdoc/>
    public override int GetHashCode()
        => _elements.Aggregate(_elements.Length, static (sum, key) => unchecked((sum * 31) + key.GetHashCode(StringComparison.Ordinal)));

    /// <summary>The path as it would be written, with quotes where they are needed.</summary>
    public override string ToString() => Render(_elements);

    internal static string Render(ReadOnlySpan<string> elements)
    {
        var text = new StringBuilder();
        foreach (var element in elements)
        {
            if (text.Length > 0)
            {
                text.Append('.');
            }

            Quoting.AppendKey(text, element);
        }

        return text.ToString();
    }
}
