using Cete.Actors;
using Cete.Core;
using Cete.Membership;
using Cete.Ports;

namespace Cete.Cluster.Membership;

/// <summary>What the membership's actor is told.</summary>
internal abstract record MembershipCommand
{
    private MembershipCommand()
    {
    }

    /// <summary>An input of the machine.</summary>
    public sealed record Input(MembershipInput Value) : MembershipCommand;

    /// <summary>What this node has to say of itself changes.</summary>
    public sealed record Change(Func<NodeFacts, NodeFacts> With) : MembershipCommand;

    /// <summary>Certificate or facts are to be signed anew though they did not change.</summary>
    public sealed record Again : MembershipCommand;
}

/// <summary>Drives the membership's machine: its time, its messages, its signature; tells the view when it changed.</summary>
internal sealed class MembershipActor(MembershipParts parts, Action<ClusterView> publish) : Actor<MembershipCommand>
{
    /// <summary>Round trips change all the time, and a view that tells nothing else comes this seldom.</summary>
    private static readonly TimeSpan RoundTripsInterval = TimeSpan.FromSeconds(5);

    private static readonly object TickKey = new();
    private static readonly MembershipCommand Tick = new MembershipCommand.Input(MembershipInput.Tick.Instance);

    private readonly MembershipMachine _machine = new(parts.Signer.Id, parts.Settings, parts.Seed);
    private readonly EffectSink<MembershipEffect> _effects = new();
    private readonly SortedDictionary<KeyId, Member> _members = [];
    private readonly HashSet<KeyId> _unmeasured = [];
    private NodeFacts _facts = parts.Facts;
    private long _began;
    private Instant? _published;
    private bool _isViewOld;

    protected override void Started()
    {
        _began = Context.Clock.GetTimestamp();

        // Above whatever an earlier start of this node may have said.
        Step(new MembershipInput.Announced(Sign(Math.Max(1, Instant.From(Context.Clock.GetUtcNow()).Microseconds), false)));
        Finish();
    }

    protected override void Receive(MembershipCommand message)
    {
        switch (message)
        {
            case MembershipCommand.Input input:
                Step(input.Value);

                // How far a member is does not change the view, but that it answers by itself is worth showing at once.
                _isViewOld |= input.Value is MembershipInput.Received { From: var from }
                    && _unmeasured.Contains(from) && _machine.Find(from)?.RoundTrip is not null;
                break;
            case MembershipCommand.Change change when change.With(_facts) is var facts && facts != _facts:
                _facts = facts;
                Step(MembershipInput.FactsChanged.Instance);
                break;
            case MembershipCommand.Again:
                Step(MembershipInput.FactsChanged.Instance);
                break;
        }

        Finish();
    }

    /// <summary>The machine's time is monotonic: a clock that is set must not make anybody suspect.</summary>
    private Instant Now() => new((long)Context.Clock.GetElapsedTime(_began).TotalMicroseconds);

    private void Step(MembershipInput input)
    {
        _effects.Clear();
        _machine.Step(input, Now(), _effects);
        foreach (var effect in _effects.Effects.ToArray())
        {
            CarryOut(effect);
        }
    }

    private void CarryOut(MembershipEffect effect)
    {
        switch (effect)
        {
            case MembershipEffect.Send send:
                parts.Fabric.Post(send.To, FabricTopic.Membership, MembershipCodec.Write(send.Message));
                break;
            case MembershipEffect.Announce announce:
                Step(new MembershipInput.Announced(Sign(announce.Incarnation, announce.IsLeaving)));
                _isViewOld = true;
                break;
            case MembershipEffect.Changed changed:
                Take(changed);
                break;
            case MembershipEffect.IdentityClash clash:
                parts.OnClash(clash.Other.Instance);
                break;
            case MembershipEffect.Remembered remembered when parts.Records.Facts(remembered.Record) is { Succeeded: true, Value.Facts: var facts }:
                parts.OnRemembered(facts);
                break;
            case MembershipEffect.Exchanged:
                parts.OnExchanged();
                break;
            case MembershipEffect.LeaveTold:
                parts.OnLeft();
                break;
        }
    }

    private void Take(MembershipEffect.Changed changed)
    {
        MembershipMetrics.Changed(changed.Change);
        _isViewOld = true;
        if (changed.Change == MemberChange.Forgotten)
        {
            _members.Remove(changed.Member.Id);
        }
        else
        {
            _members[changed.Member.Id] = changed.Member;
        }
    }

    private MemberRecord Sign(long incarnation, bool isLeaving) =>
        parts.Records.Sign(parts.Signer, parts.Certificate(), parts.Instance, incarnation, isLeaving, _facts);

    private void Finish()
    {
        if (_isViewOld || _published is not { } last || (_members.Count > 0 && Now() - last >= RoundTripsInterval))
        {
            (_isViewOld, _published) = (false, Now());
            Publish();
        }

        var due = _machine.NextDeadline!.Value - Now();
        Context.Timers.StartSingle(TickKey, Tick, due > TimeSpan.Zero ? due : TimeSpan.Zero);
    }

    private void Publish()
    {
        _unmeasured.Clear();
        var members = new List<ClusterMember>(_members.Count + 1);
        foreach (var member in _members.Values.Append(new Member(_machine.Self!, MemberState.Alive, default, null)))
        {
            if (parts.Records.Facts(member.Record) is { Succeeded: true, Value: var known })
            {
                var trip = _machine.Find(member.Id)?.RoundTrip;
                if (trip is null && member.Id != parts.Signer.Id)
                {
                    _unmeasured.Add(member.Id);
                }

                members.Add(new ClusterMember(
                    member.Id, member.State, known.Facts, known.Certificate, trip, member.Record.Instance, member.Record.Incarnation));
            }
        }

        members.Sort((a, b) => a.Id.CompareTo(b.Id));
        MembershipMetrics.Seen(members);
        publish(new ClusterView(parts.Signer.Id, members));
    }
}
