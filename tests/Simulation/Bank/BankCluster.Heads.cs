using Cete.Bank;
using Cete.Bank.Proto;
using Cete.Core;
using Cete.Groups;
using Cete.Groups.Tests.Simulated;
using Cete.Ledger;
using Cete.Simulation.Accounts;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Simulation.Bank;

/// <summary>Heads that nodes sign, whichever of them is the root.</summary>
internal sealed partial class BankCluster
{
    /// <summary>A node signs how its replica stands, which may be behind; the root may be another one by the time that it is handed in.</summary>
    private async Task HeadAsync(SimReplica<WatchedBank> node)
    {
        var read = await node.Group.ReadAsync(sql => HeadOf(sql));
        if (read is not { Succeeded: true, Value: { } head })
        {
            return;
        }

        var (key, payload) = (_keys[node.Number], head.ToPayload());
        var name = KeyId.Of(key.ExportSubjectPublicKeyInfo());
        var statement = SignedStatement.Sign(key, SimPerson.Community, JournalHead.Purpose, default, _sequence, payload);
        var command = new SignHead
        {
            Statement = ByteString.CopyFrom(statement.ToArray()),
            PublicKey = ByteString.CopyFrom(key.ExportSubjectPublicKeyInfo()),
        };
        var answer = await AnyUp().Group.SubmitAsync(
            new ClientCommand(nameof(SignHead), command.ToByteArray(), new Asker(name.ToString(), [BankMachine.BankRole])));
        _writer.WriteLine($"head {head.Number}: {(answer.Succeeded ? answer.Value.Result.Failure?.Kind.ToString() ?? "done" : "unanswered")}");
    }

    private static JournalHead? HeadOf(SqlSession sql)
    {
        var before = HeadTable.Last(sql);
        var to = Math.Min(sql.Scalar<long>("SELECT coalesce(max(number), 0) FROM journal"), (before?.Number ?? 0) + BankLimits.HeadEntriesMax);
        return BankFacts.Read(sql) is not { } facts || to == (before?.Number ?? 0) ? null
            : new JournalHead(
                to, JournalTable.HashOf(sql, to).ToString(), HeadTable.Extend(before, to, sql, null).Root.ToString(), facts.Ledger.ToString());
    }

    /// <summary>Each signed head is of this journal, by a tree that is made anew of all entries.</summary>
    private static void JudgeHeads(SqlSession sql)
    {
        var tree = MerkleFrontier.Read(0, [])!;
        var rows = JournalTable.Behind(sql, 0, int.MaxValue);
        foreach (var head in HeadTable.Behind(sql, 0, int.MaxValue))
        {
            while (tree.Size < head.Number)
            {
                tree.Add(rows[(int)tree.Size].Hash);
            }

            var said = SignedStatement.Parse(head.Statement).Value;
            Assert.Null(said.Verify(head.PublicKey, SimPerson.Community, JournalHead.Purpose));
            Assert.Equal((head.Hash, head.Root), (rows[(int)head.Number - 1].Hash, tree.Root));
            Assert.Equal((head.Number, $"{head.Root}"), (JournalHead.Parse(said.Payload.Span).Value.Number, JournalHead.Parse(said.Payload.Span).Value.Root));
        }
    }
}
