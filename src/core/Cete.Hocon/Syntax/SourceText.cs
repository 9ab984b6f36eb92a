namespace Cete.Hocon;

/// <summary>A named text. The table of its lines is made when the first error or origin asks for a line.</summary>
internal sealed class SourceText(string name, string? text)
{
    private int[]? _lineStarts;

    public string Name => name;

    public string? Text => text;

    public (int Line, int Column) Locate(int offset)
    {
        _lineStarts ??= FindLines(text ?? string.Empty);
        var found = Array.BinarySearch(_lineStarts, offset);
        var line = found >= 0 ? found : ~found - 1;
        return (line + 1, offset - _lineStarts[line] + 1);
    }

    public HoconError Error(int offset, string message)
    {
        var (line, column) = Locate(offset);
        return new HoconError(name, line, column, message);
    }

    private static int[] FindLines(string text)
    {
        var starts = new List<int> { 0 };
        for (var at = text.IndexOf('\n'); at >= 0; at = text.IndexOf('\n', at + 1))
        {
            starts.Add(at + 1);
        }

        return [.. starts];
    }
}
