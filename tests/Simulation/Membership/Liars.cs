using Cete.Core;
using Cete.Membership;

namespace Cete.Simulation.Membership;

/// <summary>Calls everybody dead or suspect to everybody, in the name of itself and of others.</summary>
internal sealed class Slanderer(Prng chance) : ILiar
{
    public TimeSpan Interval => TimeSpan.FromMilliseconds(200);

    public void Lie(MembershipProcess process)
    {
        var members = process.Machine.Others.ToList();
        var lies = members.ConvertAll(member => new MemberUpdate(
            member.Record,
            chance.Chance(1, 2) ? MemberState.Dead : MemberState.Suspect,
            chance.Chance(1, 3) ? process.Id : members[chance.Next(members.Count)].Id));
        foreach (var member in members)
        {
            process.Send(member.Id, new MembershipMessage.Gossip([.. lies.Where(lie => lie.Record.Id != member.Id)]));
        }
    }
}

/// <summary>Keeps the first words of everybody, and says for ever that they are the last.</summary>
internal sealed class Parrot : ILiar
{
    private readonly Dictionary<KeyId, MemberRecord> _first = [];

    public TimeSpan Interval => TimeSpan.FromMilliseconds(200);

    public void Lie(MembershipProcess process)
    {
        var members = process.Machine.Others.ToList();
        foreach (var member in members)
        {
            _first.TryAdd(member.Id, member.Record);
        }

        var lies = members.ConvertAll(member => new MemberUpdate(_first[member.Id], MemberState.Suspect, process.Id));
        foreach (var member in members)
        {
            process.Send(member.Id, new MembershipMessage.Sync(0, false, lies));
        }
    }
}

/// <summary>Says something new of itself all the time, with incarnations as great as there are and beyond, and never stops talking.</summary>
internal sealed class Chatterer(Prng chance) : ILiar
{
    private long _incarnation = 1L << 59;

    public TimeSpan Interval => TimeSpan.FromMilliseconds(20);

    public void Lie(MembershipProcess process)
    {
        var incarnation = chance.Chance(1, 8) ? MemberRecord.IncarnationMax + chance.Next(3) : ++_incarnation;
        var news = new MemberUpdate(process.Record(incarnation, false), MemberState.Alive, process.Id);
        foreach (var member in process.Machine.Others.ToList())
        {
            process.Send(member.Id, new MembershipMessage.Gossip([news]));
        }
    }
}
