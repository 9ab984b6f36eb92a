using System.Diagnostics.CodeAnalysis;

namespace Cete.Core;

/// <summary>
/// What can be expected to fail: the kind decides the HTTP status and the exit code (mapped once, in Cete.Api and in the program),
/// the text says what, where and what to do.
/// </summary>
public enum FailureKind
{
    /// <summary>The request cannot mean anything; repeating it will not help.</summary>
    Invalid,

    /// <summary>What is named does not exist.</summary>
    NotFound,

    /// <summary>It clashes with what is there.</summary>
    Conflict,

    /// <summary>The asker has no right to it.</summary>
    Forbidden,

    /// <summary>Over a stated bound.</summary>
    TooLarge,

    /// <summary>The id of the request is too old to be recognized; it was not executed.</summary>
    Expired,

    /// <summary>The content does not match its hash.</summary>
    Damaged,

    /// <summary>No room on a disk.</summary>
    Full,

    /// <summary>Not now: overloaded, starting or stopping; try again.</summary>
    Unavailable,

    /// <summary>Stopped on request.</summary>
    Cancelled,

    /// <summary>It is not known who asks: log in.</summary>
    Unauthenticated,

    /// <summary>The asker asks too much, or too often; again later.</summary>
    Throttled,

    /// <summary>It costs credits, which were not paid.</summary>
    Unpaid,

    /// <summary>The community's moderators took the content down.</summary>
    TakenDown,
}

/// <summary>An expected failure.</summary>
public sealed record Failure(FailureKind Kind, string Message)
{
    /// <summary>After so long it may be tried again; null where nobody can tell. It is for this answer alone: no reply of a group has it.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public override string ToString() => Message;
}

/// <summary>A value, or the failure that took its place.</summary>
public readonly struct Outcome<T>
{
    private readonly T? _value;

    private Outcome(T? value, Failure? failure) => (_value, Failure) = (value, failure);

    /// <summary>Null on success.</summary>
    public Failure? Failure { get; }

    /// <summary>The value. Only on success.</summary>
    /// <exception cref="CheckFailedException">It failed.</exception>
    public T Value
    {
        get
        {
            Check.That(Failure is null, Failure?.Message ?? string.Empty);
            return _value!;
        }
    }

    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Succeeded => Failure is null;

    internal static Outcome<T> Success(T value) => new(value, null);

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Failure failure) => new(default, failure);

    public Outcome<TNext> Then<TNext>(Func<T, TNext> next) => Failure is { } failure ? failure : next(_value!);
}

/// <summary>Makes outcomes where the conversion operators cannot: C# converts no interfaces by operators.</summary>
public static class Outcome
{
    /// <summary>A success.</summary>
    public static Outcome<T> Of<T>(T value) => Outcome<T>.Success(value);

    /// <summary>What comes of each in its turn, or the first failure.</summary>
    public static Outcome<IReadOnlyList<TNext>> OfEach<T, TNext>(IReadOnlyList<T> all, Func<T, Outcome<TNext>> next)
    {
        List<TNext> came = [];
        foreach (var one in all)
        {
            var outcome = next(one);
            if (!outcome.Succeeded)
            {
                return outcome.Failure;
            }

            came.Add(outcome.Value);
        }

        return came;
    }
}
