using Cete.Core;
using Cete.Groups;

namespace Cete.Described;

/// <summary>
/// What the root of described services sees to: that schedules happen, that what was deleted long ago goes, and that the bank has the vouchers. It runs
/// on each node with the role; those that are not the root only look whether they are.
/// </summary>
/// <param name="services">The services.</param>
/// <param name="node">This node.</param>
/// <param name="clock">Whose timers it waits by.</param>
/// <param name="failed">Is told why something was not done; it is tried again by itself.</param>
public sealed class ServicesKeeper(DescribedService services, KeyId node, TimeProvider clock, Action<Failure> failed)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>Between two looks at what was deleted.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromHours(1);

    /// <summary>Vouchers are handed in together: the highest of a lane is worth all before it.</summary>
    private static readonly TimeSpan RedeemInterval = TimeSpan.FromSeconds(5);

    /// <summary>Ticks without a pause between them, while more is due: each leaves others their turn.</summary>
    private const int TicksAtOnce = 20;

    private readonly Asker _self = new(node.ToString(), [DescribedMachine.ServicesRole]);
    private Instant? _due;
    private long _dueAsOf = -1;
    private long? _sweptAt;
    private long? _redeemedAt;
    private long _redeemedAsOf = -1;

    /// <summary>Goes on until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                if (services.Status is { IsRoot: true, Failure: null })
                {
                    Tell(await LookAsync(stop));
                    Tell(await RedeemAsync(stop));
                }

                await Task.Delay(LookInterval, clock, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private void Tell(Failure? failure)
    {
        if (failure is { Kind: not FailureKind.Unavailable })
        {
            failed(failure);
        }
    }

    /// <summary>Hands in what was promised since. Done twice, such as by two roots, it is done once.</summary>
    private async Task<Failure?> RedeemAsync(CancellationToken stop)
    {
        var applied = services.Status.Applied;
        if (services.Bank is not { } bank || applied == _redeemedAsOf || (_redeemedAt is { } last && clock.GetElapsedTime(last) < RedeemInterval))
        {
            return null;
        }

        _redeemedAt = clock.GetTimestamp();
        var vouchers = await services.UnredeemedAsync(stop);
        if (!vouchers.Succeeded || vouchers.Value.Count == 0)
        {
            _redeemedAsOf = vouchers.Succeeded ? applied : _redeemedAsOf;
            return vouchers.Failure;
        }

        var redeemed = await bank.RedeemAsync(vouchers.Value, stop);
        return redeemed.Succeeded
            ? await services.NoteRedeemedAsync(vouchers.Value, redeemed.Value, _self, stop) ?? redeemed.Value.FirstOrDefault(failure => failure is not null)
            : redeemed.Failure;
    }

    private async Task<Failure?> LookAsync(CancellationToken stop)
    {
        // Where nothing was written, nothing else became due.
        if (services.Status.Applied is var applied && applied != _dueAsOf)
        {
            var due = await services.NextDueAsync(stop);
            if (!due.Succeeded)
            {
                return due.Failure;
            }

            (_due, _dueAsOf) = (due.Value, applied);
        }

        var isDue = _due is { } at && at <= Instant.From(clock.GetUtcNow());
        var isSweep = _sweptAt is { } swept ? clock.GetElapsedTime(swept) >= SweepInterval : applied > 0 && Begin();
        if (!isDue && !isSweep)
        {
            return null;
        }

        _sweptAt = isSweep ? clock.GetTimestamp() : _sweptAt;
        for (var i = 0; i < TicksAtOnce; i++)
        {
            var ticked = await services.TickAsync(_self, stop);
            if (!ticked.Succeeded || !ticked.Value)
            {
                return ticked.Failure;
            }
        }

        return null;
    }

    /// <summary>The first sweep comes an interval after the start.</summary>
    private bool Begin()
    {
        _sweptAt = clock.GetTimestamp();
        return false;
    }
}
