using System.Diagnostics;
using Cete.Benchmarks.Groups;

namespace Cete.Benchmarks.Bank;

/// <summary>
/// The same double entry by three replicas of the bank and by PostgreSQL with two synchronous standbys, in turn, on the same disk: transfers a second
/// of 64 clients, one by one and a hundred at once.
/// </summary>
internal static class LedgerFigures
{
    private const int Clients = 64;
    private const int PayersOfEach = 8;
    private const int Batch = 100;
    private const int Rounds = 5;
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(4);

    public static async Task RunAsync(Report report, string folder)
    {
        using var world = new LedgerWorld(Clients * PayersOfEach);
        await using var trusting = new GroupNodes(Path.Combine(folder, "trusting"), 3, machine: GroupPeer.TrustingBank);
        using var postgres = Postgres.IsThere ? new Postgres(Path.Combine(folder, "postgres")) : null;
        if (postgres is null)
        {
            Console.Error.WriteLine("PostgreSQL is not installed (apt-get install postgresql): the bank is measured alone");
        }

        postgres?.Start(LedgerWorld.Payees, Clients * PayersOfEach);
        var root = await FoundAsync(trusting, world);
        await AgainstAsync(report, trusting, root, world, postgres, batch: 1, asked: 1.5);
        await AgainstAsync(report, trusting, root, world, postgres, Batch, asked: 3);
        await trusting.DisposeAsync();

        await using var signed = new GroupNodes(Path.Combine(folder, "signed"), 3, machine: GroupPeer.Bank);
        root = await FoundAsync(signed, world);
        foreach (var batch in (int[])[1, Batch])
        {
            await LoadAsync(signed, root, world, batch, RoundTime, isSigned: true);
            List<double> rates = [];
            for (var round = 0; round < Rounds; round++)
            {
                rates.Add(await LoadAsync(signed, root, world, batch, RoundTime, isSigned: true));
            }

            report.Note($"transfers of {Clients} clients, {batch} at once, with signatures", Report.Median(rates), "/s");
        }
    }

    private static async Task<int> FoundAsync(GroupNodes nodes, LedgerWorld world)
    {
        var root = await KeyValueNodes.StartAllAsync(nodes);
        await world.FoundAsync((type, body) => nodes.SubmitAsync(root, type, body));
        await LoadAsync(nodes, root, world, 1, WarmUpTime, isSigned: false, mayFail: true);
        return root;
    }

    private static async Task AgainstAsync(Report report, GroupNodes nodes, int root, LedgerWorld world, Postgres? postgres, int batch, double asked)
    {
        List<double> ours = [];
        List<double> theirs = [];
        for (var round = -1; round < Rounds; round++)
        {
            var own = await LoadAsync(nodes, root, world, batch, RoundTime, isSigned: false);
            var other = postgres?.Load(Clients, batch, RoundTime) ?? 0;
            if (postgres is not null && postgres.Standbys() != 2)
            {
                throw new InvalidOperationException("a standby of PostgreSQL is gone");
            }

            // In the first round the compiler was busy.
            if (round >= 0)
            {
                ours.Add(own);
                theirs.Add(other);
            }
        }

        var name = $"transfers of {Clients} clients, {batch} at once";
        report.Note($"{name}: Cete", Report.Median(ours), "/s");
        if (postgres is not null)
        {
            report.Note($"{name}: PostgreSQL, two synchronous standbys", Report.Median(theirs), "/s");
            report.AtLeast($"{name}, Cete / PostgreSQL", Report.Median(ours.Zip(theirs).Select(pair => pair.First / pair.Second)), asked, "x");
        }
    }

    /// <summary>Transfers a second.</summary>
    private static async Task<double> LoadAsync(
        GroupNodes nodes, int root, LedgerWorld world, int batch, TimeSpan time, bool isSigned, bool mayFail = false)
    {
        // What is ordered is written before: by other machines than the nodes', usually.
        var ready = Prepare(world, batch, time, isSigned);
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            var done = 0;
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                if (!ready[client].TryDequeue(out var body))
                {
                    break;
                }

                var answer = await nodes.SubmitAsync(root, nameof(Cete.Bank.Proto.Transfer), body);
                if (answer.Succeeded)
                {
                    LedgerWorld.CheckDone(answer.Value);
                }
                else if (!mayFail)
                {
                    throw new InvalidOperationException(answer.Failure.Message);
                }

                done++;
            }

            return done;
        })));
        return counts.Sum() * (double)batch / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static Payer PayerOf(LedgerWorld world, int client, int turn) => world.Payers[(client * PayersOfEach) + (turn % PayersOfEach)];

    private static Queue<byte[]>[] Prepare(LedgerWorld world, int batch, TimeSpan time, bool isSigned)
    {
        // More than any machine carries out in the time.
        var each = (int)(time.TotalSeconds * (batch == 1 ? 15_000 : 600)) / Clients;
        return [.. Enumerable.Range(0, Clients).AsParallel().AsOrdered().Select(client => new Queue<byte[]>(
            Enumerable.Range(0, each).Select(turn => PayerOf(world, client, turn).Pay(LedgerWorld.Draw(batch), isSigned))))];
    }
}
