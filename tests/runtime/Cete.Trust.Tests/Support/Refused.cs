using Cete.Core;

namespace Cete.Trust.Tests.Support;

internal static class Refused
{
    /// <summary>The outcome is a failure whose text has these words.</summary>
    public static Failure With<T>(Outcome<T> outcome, params string[] words)
    {
        Assert.False(outcome.Succeeded, "it succeeded");
        Assert.All(words, word => Assert.Contains(word, outcome.Failure!.Message, StringComparison.Ordinal));
        return outcome.Failure!;
    }
}
