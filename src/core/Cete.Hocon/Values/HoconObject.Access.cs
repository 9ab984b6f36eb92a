using System.Diagnostics.CodeAnalysis;

namespace Cete.Hocon;

/// <summary>
/// Fields by path expression. The Get methods demand the field; the TryGet methods return false when it is missing or null. Both throw
/// when it is there but of another kind, so that a mistake in a file is never taken for a default.
/// </summary>
public sealed partial class HoconObject
{
    /// <summary>The value at a path, null values included.</summary>
    /// <exception cref="HoconException">There is none.</exception>
    public HoconValue Get(string path)
    {
        var parsed = HoconPath.Parse(path);
        return Find(parsed) ?? throw Missing(parsed);
    }

    /// <summary>Whether there is a value at a path, null values included.</summary>
    /// <exception cref="HoconException"><paramref name="path"/> is no path expression.</exception>
    public bool TryGet(string path, [NotNullWhen(true)] out HoconValue? value) => (value = Find(HoconPath.Parse(path))) is not null;

    /// <summary>The string at a path; see <see cref="HoconValue.GetString()"/>.</summary>
    /// <exception cref="HoconException">It is missing, null or something else.</exception>
    public string GetString(string path) => Require(path, Conversions.ToText, Expected.String);

    /// <summary>The string at a path, or false when it is missing or null; see <see cref="HoconValue.GetString()"/>.</summary>
    /// <exception cref="HoconException">It is something else.</exception>
    public bool TryGetString(string path, [NotNullWhen(true)] out string? value)
        => TryConvert(path, Conversions.ToText, Expected.String, out value);

    /// <summary>The boolean at a path; see <see cref="HoconValue.GetBoolean()"/>.</summary>
    /// <exception cref="HoconException">It is missing, null or something else.</exception>
    public bool GetBoolean(string path) => Require(path, Conversions.ToBoolean, Expected.Boolean);

    /// <summary>The boolean at a path, or false when it is missing or null; see <see cref="HoconValue.GetBoolean()"/>.</summary>
    /// <exception cref="HoconException">It is something else.</exception>
    public bool TryGetBoolean(string path, out bool value)
        => TryConvert(path, Conversions.ToBoolean, Expected.Boolean, out value);

    /// <summary>The whole number at a path; see <see cref="HoconValue.GetInt32()"/>.</summary>
    /// <exception cref="HoconException">It is missing, null or something else.</exception>
    public int GetInt32(string path) => Require(path, Conversions.ToInt32, Expected.Int32);

    /// <summary>The whole number at a path, or false when it is missing or null; see <see cref="HoconValue.GetInt32()"/>.</summary>
    /// <exception cref="HoconException">It is something else.</exception>
    public bool TryGetInt32(string path, out int value)
        => TryConvert(path, Conversions.ToInt32, Expected.Int32, out value);

    /// <summary>The whole number at a path; see <see cref="HoconValue.GetInt64()"/>.</summary>
    /// <exception cref="HoconException">It is missing, null or something else.</exception>
    public long GetInt64(string path) => Require(path, Conversions.ToInt64, Expected.Int64);

    /// <summary>The whole number at a path, or false when it is missing or null; see <see cref="HoconValue.GetInt64()"/>.</summary>
    /// <exception cref="HoconException">It is something else.</exception>
    public bool TryGetInt64(string path, out long value)
        => TryConvert(path, Conversions.ToInt64, Expected.Int64, out value);

    /// <summary>The number at a path; see <see cref="HoconValue.GetDouble()"/>.</summary>
    /// <exception cref="HoconException">It is missing, null or something else.</exception>
    public double GetDouble(string path) => Require(path, Conversions.ToDouble, Expected.Double);

    /// <summary>The number at a path, or false when it is missing or null; see <see cref="HoconValue.GetDouble()"/>.</summary>
    /// <exception cref="HoconException">It is something else.</exception>
    public bool TryGetDouble(string path, out double value)
        => TryConvert(path, Conversions.ToDouble, Expected.Double, out value);

    /// <summary>The duration at a path; see <see cref="HoconValue.GetDuration()"/>.</summary>
    /// <exception cref="HoconException">It is missing, null or something else.</exception>
    public TimeSpan GetDuration(string path) => Require(path, Conversions.ToDuration, Expected.Duration);

    /// <summary>The duration at a path, or false when it is missing or null; see <see cref="HoconValue.GetDuration()"/>.</summary>
    /// <exception cref="HoconException">It is something else.</exception>
    public bool TryGetDuration(string path, out TimeSpan value)
        => TryConvert(path, Conversions.ToDuration, Expected.Duration, out value);

    /// <summary>The period at a path; see <see cref="HoconValue.GetPeriod()"/>.</summary>
    /// <exception cref="HoconException">It is missing, null or something else.</exception>
    public HoconPeriod GetPeriod(string path) => Require(path, Conversions.ToPeriod, Expected.Period);

    /// <summary>The period at a path, or false when it is missing or null; see <see cref="HoconValue.GetPeriod()"/>.</summary>
    /// <exception cref="HoconException">It is something else.</exception>
    public bool TryGetPeriod(string path, out HoconPeriod value)
        => TryConvert(path, Conversions.ToPeriod, Expected.Period, out value);

    /// <summary>The size in bytes at a path; see <see cref="HoconValue.GetBytes()"/>.</summary>
    /// <exception cref="HoconException">It is missing, null or something else.</exception>
    public long GetBytes(string path) => Require(path, Conversions.ToBytes, Expected.Bytes);

    /// <summary>The size in bytes at a path, or false when it is missing or null; see <see cref="HoconValue.GetBytes()"/>.</summary>
    /// <exception cref="HoconException">It is something else.</exception>
    public bool TryGetBytes(string path, out long value)
        => TryConvert(path, Conversions.ToBytes, Expected.Bytes, out value);

    /// <summary>The array at a path; see <see cref="HoconValue.GetList()"/>.</summary>
    /// <exception cref="HoconException">It is missing, null or something else.</exception>
    public HoconArray GetList(string path) => Require(path, Conversions.ToArray, Expected.List);

    /// <summary>The array at a path, or false when it is missing or null; see <see cref="HoconValue.GetList()"/>.</summary>
    /// <exception cref="HoconException">It is something else.</exception>
    public bool TryGetList(string path, [NotNullWhen(true)] out HoconArray? value)
        => TryConvert(path, Conversions.ToArray, Expected.List, out value);

    /// <summary>The object at a path; see <see cref="HoconValue.GetObject()"/>.</summary>
    /// <exception cref="HoconException">It is missing, null or something else.</exception>
    public HoconObject GetObject(string path) => Require(path, Conversions.ToObject, Expected.Object);

    /// <summary>The object at a path, or false when it is missing or null; see <see cref="HoconValue.GetObject()"/>.</summary>
    /// <exception cref="HoconException">It is something else.</exception>
    public bool TryGetObject(string path, [NotNullWhen(true)] out HoconObject? value)
        => TryConvert(path, Conversions.ToObject, Expected.Object, out value);

    /// <summary>The value at a path, or null when there is none.</summary>
    public HoconValue? Find(HoconPath path)
    {
        HoconValue? current = this;
        foreach (var key in path.Keys)
        {
            current = current is HoconObject parent && parent._fields.TryGetValue(key, out var value) ? value : null;
        }

        return current;
    }

    private T Require<T>(string path, Func<HoconValue, T?> convert, string expected)
        where T : class
    {
        var value = Demand(path, out var parsed);
        return convert(value) ?? throw value.Mismatch(parsed, expected);
    }

    private T Require<T>(string path, Func<HoconValue, T?> convert, string expected)
        where T : struct
    {
        var value = Demand(path, out var parsed);
        return convert(value) ?? throw value.Mismatch(parsed, expected);
    }

    private bool TryConvert<T>(string path, Func<HoconValue, T?> convert, string expected, [NotNullWhen(true)] out T? converted)
        where T : class
    {
        converted = null;
        return IsSet(path, out var parsed, out var value)
            && (converted = convert(value)) is null ? throw value.Mismatch(parsed, expected) : converted is not null;
    }

    private bool TryConvert<T>(string path, Func<HoconValue, T?> convert, string expected, out T converted)
        where T : struct
    {
        converted = default;
        if (!IsSet(path, out var parsed, out var value))
        {
            return false;
        }

        converted = convert(value) ?? throw value.Mismatch(parsed, expected);
        return true;
    }

    private bool IsSet(string path, out HoconPath parsed, [NotNullWhen(true)] out HoconValue? value)
    {
        parsed = HoconPath.Parse(path);
        value = Find(parsed);
        return value is not null and not { Kind: HoconKind.Null };
    }

    private HoconValue Demand(string path, out HoconPath parsed)
    {
        parsed = HoconPath.Parse(path);
        return Find(parsed) ?? throw Missing(parsed);
    }

    private HoconException Missing(HoconPath path) => new(Origin.Error($"{path} is missing; add it"));
}
