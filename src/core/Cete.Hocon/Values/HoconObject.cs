using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Cete.Hocon;

/// <summary>An object, whose keys stand in the order in which they were first written.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "The name is the specification's.")]
public sealed partial class HoconObject : HoconValue, IReadOnlyDictionary<string, HoconValue>
{
    private readonly OrderedDictionary<string, HoconValue> _fields;

    /// <summary>It has hidden something that is no object, which would have hidden what comes below.</summary>
    private readonly bool _hidesBelow;

    internal HoconObject(OrderedDictionary<string, HoconValue> fields, HoconOrigin origin, in ValueSize size, bool hidesBelow = false)
        : base(HoconKind.Object, origin, size) => (_fields, _hidesBelow) = (fields, hidesBelow);

    /// <summary>The object without fields.</summary>
    public static HoconObject Empty { get; } = new([], default, default);

    /// <summary>How many fields there are.</summary>
    public int Count => _fields.Count;

    /// <summary>The keys, as they are: not path expressions.</summary>
    public IEnumerable<string> Keys => _fields.Keys;

    /// <summary>The values, in the order of the keys.</summary>
    public IEnumerable<HoconValue> Values => _fields.Values;

    /// <summary>The value of a key, which is not a path expression.</summary>
    public HoconValue this[string key] => _fields[key];

    /// <summary>An object of these fields; of two with the same key the later one stays.</summary>
    public static HoconObject Of(IEnumerable<KeyValuePair<string, HoconValue>> fields) => Of(fields, default);

    /// <summary>
    /// This object over <paramref name="fallback"/>: objects are merged key by key, anything else here hides what is there, and goes on
    /// hiding what further fallbacks have (section "Config object merging and file merging"). What this object's own text had hidden is
    /// forgotten once it is resolved; <see cref="HoconDocument.WithFallback"/> knows it.
    /// </summary>
    public HoconObject WithFallback(HoconObject fallback)
    {
        if (_hidesBelow)
        {
            return this;
        }

        var merged = new OrderedDictionary<string, HoconValue>(fallback._fields, StringComparer.Ordinal);
        foreach (var (key, value) in _fields)
        {
            merged[key] = value is HoconObject upper && merged.TryGetValue(key, out var below) ? upper.Over(below) : value;
        }

        return Of(merged, Origin, fallback._hidesBelow);
    }

    /// <summary>All values that are no objects, arrays and nulls among them, with their paths, in order.</summary>
    public IEnumerable<KeyValuePair<HoconPath, HoconValue>> Leaves()
    {
        var open = new Stack<(HoconPath? Path, IEnumerator<KeyValuePair<string, HoconValue>> Fields)>();
        open.Push((null, GetEnumerator()));
        while (open.TryPeek(out var top))
        {
            if (!top.Fields.MoveNext())
            {
                open.Pop();
                continue;
            }

            var (key, value) = top.Fields.Current;
            var path = top.Path?.Append(key) ?? new HoconPath([key]);
            if (value is HoconObject inner)
            {
                open.Push((path, inner.GetEnumerator()));
            }
            else
            {
                yield return new(path, value);
            }
        }
    }

    /// <summary>Whether there is a field of this key, which is not a path expression.</summary>
    public bool ContainsKey(string key) => _fields.ContainsKey(key);

    /// <summary>The value of a key, which is not a path expression.</summary>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out HoconValue value) => _fields.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, HoconValue>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override bool Equals(HoconValue? other)
        => other is HoconObject value && value.Count == Count
            && _fields.All(field => value._fields.TryGetValue(field.Key, out var theirs) && field.Value.Equals(theirs));

    /// <inheritdoc/>
    public override int GetHashCode()
        => _fields.Aggregate(
            Count, static (sum, field) => sum ^ unchecked(field.Key.GetHashCode(StringComparison.Ordinal) + field.Value.GetHashCode()));

    private HoconObject Over(HoconValue below)
        => below is HoconObject lower ? WithFallback(lower) : new HoconObject(_fields, Origin, Size, hidesBelow: true);

    private static HoconObject Of(IEnumerable<KeyValuePair<string, HoconValue>> fields, HoconOrigin origin, bool hidesBelow = false)
    {
        var copy = new OrderedDictionary<string, HoconValue>(StringComparer.Ordinal);
        foreach (var (key, value) in fields)
        {
            copy[key] = value;
        }

        var size = new ValueSize();
        foreach (var (key, value) in copy)
        {
            size.Add(value, key);
        }

        return new HoconObject(copy, origin, size, hidesBelow);
    }
}
