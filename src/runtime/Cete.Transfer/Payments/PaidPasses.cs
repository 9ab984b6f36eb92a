using System.Globalization;
using System.Security.Cryptography;
using Cete.Core;
using Cete.Ports.Payments;

namespace Cete.Transfer.Payments;

/// <summary>The downloads that a node pays for in the name of accounts, each until it is done or rests. For several callers at once.</summary>
/// <param name="till">Where this node is paid.</param>
/// <param name="node">This node.</param>
/// <param name="clock">The time here.</param>
public sealed class PaidPasses(ITill till, KeyId node, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>Downloads of one account at a time: each holds credits back, and the bank opens so many channels of an account and no more.</summary>
    public const int AccountMax = 8;

    /// <summary>Downloads of all at a time.</summary>
    public const int CountMax = 1_000;

    private const int SecretBytes = 16;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, PaidPass> _passes = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly string _run = NewSecret();
    private long _purposes;
    private bool _isEnded;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _passes.Count;
            }
        }
    }

    /// <summary>A pass for a download; the one that there is where it can bring as much, so that a form that is sent twice is paid once.</summary>
    /// <param name="order">What for.</param>
    /// <param name="makePayer">Makes who pays.</param>
    /// <param name="ended">Is told how many bytes were sent when it ends; null where nobody counts them.</param>
    public Outcome<PaidPass> Begin(PassOrder order, Func<Payer> makePayer, Action<long>? ended = null)
    {
        lock (_gate)
        {
            if (_passes.Values.FirstOrDefault(pass => pass.Order == order && (order.Link.Length > 0 || pass.Covers(order.Length))) is { } known)
            {
                return known;
            }

            if (_isEnded || _passes.Count >= CountMax)
            {
                return new Failure(FailureKind.Unavailable, "this node pays for as many downloads as it can; try again in a moment");
            }

            if (_passes.Values.Count(pass => pass.Order.Account == order.Account) >= AccountMax)
            {
                return new Failure(FailureKind.Throttled, $"{AccountMax} downloads of the account are being paid by this node; wait until one has ended");
            }

            var made = new PaidPass(NewSecret(), order, makePayer(), till, node, clock, ended);
            _passes.Add(made.Secret, made);
            return made;
        }
    }

    /// <summary>Names what a payer pays for: no two share a channel.</summary>
    public string NewPurpose() => string.Create(CultureInfo.InvariantCulture, $"{_run} {Interlocked.Increment(ref _purposes)}");

    /// <summary>Whether a payer of this run pays for it: what others left open is nobody's any more.</summary>
    public bool IsOwn(string purpose) => purpose.StartsWith(_run, StringComparison.Ordinal);

    /// <summary>The pass of that name; null for none.</summary>
    public PaidPass? Find(string secret)
    {
        lock (_gate)
        {
            return _passes.GetValueOrDefault(secret);
        }
    }

    /// <summary>The pass of an order; null for none.</summary>
    public PaidPass? Find(PassOrder order)
    {
        lock (_gate)
        {
            return _passes.Values.FirstOrDefault(pass => pass.Order == order);
        }
    }

    /// <summary>Ends those that nobody needs any more, until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, clock, stop);
                await SweepAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    /// <summary>Ends those that nobody needs any more.</summary>
    public Task SweepAsync()
    {
        var now = clock.GetUtcNow();
        return EndAsync(pass => pass.IsOver(now));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isEnded = true;
        }

        await EndAsync(_ => true);
    }

    private static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));

    private async Task EndAsync(Func<PaidPass, bool> isOver)
    {
        List<PaidPass> over;
        lock (_gate)
        {
            over = [.. _passes.Values.Where(isOver)];
            foreach (var pass in over)
            {
                _passes.Remove(pass.Secret);
                pass.Tell();
            }
        }

        await Task.WhenAll(over.Select(pass => pass.EndAsync().AsTask()));
    }
}
