namespace Cete.Hocon;

/// <summary>A string, a number, a boolean or null.</summary>
public sealed class HoconScalar : HoconValue
{
    internal HoconScalar(HoconKind kind, string text, HoconOrigin origin)
        : base(kind, origin, ValueSize.OfText(text)) => Text = text;

    /// <summary>The string, or the number, boolean or null as it was written: <c>1.50</c> stays <c>1.50</c>.</summary>
    public string Text { get; }

    /// <inheritdoc/>
    public override bool Equals(HoconValue? other) => other is HoconScalar scalar && scalar.Kind == Kind && scalar.Text == Text;

    /// <inheritdoc/>
    public override int GetHashCode() => ((int)Kind * 31) ^ Text.GetHashCode(StringComparison.Ordinal);
}
