using Cete.Core;
using Cete.Groups;
using Cete.Trust;

namespace Cete.Bank;

/// <summary>
/// What the root of the bank sees to: that the ledger is begun, that what is due happens, and that its journal stands under signed heads. It runs on
/// each node with the role; those that are not the root only look whether they are.
/// </summary>
/// <param name="bank">The bank.</param>
/// <param name="key">Of this node.</param>
/// <param name="clock">Whose timers it waits by.</param>
/// <param name="failed">Is told why something was not done; it is tried again by itself.</param>
public sealed class BankKeeper(BankService bank, NodeKey key, TimeProvider clock, Action<Failure> failed)
{
    /// <summary>Between two looks at what is due: half of what a user would notice.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>Between two signed heads, where there is anything new: a receipt is to be had after so long.</summary>
    private static readonly TimeSpan HeadInterval = TimeSpan.FromSeconds(5);

    private readonly Asker _self = new(key.Id.ToString(), [BankMachine.BankRole]);
    private long? _signedAt;
    private long _seen = -1;
    private bool _hasBegun;
    private Instant? _due;
    private long _dueAsOf = -1;

    /// <summary>Goes on until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                if (bank.Status is { IsRoot: true, Failure: null } && await LookAsync(stop) is { Kind: not FailureKind.Unavailable } failure)
                {
                    failed(failure);
                }

                await Task.Delay(LookInterval, clock, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private async Task<Failure?> LookAsync(CancellationToken stop)
    {
        if (!_hasBegun)
        {
            var begun = await bank.BeginAsync(BankPolicy.First, _self, stop);
            _hasBegun = begun.Succeeded;
            if (!begun.Succeeded)
            {
                return begun.Failure;
            }
        }

        // A calm ledger is not asked again and again: all that could make something due, or sign for, is an entry of its log.
        if (bank.Status.Applied is var applied && applied != _dueAsOf)
        {
            var due = await bank.NextDueAsync(stop);
            if (!due.Succeeded)
            {
                return due.Failure;
            }

            (_due, _dueAsOf) = (due.Value, applied);
        }

        if (_due is { } at && at <= Now)
        {
            var ticked = await bank.TickAsync(_self, stop);
            if (!ticked.Succeeded)
            {
                return ticked.Failure;
            }
        }

        if (bank.Status.Applied == _seen || (_signedAt is { } signed && clock.GetElapsedTime(signed) < HeadInterval))
        {
            return null;
        }

        var head = await bank.SignHeadAsync(key, _self, Now, stop);
        if (head.Succeeded)
        {
            (_signedAt, _seen) = (clock.GetTimestamp(), head.Value ? -1 : bank.Status.Applied);
        }

        return head.Failure;
    }

    private Instant Now => Instant.From(clock.GetUtcNow());
}
