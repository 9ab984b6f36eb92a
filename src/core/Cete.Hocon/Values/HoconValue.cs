using System.Globalization;

namespace Cete.Hocon;

/// <summary>
/// A resolved value: immutable, and it knows where it was written. Two values are equal when their kinds and contents are, wherever
/// they come from and in whatever order their keys stand.
/// </summary>
public abstract partial class HoconValue : IEquatable<HoconValue>
{
    private readonly ValueSize _size;

    private protected HoconValue(HoconKind kind, HoconOrigin origin, in ValueSize size) => (Kind, Origin, _size) = (kind, origin, size);

    /// <summary>The type.</summary>
    public HoconKind Kind { get; }

    /// <summary>Where it was written. An object that was merged has the place of its part of highest priority.</summary>
    public HoconOrigin Origin { get; }

    internal ref readonly ValueSize Size => ref _size;

    internal int Height => _size.Height;

    /// <summary>A string.</summary>
    public static HoconValue Of(string value) => new HoconScalar(HoconKind.String, value, default);

    /// <summary>A whole number.</summary>
    public static HoconValue Of(long value) => new HoconScalar(HoconKind.Number, value.ToString(CultureInfo.InvariantCulture), default);

    /// <summary>A finite number.</summary>
    public static HoconValue Of(double value)
    {
        Core.Check.That(double.IsFinite(value), "HOCON has no NaN and no infinities");
        return new HoconScalar(HoconKind.Number, value.ToString("R", CultureInfo.InvariantCulture), default);
    }

    /// <summary>A boolean.</summary>
    public static HoconValue Of(bool value) => new HoconScalar(HoconKind.Boolean, value ? "true" : "false", default);

    /// <summary>An array.</summary>
    public static HoconValue Of(IEnumerable<HoconValue> elements)
    {
        var list = elements.ToList();
        var size = new ValueSize();
        list.ForEach(element => size.Add(element));
        return new HoconArray(list, default, size);
    }

    /// <summary>The value null.</summary>
    public static HoconValue Null { get; } = new HoconScalar(HoconKind.Null, "null", default);

    /// <inheritdoc/>
    public abstract bool Equals(HoconValue? other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as HoconValue);

    /// <inheritdoc/>
    public abstract override int GetHashCode();

    /// <summary>The value on one line, as JSON.</summary>
    public override string ToString() => HoconWriter.ToJson(this);

    internal static string Describe(HoconKind kind) => kind switch
    {
        HoconKind.Null => "null",
        HoconKind.Boolean => "a boolean",
        HoconKind.Number => "a number",
        HoconKind.String => "a string",
        HoconKind.Array => "an array",
        _ => "an object",
    };

    internal string Describe()
    {
        if (this is not HoconScalar scalar || Kind == HoconKind.Null)
        {
            return Describe(Kind);
        }

        const int Shown = 60;
        var text = scalar.Text.Length > Shown ? scalar.Text[..Shown] + "..." : scalar.Text;
        return Kind == HoconKind.String ? $"the string \"{text}\"" : $"{Describe(Kind)[2..]} {text}";
    }
}
