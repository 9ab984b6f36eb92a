using System.Diagnostics.CodeAnalysis;

namespace Cete.Hocon;

/// <summary>The types of the specification.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The names are the specification's.")]
public enum HoconKind
{
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}
