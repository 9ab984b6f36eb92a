using Cete.Bank;
using Cete.Core;
using Cete.Groups;
using Cete.Storage.State;
using Cete.Testing;
using Microsoft.Data.Sqlite;

namespace Cete.Benchmarks.Bank;

/// <summary>What a transfer costs the state machine alone, on one thread over a real store: each replica pays that once.</summary>
internal static class ApplyFigures
{
    private const int Transfers = 200_000;

    private const int CommitEvery = 64;

    public static async Task RunAsync(Report report, string folder)
    {
        foreach (var batch in (int[])[1, 100])
        {
            using var world = new LedgerWorld(64);
            using var store = new SqliteStateStores(Path.Combine(folder, $"{batch}")).Open(GroupId.Of("bank")).Value;
            var connection = (SqliteConnection)store.Writer;
            using var group = new DirectGroup(GroupId.Of("bank"), new ImportingBank(new BankMachine { Rules = new TrustingRules() }), connection: connection)
            {
                Remembers = false,
            };
            group.Now = Instant.From(TimeProvider.System.GetUtcNow());
            var self = new Asker(KeyId.Of("node"u8).ToString(), [BankMachine.BankRole]);
            using var sql = new SqlSession(connection);
            var turn = new Lock();
            ReadOnlyMemory<byte> Submit(string type, byte[] body)
            {
                lock (turn)
                {
                    return group.SubmitAsync(new ClientCommand(type, body, self)).Result.Value.Result.Value;
                }
            }

            await world.FoundAsync((type, body) => Task.FromResult(Outcome.Of(Submit(type, body))));
            var bodies = Enumerable.Range(0, Transfers / batch).AsParallel().Select(i =>
                world.Payers[i % world.Payers.Count].Pay(LedgerWorld.Draw(batch), isSigned: false)).ToList();
            var start = Environment.CpuUsage.TotalTime;
            foreach (var chunk in bodies.Chunk(CommitEvery))
            {
                sql.Script("BEGIN");
                foreach (var body in chunk)
                {
                    LedgerWorld.CheckDone(Submit(nameof(Cete.Bank.Proto.Transfer), body));
                }

                sql.Script("COMMIT");
            }

            report.Note($"a transfer on one thread, {batch} at once, without signatures", (Environment.CpuUsage.TotalTime - start).TotalMicroseconds / Transfers, "us");
        }
    }
}
