using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cete.Api;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Bank;
using Cete.Core;
using Cete.Ledger;
using Cete.Trust;

namespace Cete.App.Verbs.Bank;

/// <summary><c>cete bank receipt</c>: what shows that a transfer is in the journal, and whether it does.</summary>
internal static class ReceiptVerb
{
    private const int FileBytesMax = 1 << 20;

    public static Command Make()
    {
        var transfer = new Argument<string>("ID") { Description = "The transfer's id, or the number of its entry; with --check a file that was saved." };
        var save = new Option<FileInfo?>("--save") { Description = "Keep the receipt in a file.", HelpName = "FILE" };
        var check = new Option<bool>("--check") { Description = "Look at a receipt that was saved; no node is asked." };
        return AccountVerbs.Make(
            "receipt", "Show by a Merkle path (RFC 6962) and a signed head that a transfer is in the journal.", [transfer, save, check],
            async (client, parsed, json, stop) =>
            {
                var what = parsed.GetRequiredValue(transfer);
                var found = parsed.GetValue(check) ? await ReadAsync(what, stop)
                    : await client.GetAsync($"{Routes.Receipts}/{Uri.EscapeDataString(what)}", ApiJson.Default.ReceiptInfo, stop);
                if (!found.Succeeded)
                {
                    return ExitCodes.Say(found.Failure);
                }

                var proved = Check(found.Value);
                if (!proved.Succeeded)
                {
                    return ExitCodes.Say(proved.Failure);
                }

                if (parsed.GetValue(save) is { } file)
                {
                    await File.WriteAllBytesAsync(file.FullName, JsonSerializer.SerializeToUtf8Bytes(found.Value, ApiJson.Default.ReceiptInfo), stop);
                }

                return Show(found.Value, proved.Value, json);
            });
    }

    private static async Task<Outcome<ReceiptInfo>> ReadAsync(string path, CancellationToken stop)
    {
        try
        {
            var file = new FileInfo(path);
            var bytes = file.Exists && file.Length <= FileBytesMax ? await File.ReadAllBytesAsync(path, stop) : null;
            return bytes is null ? new Failure(FailureKind.NotFound, $"{EntryName.Show(path)} is no receipt that was saved")
                : JsonSerializer.Deserialize(bytes, ApiJson.Default.ReceiptInfo) is { } receipt ? receipt
                : new Failure(FailureKind.Invalid, $"{EntryName.Show(path)} is no receipt");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return new Failure(FailureKind.Invalid, $"{EntryName.Show(path)} cannot be read as a receipt: {EntryName.Show(error.Message)}");
        }
    }

    /// <summary>Whether what a receipt says follows from what was signed; who signed it is told, and is for the reader to know.</summary>
    private static Outcome<(JournalHead Head, KeyId Signer)> Check(ReceiptInfo receipt)
    {
        var wrong = new Failure(FailureKind.Damaged, "the receipt does not show what it says: it was changed, or is of another journal");
        if (!LedgerAddress.TryParse(receipt.Debit, out var debit) || !LedgerAddress.TryParse(receipt.Credit, out var credit)
            || !TransferId.TryParse(receipt.Id, out var id) || !Hash256.TryParse(receipt.Evidence, out var evidence)
            || !Hash256.TryParse(receipt.Subject, out var subject) || !Hash256.TryParse(receipt.Previous, out var previous)
            || System.Text.Encoding.UTF8.GetByteCount(receipt.Note) > JournalEntry.NoteBytesMax || receipt.Path.Count > MerkleTree.PathMax)
        {
            return wrong;
        }

        var entry = new JournalEntry(
            receipt.Number, id, new Instant(receipt.At), (TransferKind)receipt.Kind, debit, credit, receipt.Amount, receipt.DebitBalance, receipt.CreditBalance)
        {
            Evidence = evidence,
            Subject = subject,
            Quantity = receipt.Quantity,
            Note = receipt.Note,
        };
        List<Hash256> path = [];
        foreach (var text in receipt.Path)
        {
            if (!Hash256.TryParse(text, out var hash))
            {
                return wrong;
            }

            path.Add(hash);
        }

        var statement = SignedStatement.Parse(receipt.Head);
        var head = statement.Succeeded ? JournalHead.Parse(statement.Value.Payload.Span) : statement.Failure;
        return head.Succeeded && Hash256.TryParse(head.Value.Root, out var root)
            && statement.Value.Verify(receipt.Signer, statement.Value.Community, JournalHead.Purpose) is null
            && MerkleTree.IsPath(entry.HashAfter(previous), receipt.Number - 1, head.Value.Number, path, root)
                ? (head.Value, statement.Value.Device)
                : wrong;
    }

    private static int Show(ReceiptInfo receipt, (JournalHead Head, KeyId Signer) proved, bool json)
    {
        if (json)
        {
            JsonOut.Line(receipt, ApiJson.Default.ReceiptInfo);
            return ExitCodes.Ok;
        }

        var culture = CultureInfo.InvariantCulture;
        var at = AccountVerbs.Date(new Instant(receipt.At).ToDateTimeOffset());
        Console.WriteLine($"{Credits.Counted(receipt.Amount)} from {receipt.Debit} to {receipt.Credit}, {at}");
        Console.WriteLine(
            $"is entry {receipt.Number.ToString(culture)} of {proved.Head.Number.ToString(culture)} in the journal of ledger {proved.Head.Ledger},");
        Console.WriteLine($"as node {proved.Signer} signed it");
        return ExitCodes.Ok;
    }
}
