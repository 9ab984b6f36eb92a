namespace Cete.Hocon;

/// <summary>Where a value was written.</summary>
public readonly record struct HoconOrigin
{
    private readonly SourceText? _source;
    private readonly int _offset;

    internal HoconOrigin(SourceText source, int offset) => (_source, _offset) = (source, offset);

    /// <summary>The name of the text, or what else the value came from.</summary>
    public string Source => _source?.Name ?? "(no source)";

    /// <summary>From 1; 0 when no text is behind the value (an environment variable, a value made by a program).</summary>
    public int Line => _source is { Text: not null } ? _source.Locate(_offset).Line : 0;

    /// <summary>From 1, in UTF-16 units; 0 when no text is behind the value.</summary>
    public int Column => _source is { Text: not null } ? _source.Locate(_offset).Column : 0;

    internal HoconError Error(string message) => new(Source, Line, Column, message);

    /// <summary><c>file:line:column</c>, or the source alone.</summary>
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}
