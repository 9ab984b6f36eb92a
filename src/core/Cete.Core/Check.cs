using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Cete.Core;

/// <summary>Assertions that stay on in Release: what they test can only fail through a bug in Cete.</summary>
public static class Check
{
    /// <summary>Stops the caller's machine when <paramref name="condition"/> does not hold.</summary>
    /// <exception cref="CheckFailedException">The condition is false.</exception>
    public static void That(
        [DoesNotReturnIf(false)] bool condition,
        string what = "",
        [CallerArgumentExpression(nameof(condition))] string expression = "")
    {
        if (!condition)
        {
            Fail(what.Length == 0 ? expression : $"{what} ({expression})");
        }
    }

    /// <summary>For places that a correct program never reaches.</summary>
    /// <exception cref="CheckFailedException">Always.</exception>
    [DoesNotReturn]
    public static void Fail(string what) => throw new CheckFailedException(what);
}

/// <summary>A <see cref="Check"/> failed: a bug. Whoever supervises the machine stops it; nobody else catches this.</summary>
public sealed class CheckFailedException(string message) : Exception(message);
