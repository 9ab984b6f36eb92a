using Cete.Core;

namespace Cete.Index.Tests;

/// <summary>One of the commands that users give, in words.</summary>
internal abstract record Step
{
    public sealed record Make(string Path) : Step;

    public sealed record Put(string Path, string Content) : Step;

    public sealed record Move(string From, string To) : Step;

    public sealed record Remove(string Path) : Step;

    /// <summary>Undoes one of the removals so far.</summary>
    public sealed record Restore(int Which) : Step;
}

/// <summary>Commands over few names, so that they meet often.</summary>
internal sealed class RandomCommands(Prng chance)
{
    private static readonly string[] Names = ["a", "b", "c"];

    public Step Next() => chance.Next(12) switch
    {
        0 or 1 => new Step.Make(Path()),
        2 or 3 or 4 or 5 => new Step.Put(Path(), $"{chance.Next(3)}"),
        6 or 7 => new Step.Move(Path(), Path()),
        8 or 9 => new Step.Remove(Path()),
        _ => new Step.Restore(chance.Next(1_000)),
    };

    private string Path() => string.Concat(Enumerable.Range(0, 1 + chance.Next(3)).Select(_ => "/" + Names[chance.Next(Names.Length)]));
}
