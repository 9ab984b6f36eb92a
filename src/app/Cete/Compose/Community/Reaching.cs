using System.Collections.Concurrent;
using System.Security.Cryptography;
using Cete.Cluster.Membership;
using Cete.Cluster.Reach;
using Cete.Core;
using Cete.Net.Fabric;

namespace Cete.App.Compose.Community;

/// <summary>Drives the test of reachability: asks members, keeps connections with the relays that it chose, tells the others.</summary>
internal sealed class Reaching(TlsFabric fabric, ClusterMembership membership)
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    private readonly ReachMachine _machine = new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));
    private readonly EffectSink<ReachEffect> _effects = new();
    private readonly ConcurrentQueue<ReachInput> _answers = new();
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly long _began = TimeProvider.System.GetTimestamp();

    public async Task RunAsync(CancellationToken stop)
    {
        using var ticks = new PeriodicTimer(TickInterval, _clock);
        try
        {
            do
            {
                while (_answers.TryDequeue(out var answer))
                {
                    Step(answer, stop);
                }

                var view = membership.View;
                var own = view.Find(view.Self)?.Facts.Fabric ?? [];
                Step(new ReachInput.Tick(own, [.. view.Present.Where(member => member.Id != view.Self).Select(Member)]), stop);
            }
            while (await ticks.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private ReachMember Member(ClusterMember member) => new(
        member.Id, member.Facts.Fabric, member.Facts.Reachability, fabric.IsDirect(member.Id), member.RoundTrip, member.Facts.Load);

    private void Step(ReachInput input, CancellationToken stop)
    {
        _effects.Clear();
        _machine.Step(input, new Instant((long)_clock.GetElapsedTime(_began).TotalMicroseconds), _effects);
        foreach (var effect in _effects.Effects)
        {
            switch (effect)
            {
                case ReachEffect.Ask ask:
                    _ = AskAsync(ask, stop);
                    break;
                case ReachEffect.Keep keep:
                    fabric.Keep(keep.Relays);
                    break;
                case ReachEffect.Tell tell:
                    membership.Change(facts => facts with { Reachability = tell.Reachability, Via = tell.Via });
                    break;
            }
        }
    }

    private async Task AskAsync(ReachEffect.Ask ask, CancellationToken stop)
    {
        bool? isReached = null;
        try
        {
            var answer = await fabric.AskReachAsync(ask.Member, ask.Addresses, stop);
            isReached = answer.Succeeded ? answer.Value.Contains(true) : null;
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }

        _answers.Enqueue(new ReachInput.Answered(ask.Round, ask.Member, isReached));
    }
}
