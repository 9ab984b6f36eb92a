namespace Cete.Hocon;

/// <summary>One thing that is wrong with an input, and where.</summary>
/// <param name="Source">The name of the text, as it was handed in.</param>
/// <param name="Line">From 1; 0 when there is no text behind it.</param>
/// <param name="Column">From 1, in UTF-16 units; 0 when there is no text behind it.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
public sealed record HoconError(string Source, int Line, int Column, string Message)
{
    /// <summary><c>file:line:column: message</c>.</summary>
    public override string ToString() => Line == 0 ? $"{Source}: {Message}" : $"{Source}:{Line}:{Column}: {Message}";
}

/// <summary>The only exception that an input of this library can cause. Holds everything that was found wrong, in order.</summary>
public sealed class HoconException : Exception
{
    /// <summary>An exception for <paramref name="errors"/>, of which there is at least one.</summary>
    public HoconException(IReadOnlyList<HoconError> errors)
        : base(string.Join('\n', errors)) => Errors = errors;

    internal HoconException(HoconError error)
        : this([error])
    {
    }

    /// <summary>What was found wrong, in the order in which it was found.</summary>
    public IReadOnlyList<HoconError> Errors { get; }
}
