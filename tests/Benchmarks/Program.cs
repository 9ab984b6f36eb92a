using System.Globalization;
using Cete.Benchmarks;
using Cete.Benchmarks.Accounts;
using Cete.Benchmarks.Actors;
using Cete.Benchmarks.Bank;
using Cete.Benchmarks.Cluster;
using Cete.Benchmarks.Fabric;
using Cete.Benchmarks.Groups;
using Cete.Benchmarks.Hocon;
using Cete.Benchmarks.Index;
using Cete.Benchmarks.Search;
using Cete.Benchmarks.Swarms;
using Cete.Benchmarks.Transfer;

// Ratios against limits that are measured in the same run: absolute figures of a shared machine say little.
// dotnet run --project tests/Benchmarks -c Release [-- hashing|actors|hocon|program|transfer|tls|leaves [MEBIBYTES]|slow|swarm [8|16|16-mixed]|fabric
//     |cluster [lan]|idle|accounts|bank [ledger|apply|audit]|index [ENTRIES]|search [RECORDS]|groups [puts|failover|reads|start|idle]]
var only = args.Length > 0 ? args[0] : null;

// One process is measured, not the one that it would hand its work to.
Environment.SetEnvironmentVariable("CETE_AGENT", "off");
if (only == IdleActors.Argument)
{
    Child.Answer(await IdleActors.WeighAsync(int.Parse(args[1], CultureInfo.InvariantCulture)));
    return 0;
}

if (only == EchoPeer.Argument)
{
    await EchoPeer.RunAsync(args[1]);
    return 0;
}

if (only == GroupPeer.Argument)
{
    await GroupPeer.RunAsync(args[1..]);
    return 0;
}

if (only == LightMembers.Argument)
{
    await LightMembers.RunAsync(args[1], args[2], int.Parse(args[3], CultureInfo.InvariantCulture));
    return 0;
}

var report = new Report();
if (only is null or "hashing")
{
    await Hashing.RunAsync(report);
}

if (only is null or "actors")
{
    ActorFigures.Run(report);
}

if (only is null or "hocon")
{
    HoconFigures.Run(report);
}

if (only is null or "program")
{
    await ProgramStart.RunAsync(report);
}

if (only is null or "transfer")
{
    await OneToOne.RunAsync(report);
    await SmallFiles.RunAsync(report);
    await ManyClients.RunAsync(report);
}

if (only is null or "transfer" or "tls")
{
    await OneToOneTls.RunAsync(report);
}

if (only is "swarm")
{
    await SwarmFigures.RunAsync(report, args.Length > 1 ? args[1] : null);
}

if (only is null or "leaves")
{
    await LeafFigures.RunAsync(report, args.Length > 1 ? args[1] : null);
}

if (only is null or "slow")
{
    await SlowClients.RunAsync(report);
}

if (only is null or "fabric")
{
    await FabricFigures.RunAsync(report);
}

if (only is null or "cluster")
{
    await ClusterFigures.RunAsync(report, args.Length > 1 ? args[1] : null);
}

if (only is null or "idle" || (only == "cluster" && args.Length == 1))
{
    await IdleNode.RunAsync(report);
}

if (only is null or "accounts")
{
    await AccountFigures.RunAsync(report);
}

if (only is null or "bank")
{
    await BankFigures.RunAsync(report, args.Length > 1 ? args[1] : null);
}

if (only is null or "index")
{
    await IndexBenchmark.RunAsync(report, args.Length > 1 ? args[1] : null);
}

if (only is null or "search")
{
    await SearchBenchmark.RunAsync(report, args.Length > 1 ? args[1] : null);
}

if (only is null or "groups")
{
    await GroupFigures.RunAsync(report, args.Length > 1 ? args[1] : null);
}

return report.Print();
