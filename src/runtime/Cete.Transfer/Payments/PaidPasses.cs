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

    /// <summary>A pass for a download; the one that there is where the account downloads the same already.</summary>
    /// <param name="order">What for.</param>
    /// <param name="makePayer">Makes who pays.</param>
    public Outcome<PaidPass> Begin(PassOrder order, Func<Payer> makePayer)
    {
        lock (_gate)
        {
            if (_passes.Values.FirstOrDefault(pass => pass.Order == order) is { } known)
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

            var made = new PaidPass(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes)), order, makePayer(), till, node, clock);
            _passes.Add(made.Secret, made);
            return made;
        }
    }

    /// <summary>The pass of that name; null for none.</summary>
    public PaidPass? Find(string secret)
    {
        lock (_gate)
        {
            return _passes.GetValueOrDefault(secret);
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

    private async Task EndAsync(Func<PaidPass, bool> isOver)
    {
        List<PaidPass> over;
        lock (_gate)
        {
            over = [.. _passes.Values.Where(isOver)];
            over.ForEach(pass => _passes.Remove(pass.Secret));
        }

        await Task.WhenAll(over.Select(pass => pass.EndAsync().AsTask()));
    }
}
