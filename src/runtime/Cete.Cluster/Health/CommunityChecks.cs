using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Cete.Cluster.Membership;
using Cete.Core;

namespace Cete.Cluster.Health;

/// <summary>How the node stands among the others.</summary>
internal static class CommunityChecks
{
    private static readonly TimeSpan CertificateShort = TimeSpan.FromDays(2);
    private static readonly TimeSpan WebCertificateShort = TimeSpan.FromDays(14);

    /// <summary>A certificate that should have been renewed for so long is not renewed.</summary>
    private static readonly TimeSpan RenewalLate = TimeSpan.FromHours(1);

    public static Finding? Meeting(HealthFacts facts) => facts.Refusal is not { } refusal
        ? null
        : new Finding(
            "meeting", FindingLevel.Problem, $"this node meets no other: {refusal.Message}",
            refusal.Kind == FailureKind.Forbidden
                ? "an administrator can readmit a node that was removed; one of another community needs a data folder of its own"
                : "see first whether this machine's clock is right: 'timedatectl status'; then whether the others' certificates are");

    public static Finding Keepers(HealthFacts facts)
    {
        const string check = "roster.keepers";
        var keepers = RosterStanding.KeepersIn(facts.View);
        return keepers switch
        {
            0 => new Finding(
                check, FindingLevel.Problem, "no node that keeps the roster is to be reached: nobody can join, be removed or renew a certificate",
                facts.Refusal is null
                    ? "start the node that keeps it again; are all of them gone for ever, 'cete community recover-ca' on another one"
                    : "mend first what keeps this node from meeting others"),
            < 3 => new Finding(
                check, FindingLevel.Warning,
                $"not yet fault tolerant: {keepers} {(keepers == 1 ? "node keeps" : "nodes keep")} the roster, 3 are needed so that one may fail",
                "let nodes join with the role tracker ('cete token create --roles tracker,index,share'): with three of them any one may be lost"),
            _ => Finding.Ok(check, $"{keepers} nodes keep the roster: {RosterStanding.FailuresTolerated(keepers)} may fail"),
        };
    }

    public static Finding? Groups(HealthFacts facts)
    {
        const string check = "groups";
        var broken = facts.Groups.Where(group => group.Status.Failure is not null).ToList();
        if (broken.Count > 0)
        {
            return new Finding(
                check, FindingLevel.Problem, string.Join("; ", broken.Select(group => $"'{group.Name}' stands still: {group.Status.Failure!.Message}")),
                "mend what it names, a full or broken disk for one; the group goes on by itself, or after a restart of the node");
        }

        return facts.Groups.Count == 0 ? null : Finding.Ok(check, $"{string.Join(", ", facts.Groups.Select(group => group.Name))} work");
    }

    public static Finding? Identity(HealthFacts facts)
    {
        var troubles = facts.Groups.Select(group => GroupIdentity.Trouble(facts.View, group.Name, group.Status)).OfType<string>().ToList();
        return troubles.Count == 0
            ? null
            : new Finding("groups.identity", FindingLevel.Problem, string.Join("; ", troubles), GroupIdentity.TwoGroupsMend);
    }

    public static Finding? OldCopies(HealthFacts facts)
    {
        var old = facts.Groups.Select(group => GroupIdentity.OldCopy(group.Name, group.Status)).OfType<string>().ToList();
        return old.Count == 0 ? null : new Finding("groups.copies", FindingLevel.Problem, string.Join("; ", old), GroupIdentity.OldCopyMend);
    }

    public static Finding Members(HealthFacts facts)
    {
        const string check = "members";
        var lost = facts.View.Members.Where(member => member.State is Cete.Membership.MemberState.Suspect or Cete.Membership.MemberState.Dead).ToList();
        var present = facts.View.Present.Count();
        return lost.Count == 0
            ? Finding.Ok(check, $"{present} {(present == 1 ? "node is" : "nodes are")} there")
            : new Finding(
                check, lost.Count * 2 > facts.View.Members.Count ? FindingLevel.Problem : FindingLevel.Warning,
                $"{Names(lost)} {(lost.Count == 1 ? "does" : "do")} not answer",
                "see whether they run and reach each other; 'cete community remove ID' takes out one that will not come back");
    }

    public static Finding? Roster(HealthFacts facts)
    {
        const string check = "roster.version";
        var newest = facts.View.Present.Select(member => member.Facts.RosterVersion).DefaultIfEmpty().Max();
        return newest > facts.RosterVersion
            ? new Finding(
                check, FindingLevel.Note, $"this node knows version {facts.RosterVersion} of the roster, others {newest}",
                "it is fetched by itself; if this stays, see whether the fabric port of the others is reached")
            : Finding.Ok(check, $"the roster of version {facts.RosterVersion} is the newest known");
    }

    public static Finding? Versions(HealthFacts facts)
    {
        const string check = "versions";
        if (facts.View.Find(facts.View.Self)?.Facts.Version is not { } own)
        {
            // Its own record does not count here, as when its certificate has ended; another check says so.
            return null;
        }

        var others = facts.View.Present.Where(member => member.Facts.Version != own).ToList();
        if (others.Count == 0)
        {
            return Finding.Ok(check, $"all nodes run version {own}");
        }

        var isOld = others.Exists(member => Parse(member.Facts.Version) > Parse(own));
        return new Finding(
            check, isOld ? FindingLevel.Warning : FindingLevel.Note,
            $"this node runs version {own}; {string.Join(", ", others.Select(member => $"{Name(member)} {EntryName.Show(member.Facts.Version)}").Take(5))}",
            isOld ? "update this node; nodes are updated one after the other while the rest serve" : "update the others, one after the other");
    }

    public static Finding? Addresses(HealthFacts facts)
    {
        const string check = "addresses";
        if (facts.View.Find(facts.View.Self) is not { Facts.Fabric: var advertised })
        {
            return null;
        }

        var seen = $"others are told to reach this node at {string.Join(", ", advertised)}";
        if (facts.Preset == "local" || advertised.Any(address => Reach(address) == Scope.World))
        {
            return Finding.Ok(check, seen);
        }

        var isLocal = advertised.All(address => Reach(address) == Scope.Machine);
        return isLocal
            ? new Finding(
                check, facts.View.Present.Count() > 1 ? FindingLevel.Warning : FindingLevel.Note,
                $"{seen}: nobody outside this machine can", "listen for others: cete.fabric.listen = \"0.0.0.0:2384\", or --fabric 0.0.0.0:2384")
            : facts.Preset == "lan"
                ? Finding.Ok(check, seen)
                : new Finding(
                    check, FindingLevel.Note, $"{seen}: nobody outside this network can",
                    "forward the fabric port on the router, and say its outer address: cete.fabric.advertise = [\"HOST:PORT\"]; or set cete.fabric.preset = lan");
    }

    public static Finding Reachability(HealthFacts facts)
    {
        const string check = "reachability";
        const string mend = "open the fabric port in the firewall and forward it on the router, or correct cete.fabric.advertise";
        var self = facts.View.Find(facts.View.Self)?.Facts ?? new NodeFacts();
        var relays = self.Via.Select(relay => facts.View.Find(relay)?.Facts.Name is { Length: > 0 } name ? name : relay.ToString());
        return self.Reachability switch
        {
            Membership.Reachability.Direct => Finding.Ok(check, "other nodes reach this one"),
            Membership.Reachability.None when self.Via.Count > 0 => new Finding(
                check, FindingLevel.Note, $"other nodes reach this one through {string.Join(", ", relays)} alone; it will be no voter of a group", mend),
            Membership.Reachability.None => new Finding(
                check, FindingLevel.Warning, "other nodes do not reach this one at the addresses that it advertises, nor through another node", mend),
            _ => new Finding(check, FindingLevel.Note, "not tested: no other node has said whether it reaches this one", string.Empty),
        };
    }

    public static Finding Certificate(HealthFacts facts)
    {
        const string check = "certificate";
        const string mend = "see that the clock is right, and a node with the role 'tracker' there; it renews the certificate. Ended, it takes a new token: 'cete token create'";
        var (left, certificate) = (facts.Certificate.NotAfter - facts.Now, facts.Certificate);
        var ends = $"the node's certificate ends {Day(certificate.NotAfter)}";
        if (left <= TimeSpan.Zero)
        {
            return new Finding(check, FindingLevel.Problem, $"the node's certificate has ended {Day(certificate.NotAfter)}: all others refuse this node", mend);
        }

        var failed = certificate.RenewalFailure is { } failure ? $"; it could not be renewed: {failure.Message}" : string.Empty;
        return left < CertificateShort ? new Finding(check, FindingLevel.Problem, ends + failed, mend)
            : failed.Length > 0 || facts.Now - certificate.RenewalDue > RenewalLate ? new Finding(check, FindingLevel.Warning, ends + failed, mend)
            : Finding.Ok(check, $"{ends}, and is renewed from {Day(certificate.RenewalDue)} on");
    }

    public static Finding? WebDoor(HealthFacts facts)
    {
        const string check = "web.tls";
        return facts.Web switch
        {
            null => null,
            { CertificateEnds: { } ends } when ends - facts.Now <= TimeSpan.Zero => new Finding(
                check, FindingLevel.Problem, $"the certificate of the http port has ended {Day(ends)}", "renew its files; they are taken up within seconds"),
            { CertificateEnds: { } ends } when ends - facts.Now < WebCertificateShort => new Finding(
                check, FindingLevel.Warning, $"the certificate of the http port ends {Day(ends)}", "renew its files; they are taken up within seconds"),
            { CertificateEnds: { } ends } web => Finding.Ok(check, $"{web.Listen} speaks TLS; its certificate ends {Day(ends)}"),
            { IsLoopback: true } web => Finding.Ok(check, $"{web.Listen} speaks plain HTTP, and this machine alone reaches it"),
            var web => new Finding(
                check, FindingLevel.Problem, $"{web.Listen} speaks plain HTTP to other machines",
                "set cete.http.tls.certificate and key, or listen on 127.0.0.1"),
        };
    }

    private enum Scope
    {
        Machine,
        Network,
        World,
    }

    /// <summary>From where an address can be reached, by itself; a name may lead anywhere.</summary>
    private static Scope Reach(string address)
    {
        if (!IPEndPoint.TryParse(address, out var end))
        {
            return address.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? Scope.Machine : Scope.World;
        }

        var ip = end.Address.IsIPv4MappedToIPv6 ? end.Address.MapToIPv4() : end.Address;
        if (IPAddress.IsLoopback(ip))
        {
            return Scope.Machine;
        }

        if (ip.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return ip.IsIPv6LinkLocal || ip.IsIPv6UniqueLocal ? Scope.Network : Scope.World;
        }

        // RFC 1918, RFC 6598 (of providers), RFC 3927 (of a link).
        var bytes = ip.GetAddressBytes();
        return (bytes[0], bytes[1]) is (10, _) or (172, >= 16 and <= 31) or (192, 168) or (100, >= 64 and <= 127) or (169, 254)
            ? Scope.Network
            : Scope.World;
    }

    private static Version Parse(string version) => Version.TryParse(version.Split('-')[0], out var read) ? read : new Version();

    private static string Names(List<ClusterMember> members) =>
        string.Join(", ", members.Take(5).Select(Name)) + (members.Count > 5 ? $" and {members.Count - 5} more" : string.Empty);

    private static string Name(ClusterMember member) =>
        member.Facts.Name.Length > 0 ? EntryName.Show(member.Facts.Name) : member.Id.ToString();

    private static string Day(Instant moment) => moment.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
