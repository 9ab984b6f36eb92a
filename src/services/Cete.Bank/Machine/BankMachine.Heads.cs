using Cete.Bank.Proto;
using Cete.Core;

namespace Cete.Bank;

/// <summary>How the journal stands, signed by nodes: whoever has a head can tell later whether anything before it was changed.</summary>
public sealed partial class BankMachine
{
    private static Outcome<ReadOnlyMemory<byte>> Note(SignHead command, Change change)
    {
        var statement = SignedByNode(command.Statement, command.PublicKey, JournalHead.Purpose, change);
        var head = statement.Succeeded ? JournalHead.Parse(statement.Value.Payload.Span) : statement.Failure;
        if (!head.Succeeded)
        {
            return head.Failure;
        }

        if (change.Asker.Account != statement.Value.Device.ToString())
        {
            return new Failure(FailureKind.Forbidden, "a node hands in the heads that it signed itself");
        }

        var said = head.Value;
        var before = HeadTable.Last(change.Sql);
        var (last, _) = change.Cache.Last(change.Sql);
        if (said.Number <= (before?.Number ?? 0) || said.Number > last || said.Number - (before?.Number ?? 0) > BankLimits.HeadEntriesMax)
        {
            return new Failure(FailureKind.Conflict, $"the journal has {last} entries, of which {before?.Number ?? 0} are under a signed head");
        }

        var tree = HeadTable.Extend(before, said.Number, change.Sql, TreeTable.Keep(change.Sql));
        var hash = JournalTable.HashOf(change.Sql, said.Number);
        if (said.Hash != hash.ToString() || said.Root != tree.Root.ToString() || said.Ledger != change.Facts.Ledger.ToString())
        {
            return new Failure(FailureKind.Damaged, "the head is not that of this journal");
        }

        HeadTable.Add(change.Sql, new HeadRow(
            said.Number, hash, tree.Root, tree.ToArray(), change.At, command.Statement.ToByteArray(), command.PublicKey.ToByteArray()));
        return Answer(new Done { Changed = true });
    }
}
