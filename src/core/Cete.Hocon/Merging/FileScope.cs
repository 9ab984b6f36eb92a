namespace Cete.Hocon;

/// <summary>The text that syntax comes from, and how it came to be included.</summary>
/// <param name="Source">The text.</param>
/// <param name="Parent">The text that includes it, or null.</param>
/// <param name="Prefixes">The places of the include statements that lead here, the innermost first.</param>
/// <param name="Depth">How many includes lead here.</param>
/// <param name="IncludedInArray">Whether one of them stood inside an array, where places have no path.</param>
internal sealed record FileScope(SourceText Source, FileScope? Parent, HoconPath[] Prefixes, int Depth, bool IncludedInArray)
{
    /// <summary>Whether the syntax at hand is inside an array of this text.</summary>
    public bool IsInArray { get; init; }

    public HoconOrigin At(ValueSyntax syntax) => new(Source, syntax.Start);
}

/// <summary>The path of the object that is being filled, linked from its end; null is the root.</summary>
internal sealed record PathLink(PathLink? Parent, string Key)
{
    public HoconPath ToPath()
    {
        var keys = new List<string>();
        for (var link = this; link is not null; link = link.Parent)
        {
            keys.Add(link.Key);
        }

        keys.Reverse();
        return new HoconPath([.. keys]);
    }
}
