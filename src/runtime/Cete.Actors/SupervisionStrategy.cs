using Cete.Core;

namespace Cete.Actors;

/// <summary>The answer to a failure.</summary>
public enum SupervisionDirective
{
    /// <summary>The actor stops for good.</summary>
    Stop,

    /// <summary>A new instance takes over address and mailbox after a delay; the failing message is lost.</summary>
    Restart,

    /// <summary>The parent fails in its place, with the same exception; an actor without a parent stops.</summary>
    Escalate,
}

/// <summary>
/// How an actor's failures are answered. Each failure is reported to <see cref="ActorSystemOptions.Failures"/>, whatever the answer.
/// A <see cref="CheckFailedException"/> is a bug and stops its actor under every strategy.
/// </summary>
public sealed record SupervisionStrategy
{
    private static readonly TimeSpan DelayMax = TimeSpan.FromDays(1);

    private SupervisionStrategy(SupervisionDirective directive) => Directive = directive;

    /// <summary>Stops the actor.</summary>
    public static SupervisionStrategy Stop { get; } = new(SupervisionDirective.Stop);

    /// <summary>Hands the failure up.</summary>
    public static SupervisionStrategy Escalate { get; } = new(SupervisionDirective.Escalate);

    /// <summary>Restarts the actor with the default bounds, which <c>with</c> changes.</summary>
    public static SupervisionStrategy Restart { get; } = new(SupervisionDirective.Restart);

    /// <summary>The answer to what <see cref="Decide"/> does not answer.</summary>
    public SupervisionDirective Directive { get; }

    /// <summary>
    /// The answer to one exception; null (the default) is <see cref="Directive"/> for all. If it throws, the actor stops.
    /// </summary>
    public Func<Exception, SupervisionDirective>? Decide { get; init; }

    /// <summary>Restarts within <see cref="Window"/>, 0 to 10,000; the failure after them stops the actor. Default 10.</summary>
    /// <exception cref="CheckFailedException">Out of range.</exception>
    public int RestartsMax
    {
        get;
        init
        {
            Check.That(value is >= 0 and <= 10_000);
            field = value;
        }
    } = 10;

    /// <summary>How long a restart counts, above zero. Default one minute.</summary>
    /// <exception cref="CheckFailedException">Out of range.</exception>
    public TimeSpan Window
    {
        get;
        init
        {
            Check.That(value > TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromMinutes(1);

    /// <summary>The delay of the first restart, 0 (at once) to a day; each further one in the window doubles it. Default 100 ms.</summary>
    /// <exception cref="CheckFailedException">Out of range.</exception>
    public TimeSpan BackoffMin
    {
        get;
        init
        {
            Check.That(value >= TimeSpan.Zero && value <= DelayMax);
            field = value;
        }
    } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest delay before jitter, 0 to a day. Default 10 s.</summary>
    /// <exception cref="CheckFailedException">Out of range.</exception>
    public TimeSpan BackoffMax
    {
        get;
        init
        {
            Check.That(value >= TimeSpan.Zero && value <= DelayMax);
            field = value;
        }
    } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Up to how many percent of the delay are added by chance, 0 to 100, so that what failed together does not return together. Default
    /// 20.
    /// </summary>
    /// <exception cref="CheckFailedException">Out of range.</exception>
    public int JitterPercent
    {
        get;
        init
        {
            Check.That(value is >= 0 and <= 100);
            field = value;
        }
    } = 20;

    internal SupervisionDirective Answer(Exception cause)
    {
        if (cause is CheckFailedException)
        {
            return SupervisionDirective.Stop;
        }

        try
        {
            return Decide?.Invoke(cause) ?? Directive;
        }
        catch (Exception)
        {
            return SupervisionDirective.Stop;
        }
    }

    /// <param name="restarts">Restarts within the window so far, this one included.</param>
    /// <param name="chance">Draws a number from 0 to below its argument.</param>
    internal TimeSpan DelayOf(int restarts, Func<long, long> chance)
    {
        var delay = BackoffMin.Ticks;
        for (var i = 1; i < restarts && delay < BackoffMax.Ticks; i++)
        {
            delay *= 2;
        }

        delay = Math.Min(delay, Math.Max(BackoffMin.Ticks, BackoffMax.Ticks));
        var jitter = delay / 100 * JitterPercent;
        return TimeSpan.FromTicks(delay + (jitter > 0 ? chance(jitter + 1) : 0));
    }
}
