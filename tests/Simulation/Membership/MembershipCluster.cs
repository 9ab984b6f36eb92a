using Cete.Core;
using Cete.Membership;
using Cete.Simulation.World;

namespace Cete.Simulation.Membership;

/// <summary>Something that one node saw of another.</summary>
internal readonly record struct Sighting(TimeSpan At, int Observer, int Subject, MemberChange Change);

/// <summary>Nodes that are nothing but members, in one world, and what they see of each other.</summary>
internal sealed class MembershipCluster
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private readonly Dictionary<KeyId, int> _numbers = [];
    private readonly KeyId[] _ids;

    public MembershipCluster(SimWorld world, int count, MembershipOptions options)
    {
        (World, Options) = (world, options);
        _ids = [.. Enumerable.Range(0, count).Select(host => MembershipWire.IdOf(options.IdentityOf(host)))];
        foreach (var (host, id) in _ids.Index())
        {
            _numbers.TryAdd(id, host);
        }

        world.Network.Defaults = options.Link;

        // The fabric allows a second for TCP and five for the rest of a handshake, and five for an acknowledgement; here one limit is for both.
        world.Network.Connections = new ConnectionSettings { ConnectTimeout = TimeSpan.FromSeconds(5), RetransmitTimeout = TimeSpan.FromSeconds(5) };
        Hosts = world.AddHosts(count, host => new MembershipProcess(host, this));
    }

    public SimWorld World { get; }

    public MembershipOptions Options { get; }

    public IReadOnlyList<SimHost> Hosts { get; }

    public List<Sighting> Sightings { get; } = [];

    public List<(TimeSpan At, int Host)> Clashes { get; } = [];

    /// <summary>Whether sightings are kept: with many nodes they are many.</summary>
    public bool IsWatched { get; set; } = true;

    /// <summary>Is asked at each death that somebody declares; false makes it a <see cref="FalseDeaths"/>.</summary>
    public Func<int, bool> MayDie { get; set; } = _ => true;

    /// <summary>Deaths of members that were well, declared by anybody.</summary>
    public List<Sighting> FalseDeaths { get; } = [];

    public IEnumerable<MembershipProcess> Processes => Hosts.Where(host => host.IsRunning).Select(host => host.ProcessAs<MembershipProcess>());

    /// <summary>A cluster in which everybody has joined.</summary>
    public static MembershipCluster Joined(SimWorld world, int count, MembershipOptions? options = null)
    {
        var cluster = new MembershipCluster(world, count, options ?? new MembershipOptions());
        world.StartAll();
        cluster.AwaitAgreement(TimeSpan.FromSeconds(60));
        world.RunFor(TimeSpan.FromSeconds(3));
        return cluster;
    }

    public KeyId IdOf(int host) => _ids[host];

    public MembershipProcess At(int host) => Hosts[host].ProcessAs<MembershipProcess>();

    public void See(SimHost observer, Member member, MemberChange change)
    {
        var sighting = new Sighting(World.Elapsed, observer.Id, _numbers.GetValueOrDefault(member.Id, -1), change);
        if (IsWatched)
        {
            Sightings.Add(sighting);
        }

        if (change == MemberChange.Failed && sighting.Subject >= 0 && !MayDie(sighting.Subject))
        {
            FalseDeaths.Add(sighting);
            observer.Trace($"calls h{sighting.Subject} dead");
        }
    }

    /// <summary>
    /// Runs until every process that runs sees exactly those that run and do not leave; returns how long that took, and fails when it takes
    /// longer than it may.
    /// </summary>
    public TimeSpan AwaitAgreement(TimeSpan within)
    {
        var began = World.Now;
        while (Disagreement() is { } difference)
        {
            if (World.Now - began >= within)
            {
                throw new InvalidOperationException($"views differ after {within}: {difference}");
            }

            World.RunFor(Look);
        }

        return World.Now - began;
    }

    /// <summary>When nothing happens any more, views stay as they are and nobody is suspected any more: old suspicions do not come back.</summary>
    public void CheckCalm()
    {
        World.RunFor(TimeSpan.FromSeconds(15));
        Sightings.Clear();
        World.RunFor(TimeSpan.FromSeconds(15));
        var suspicions = Sightings.Count(seen => seen.Change == MemberChange.Suspected);
        Check.That(suspicions == 0, $"{suspicions} suspicions though nothing happens");
        Check.That(Disagreement() is null, $"views that were equal differ: {Disagreement()}");
    }

    /// <summary>What somebody sees wrongly; null when all see what is.</summary>
    public string? Disagreement()
    {
        var alive = Processes.Where(process => !process.IsLeaving).ToList();
        foreach (var process in alive)
        {
            if (process.Machine.Present != alive.Count)
            {
                return $"h{process.Host.Id} sees {process.Machine.Present} of {alive.Count}";
            }
        }

        return alive.Select(process => WrongIn(process, alive)).FirstOrDefault(wrong => wrong is not null);
    }

    /// <summary>When each of those who run called somebody dead or left after a time; null for who did not.</summary>
    public IEnumerable<TimeSpan?> EndsOf(int subject, TimeSpan after) =>
        from process in Processes
        where process.Host.Id != subject
        select Sightings.Where(seen => seen.Observer == process.Host.Id && seen.Subject == subject && seen.At >= after
            && seen.Change is MemberChange.Failed or MemberChange.Left).Select(seen => (TimeSpan?)seen.At).FirstOrDefault();

    private static string? WrongIn(MembershipProcess process, List<MembershipProcess> alive)
    {
        foreach (var other in alive)
        {
            if (other != process && process.Machine.Find(other.Id) is not { IsPresent: true })
            {
                return $"h{process.Host.Id} sees h{other.Host.Id} as {process.Machine.Find(other.Id)?.State.ToString() ?? "unknown"}";
            }
        }

        return null;
    }
}
