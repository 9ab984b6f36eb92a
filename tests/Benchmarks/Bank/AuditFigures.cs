using System.Diagnostics;
using System.Security.Cryptography;
using Cete.Bank;
using Cete.Core;
using Cete.Groups;
using Cete.Testing;
using Cete.Trust;

namespace Cete.Benchmarks.Bank;

/// <summary>What it costs to look at a whole journal: chain, sums and heads on one thread, signatures on all.</summary>
internal static class AuditFigures
{
    private const int Transfers = 1_000_000;
    private const int HeadEvery = 20_000;
    private const int SignaturesLookedAt = 40_000;

    public static async Task RunAsync(Report report, string folder)
    {
        var path = Path.Combine(folder, "journal");
        Directory.CreateDirectory(folder);
        await WriteAsync(path);
        Queue<PendingSignature> last = [];
        var start = Stopwatch.GetTimestamp();
        await using var file = File.OpenRead(path);
        var audited = await JournalReader.AuditAsync(file, CancellationToken.None, signatures =>
        {
            foreach (var signature in signatures)
            {
                last.Enqueue(signature);
                if (last.Count > SignaturesLookedAt)
                {
                    last.Dequeue();
                }
            }

            return null;
        });
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (!audited.Succeeded)
        {
            throw new InvalidOperationException(audited.Failure.Message);
        }

        report.AtMost($"audit of {audited.Value.Entries} entries, {Transfers} of them transfers, without signatures", took, 10, "s");
        report.Note("  of its file", new FileInfo(path).Length / took / (1 << 20), "MiB/s");

        var some = last.ToList();
        var rate = Rate(some.Count, i => Check.That(some[i].Verify() is null));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var hash = SHA256.HashData("a statement"u8);
        var signature = key.SignHash(hash);
        var bare = Rate(SignaturesLookedAt, _ => Check.That(key.VerifyHash(hash, signature)));
        report.Note("  signatures, on all cores", rate, "/s");
        report.AtLeast("  of what ECDSA on P-256 gives on all cores", rate / bare, 0.8, "x");
    }

    private static double Rate(int count, Action<int> act)
    {
        var start = Stopwatch.GetTimestamp();
        Parallel.For(0, count, act);
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>A journal by a real bank: each transfer ordered by a statement of its own.</summary>
    private static async Task WriteAsync(string path)
    {
        using var world = new LedgerWorld(64);
        using var group = new DirectGroup(GroupId.Of("bank"), new ImportingBank(new BankMachine { Rules = new TrustingRules() }))
        {
            Remembers = false,
            Now = Instant.From(TimeProvider.System.GetUtcNow()),
        };
        using var node = NodeKey.Create();
        var self = new Asker(node.Id.ToString(), [BankMachine.BankRole]);
        var turn = new Lock();
        async Task<Outcome<ReadOnlyMemory<byte>>> SubmitAsync(string type, byte[] body)
        {
            lock (turn)
            {
                return group.SubmitAsync(new ClientCommand(type, body, self)).Result.Value.Result;
            }
        }

        await world.FoundAsync(SubmitAsync);
        var bank = new BankService(group, LedgerWorld.Community);
        foreach (var chunk in Enumerable.Range(0, Transfers).Chunk(HeadEvery))
        {
            // Signing takes longest: on all cores.
            var bodies = chunk.AsParallel().Select(i => world.Payers[i % world.Payers.Count].Pay(LedgerWorld.Draw(1), isSigned: true)).ToList();
            foreach (var body in bodies)
            {
                LedgerWorld.CheckDone((await SubmitAsync(nameof(Cete.Bank.Proto.Transfer), body)).Value);
            }

            await bank.SignHeadAsync(node, self, group.Now, CancellationToken.None);
        }

        await using var file = File.Create(path);
        if (await bank.ExportAsync(file, CancellationToken.None) is { } failure)
        {
            throw new InvalidOperationException(failure.Message);
        }
    }
}
