using System.Collections;
using System.Globalization;

namespace Cete.Hocon;

/// <summary>An array.</summary>
public sealed class HoconArray : HoconValue, IReadOnlyList<HoconValue>
{
    private readonly List<HoconValue> _elements;

    internal HoconArray(List<HoconValue> elements, HoconOrigin origin, in ValueSize size)
        : base(HoconKind.Array, origin, size) => _elements = elements;

    /// <summary>How many elements there are.</summary>
    public int Count => _elements.Count;

    /// <summary>The element at <paramref name="index"/>, from 0.</summary>
    public HoconValue this[int index] => _elements[index];

    /// <inheritdoc/>
    public IEnumerator<HoconValue> GetEnumerator() => _elements.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override bool Equals(HoconValue? other) => other is HoconArray array && _elements.SequenceEqual(array._elements);

    /// <inheritdoc/>
    public override int GetHashCode()
        => _elements.Aggregate(_elements.Count, static (sum, element) => unchecked((sum * 31) + element.GetHashCode()));

    /// <summary>Whether a key counts as an index (section "Conversion of numerically-indexed objects to arrays").</summary>
    internal static bool TryIndex(string key, out int index)
        => int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out index);
}
