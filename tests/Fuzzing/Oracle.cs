using Cete.Core;

namespace Cete.Fuzzing;

/// <summary>What a target read does not hold together: a bug.</summary>
internal sealed class FuzzFailedException(string message) : Exception(message);

/// <summary>Short forms of what targets check.</summary>
internal static class Oracle
{
    /// <summary>What came of reading: the kind and text of a failure without its figures and names, or that it was taken.</summary>
    public static string Of<T>(Outcome<T> outcome) => outcome.Failure is { } failure ? Of(failure) : FuzzTarget.Taken;

    /// <summary>What came of reading, where a failure is all there is.</summary>
    public static string Of(Failure? failure)
    {
        if (failure is null)
        {
            return FuzzTarget.Taken;
        }

        // What stands in quotes is mostly the input.
        var said = string.Concat(failure.Message.Split('\'').Where((_, i) => i % 2 == 0));
        return $"{failure.Kind} {new string([.. said.Where(char.IsAsciiLetter).Take(24)])}";
    }

    /// <summary>The same, after a look at what was read.</summary>
    public static string Of<T>(Outcome<T> outcome, Action<T> look)
    {
        if (outcome.Succeeded)
        {
            look(outcome.Value);
        }

        return Of(outcome);
    }

    /// <summary>What is written of what was read must be read again, and written alike.</summary>
    public static string Again<T>(Func<byte[], Outcome<T>> read, Func<T, byte[]> write, byte[] input) => Of(read(input), value =>
    {
        var bytes = write(value);
        var again = read(bytes);
        That(again.Succeeded, $"what was written of it cannot be read: {again.Failure}");
        That(write(again.Value).AsSpan().SequenceEqual(bytes), "what was read is written in another way the second time");
    });

    /// <summary>The same for texts.</summary>
    public static string Again<T>(Func<string, Outcome<T>> read, Func<T, string> write, string input) => Of(read(input), value =>
    {
        var text = write(value);
        var again = read(text);
        That(again.Succeeded, $"what was written of it cannot be read: {again.Failure}");
        That(write(again.Value) == text, "what was read is written in another way the second time");
    });

    public static void That(bool holds, string what)
    {
        if (!holds)
        {
            throw new FuzzFailedException(what);
        }
    }
}
