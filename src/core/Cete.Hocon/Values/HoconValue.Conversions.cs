namespace Cete.Hocon;

/// <summary>The value as a type of .NET, converted where the specification says so ("Automatic type conversions").</summary>
public abstract partial class HoconValue
{
    /// <summary>A string, or the text of a number or boolean.</summary>
    /// <exception cref="HoconException">It is null, an array or an object.</exception>
    public string GetString() => Conversions.ToText(this) ?? throw Mismatch(null, Expected.String);

    /// <summary>true, false, or one of the strings true, yes, on, false, no, off.</summary>
    /// <exception cref="HoconException">It is something else.</exception>
    public bool GetBoolean() => Conversions.ToBoolean(this) ?? throw Mismatch(null, Expected.Boolean);

    /// <summary>A whole number, or a string that holds one.</summary>
    /// <exception cref="HoconException">It is something else, or too large.</exception>
    public int GetInt32() => Conversions.ToInt32(this) ?? throw Mismatch(null, Expected.Int32);

    /// <summary>A whole number, or a string that holds one.</summary>
    /// <exception cref="HoconException">It is something else, or too large.</exception>
    public long GetInt64() => Conversions.ToInt64(this) ?? throw Mismatch(null, Expected.Int64);

    /// <summary>A number, or a string that holds one.</summary>
    /// <exception cref="HoconException">It is something else, or too large.</exception>
    public double GetDouble() => Conversions.ToDouble(this) ?? throw Mismatch(null, Expected.Double);

    /// <summary>A duration such as <c>10 s</c>; milliseconds when there is no unit; cut off to 100 ns ("Duration format").</summary>
    /// <exception cref="HoconException">It is something else, or too long.</exception>
    public TimeSpan GetDuration() => Conversions.ToDuration(this) ?? throw Mismatch(null, Expected.Duration);

    /// <summary>A period such as <c>3 weeks</c>; days when there is no unit ("Period format").</summary>
    /// <exception cref="HoconException">It is something else, or too long.</exception>
    public HoconPeriod GetPeriod() => Conversions.ToPeriod(this) ?? throw Mismatch(null, Expected.Period);

    /// <summary>A size such as <c>64 MiB</c>, in bytes; cut off to whole bytes ("Size in bytes format").</summary>
    /// <exception cref="HoconException">It is something else, negative, or too large.</exception>
    public long GetBytes() => Conversions.ToBytes(this) ?? throw Mismatch(null, Expected.Bytes);

    /// <summary>An array, or an object whose keys are indices ("Conversion of numerically-indexed objects to arrays").</summary>
    /// <exception cref="HoconException">It is something else.</exception>
    public HoconArray GetList() => Conversions.ToArray(this) ?? throw Mismatch(null, Expected.List);

    /// <summary>An object.</summary>
    /// <exception cref="HoconException">It is something else.</exception>
    public HoconObject GetObject() => this as HoconObject ?? throw Mismatch(null, Expected.Object);

    internal HoconException Mismatch(HoconPath? path, string expected)
        => new(Origin.Error($"{(path is null ? "expected" : $"{path}: expected")} {expected}, found {Describe()}"));

    internal static class Expected
    {
        public const string String = "a string";
        public const string Boolean = "true or false";
        public const string Int32 = "a whole number from -2147483648 to 2147483647";
        public const string Int64 = "a whole number of at most 64 bits";
        public const string Double = "a number";
        public const string Duration = "a duration such as 500ms, 10s, 5m, 2h or 7d";
        public const string Period = "a period such as 10d, 2w, 3mo or 1y";
        public const string Bytes = "a size such as 512, 64kB, 16MiB or 2G";
        public const string List = "an array";
        public const string Object = "an object";
    }
}
