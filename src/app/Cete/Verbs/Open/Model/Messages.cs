using Cete.Api;
using Cete.App.Verbs.Open.Keys;
using Cete.Core;

namespace Cete.App.Verbs.Open.Model;

/// <summary>Something that the model is told.</summary>
internal abstract record Message
{
    /// <summary>A key was pressed.</summary>
    public sealed record Pressed(Key Key) : Message;

    /// <summary>The terminal has another size.</summary>
    public sealed record Resized(int Width, int Height) : Message;

    /// <summary>Time went by.</summary>
    public sealed record Ticked(DateTimeOffset Now) : Message;

    /// <summary>Something happened to a record, on whichever client.</summary>
    public sealed record Changed(RecordEventInfo Event) : Message;

    /// <summary>Changes come in, or do not any more; some may have been missed.</summary>
    public sealed record Live(bool IsLive, bool HasMissed) : Message;

    /// <summary>What accounts are called.</summary>
    public sealed record Named(string Account, string Name) : Message;

    /// <summary>A question was answered.</summary>
    /// <param name="Ask">Which one.</param>
    /// <param name="What">The answer; null where it failed.</param>
    /// <param name="Failure">Why it failed; null where it did not.</param>
    public sealed record Answered(long Ask, object? What, Failure? Failure) : Message;

    /// <summary>Text comes back from an editor; null where it was given up.</summary>
    public sealed record Edited(long Ask, string? Text, Failure? Failure) : Message;
}
