using Cete.Bank;
using Cete.Bank.Proto;
using Cete.Core;
using Cete.Ledger;
using Google.Protobuf;

namespace Cete.Fuzzing.Targets;

/// <summary>What is signed for the bank, what nodes ask of it, and journals that somebody kept.</summary>
internal static class BankTargets
{
    private const string Id = "000102030405060708090a0b0c0d0e0f";

    private static readonly string Account = new AccountId(new byte[16]).ToString();
    private static readonly string Node = KeyId.Of("node"u8).ToString();

    public static (string Name, Func<FuzzTarget> Make)[] All { get; } =
    [
        ("transfer-act", TransferActs), ("channel-act", ChannelActs), ("bank-policy", Policies), ("journal-head", Heads), ("journal", Journals),
        ("bank-question", Questions), ("bank-answer", Answers),
    ];

    private static FuzzTarget TransferActs() => new(
        "transfer-act", input => Oracle.Again(bytes => TransferAct.Parse(bytes), act => act.ToPayload(), input),
        () =>
        [
            new TransferAct([
                new TransferOrder(Id, TransferOrder.Send, $"user:{Account}", 5, Note: "for the maps", Linked: true),
                new TransferOrder(Id, TransferOrder.Pend, $"user:{Account}", 5, ExpiresAt: 1_800_000_000_000_000),
                new TransferOrder(Id, TransferOrder.Post, Amount: 3, Pending: Id),
            ]).ToPayload(),
        ]);

    private static FuzzTarget ChannelActs() => new(
        "channel-act", input => Oracle.Again(bytes => ChannelAct.Parse(bytes), act => act.ToPayload(), input),
        () =>
        [
            new ChannelAct.Open(Id, new byte[91], 9, string.Empty, 1_800_000_000_000_000, [new LaneOrder(Node, $"node:{Node}", 9)]).ToPayload(),
            new ChannelAct.Change(Id, 1, 9, [new LaneOrder(Node, $"user:{Account}", 18, Account)]).ToPayload(),
            new ChannelAct.Close(Id, [new byte[143]]).ToPayload(),
        ]);

    private static FuzzTarget Policies() => new(
        "bank-policy",
        input => Oracle.Again(
            bytes =>
            {
                var policy = BankPolicy.Parse(bytes);
                return policy.Succeeded && policy.Value.Check() is { } wrong ? wrong : policy;
            },
            policy => policy.ToPayload(), input),
        () => [BankPolicy.First.ToPayload(), (BankPolicy.First with { Prices = [new ActionPrice("forum", "post", 5)] }).ToPayload()]);

    private static FuzzTarget Heads() => new(
        "journal-head", input => Oracle.Again(bytes => JournalHead.Parse(bytes), head => head.ToPayload(), input),
        () => [new JournalHead(5, new string('a', 64), new string('b', 64), Id).ToPayload()]);

    /// <summary>Records with their lengths before them, as a file has them.</summary>
    private static FuzzTarget Journals() => new(
        "journal",
        input =>
        {
            var audit = new JournalAudit();
            using var stream = new CodedInputStream(input);
            while (!stream.IsAtEnd)
            {
                byte[] record;
                try
                {
                    record = stream.ReadBytes().ToByteArray();
                }
                catch (InvalidProtocolBufferException)
                {
                    return "cut";
                }

                if (audit.Take(record) is { } failure)
                {
                    return failure.Kind.ToString();
                }

                foreach (var signature in audit.TakeSignatures())
                {
                    _ = signature.Verify();
                }
            }

            return Oracle.Of(audit.Finish(), report => Oracle.That(report.Sum == 0, "balances that are not 0 together are right"));
        },
        () => [Kept()]);

    private static FuzzTarget Questions() => new(
        "bank-question", input => BankDeskCodec.ReadRequest(input) is null ? "refused" : FuzzTarget.Taken,
        () =>
        [
            BankDeskCodec.AskPolicy().ToArray(), BankDeskCodec.AskChannel(new TransferId(new byte[16])).ToArray(),
            BankDeskCodec.AskRedeem([new byte[143]]).ToArray(),
        ]);

    private static FuzzTarget Answers() => new(
        "bank-answer",
        input => Oracle.Of(BankDeskCodec.ReadPolicy(input), _ => { }) + Oracle.Of(BankDeskCodec.ReadChannel(input), _ => { })
            + Oracle.Of(BankDeskCodec.ReadRedeemed(input), _ => { }),
        () =>
        [
            BankDeskCodec.Write(new LedgerStanding(new TransferId(new byte[16]), 1, default, 1, BankPolicy.First)).ToArray(),
            BankDeskCodec.Write((Outcome<Cete.Bank.ChannelRecord>)new Failure(FailureKind.NotFound, "there is no channel")).ToArray(),
        ]);

    /// <summary>A journal of one entry, that nobody signed for: a grant.</summary>
    private static byte[] Kept()
    {
        var account = new AccountId(new byte[16]);
        var entry = new JournalEntry(
            1, new TransferId(new byte[16]), new Instant(1), TransferKind.Grant, LedgerAddress.Mint, LedgerAddress.Grant(account), 5, -5, 5);
        var hash = ByteString.CopyFrom(entry.HashAfter(default).ToArray());
        using var kept = new MemoryStream();
        JournalRecord[] records =
        [
            new() { Header = new JournalHeader { Community = ByteString.CopyFrom(new byte[20]), Ledger = ByteString.CopyFrom(new byte[16]), Format = 1 } },
            new()
            {
                Entry = new EntryRecord
                {
                    Number = 1,
                    Id = ByteString.CopyFrom(new byte[16]),
                    At = 1,
                    Kind = (int)TransferKind.Grant,
                    DebitKind = (int)LedgerAccountKind.Mint,
                    Debit = ByteString.CopyFrom(new byte[20]),
                    CreditKind = (int)LedgerAccountKind.Grant,
                    Credit = ByteString.CopyFrom(new byte[20]),
                    Amount = 5,
                    DebitBalance = -5,
                    CreditBalance = 5,
                    Hash = hash,
                },
            },
            new() { End = new JournalEnd { Number = 1, Hash = hash } },
        ];
        foreach (var record in records)
        {
            record.WriteDelimitedTo(kept);
        }

        return kept.ToArray();
    }
}
