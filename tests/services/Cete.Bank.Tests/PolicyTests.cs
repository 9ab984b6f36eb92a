using Cete.Bank.Proto;
using Cete.Core;
using Cete.Groups;
using Cete.Ledger;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Bank.Tests;

/// <summary>How a bank begins, who governs it, and heads of its journal.</summary>
public sealed class PolicyTests
{
    private static readonly BankPolicy Second = BankPolicy.First with { Version = 2, PricePerMebibyte = 7 };

    [Fact]
    public void A_bank_begins_once_and_for_one_community()
    {
        using var bench = Bench.Empty();
        bench.Submit(new Redeem { Vouchers = { Person.Bytes([1]) } }).Refused(FailureKind.Unavailable, "has not begun yet");
        bench.Submit(Bench.Begin(), Asker.Local).Refused(FailureKind.Forbidden, "only a node with the role 'bank'");
        bench.Submit(Bench.Begin(), Bench.Node with { Account = "ada" }).Refused(FailureKind.Forbidden, "only a node");
        bench.Submit(Bench.Begin(), Bench.Node with { Roles = ["index"] }).Refused(FailureKind.Forbidden, "only a node");
        bench.Submit(Bench.Begin(BankPolicy.First with { Version = 0 }), Bench.Node).Refused(FailureKind.Invalid, "the version is 0");
        bench.Submit(new Begin { Community = Person.Bytes([1]), Policy = "{}" }, Bench.Node).Refused(FailureKind.Invalid, "has 20 bytes");
        bench.Submit(new Begin { Community = Person.Bytes(Bench.Community.ToArray()), Policy = "{}" }, Bench.Node).Refused(FailureKind.Invalid, "no policy");
        bench.Submit(new Begin { Community = Person.Bytes(Bench.Community.ToArray()), Policy = "{\"version\":1}" }, Bench.Node)
            .Refused(FailureKind.Invalid, "no policy");
        Assert.True(bench.Submit(Bench.Begin(), Bench.Node).Changed<Done>(done => done.Changed));
        Assert.False(bench.Submit(Bench.Begin(Second), Bench.Node).Changed<Done>(done => done.Changed));
        bench.Submit(Bench.Begin(community: KeyId.Of("other"u8)), Bench.Node).Refused(FailureKind.Conflict, "this is the bank of the community");
    }

    [Fact]
    public void Whoever_governs_sets_a_policy_that_follows_the_one_before()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Register("ada"), bench.Register("bob"));
        ada.Decide(Second, new Asker(ada.Id.ToString(), [])).Refused(FailureKind.Forbidden, "bank.govern");
        ada.Decide(Second, bob.Governing).Refused(FailureKind.Forbidden, "handed in by whoever signed it");
        ada.Decide(Second with { Version = 3 }).Refused(FailureKind.Conflict, "it has version 1");
        Assert.True(ada.Decide(Second).Value.Changed);
        Assert.False(ada.Decide(Second).Value.Changed);
        ada.Decide(Second with { PricePerMebibyte = 8 }).Refused(FailureKind.Conflict, "it has version 2");
        Assert.True(bob.Decide(Second with { Version = 3, Grants = [] }).Value.Changed);
        Assert.Equal(0, bench.Register("carol").Granted);
    }

    [Fact]
    public void Every_bound_of_a_policy_is_kept()
    {
        using var bench = Bench.Begun();
        var ada = bench.Register("ada");
        var price = new ActionPrice("forum", "post", 1);
        BankPolicy[] wrong =
        [
            Second with { PricePerMebibyte = -1 }, Second with { PricePerMebibyte = BankLimits.PriceMax + 1 }, Second with { AuthorPermille = -1 },
            Second with { AuthorPermille = 1_001 }, Second with { CommunityPermille = 1_001 }, Second with { AuthorPermille = 600, CommunityPermille = 401 },
            Second with { DailyAllowance = -1 }, Second with { DailyAllowance = Credits.Max }, Second with { CloseDelaySeconds = -1 },
            Second with { CloseDelaySeconds = long.MaxValue }, Second with { OutOfCredits = "wait" }, Second with { Grants = [new GrantStage(-1, 1)] },
            Second with { Grants = [new GrantStage(366, 1)] }, Second with { Grants = [new GrantStage(0, -1)] }, Second with { Grants = [new GrantStage(0,
                Credits.Max)] },
            Second with { Grants = [new GrantStage(1, 1), new GrantStage(1, 2)] },
            Second with { Grants = [.. Enumerable.Range(0, 9).Select(i => new GrantStage(i, 1))] }, Second with { Prices = [price, price] },
            Second with { Prices = [price with { Price = -1 }] }, Second with { Prices = [price with { Action = "Post!" }] },
            Second with { Prices = [.. Enumerable.Range(0, 201).Select(i => new ActionPrice("forum", $"a{i}", 1))] },
        ];
        Assert.All(wrong, policy => ada.Decide(policy).Refused(FailureKind.Invalid, string.Empty));
        Assert.True(ada.Decide(Second with { AuthorPermille = 600, CommunityPermille = 400, Prices = [price], CloseDelaySeconds = 0 }).Value.Changed);
        var bob = bench.Register("bob");
        var channel = ada.Open(Bench.Id(1), 10, bob.Lane(10));
        Assert.True(channel.Close().Succeeded);
        channel.Redeem(bob, 1).Refused(FailureKind.Expired, "came too late");
    }

    [Fact]
    public void Whoever_governs_pays_from_the_treasury()
    {
        using var bench = Bench.Begun(BankPolicy.First with { CommunityPermille = 1_000 });
        var (ada, bob) = (bench.Register("ada"), bench.Register("bob"));
        Assert.Equal(50, ada.Open(Bench.Id(1), 50, bob.Lane(50)).Redeem(bob, 50).Paid);
        TransferResult Pay(TransferOrder order, Asker asker) => Transferred.Parser.ParseFrom(bench.Submit(ada.Signed(order), asker).Value.Span).Results[0];
        var order = Person.Sending(2, bob, 30) with { From = "treasury" };
        Pay(order, new Asker(ada.Id.ToString(), [])).Refused(FailureKind.Forbidden, "bank.govern");
        Pay(order, bob.Governing).Refused(FailureKind.Forbidden, "handed in by whoever signed it");
        Assert.True(Pay(order, ada.Governing).Number > 0);
        Assert.True(Pay(order, ada.Governing).IsKnown);
        Pay(order with { From = string.Empty }, ada.Governing).Refused(FailureKind.Conflict, "another transfer");
        Pay(order with { Id = Bench.Id(3).ToString(), Amount = 21 }, ada.Governing).Refused(FailureKind.Conflict, "are needed");
        Pay(order with { Id = Bench.Id(3).ToString(), To = "treasury" }, ada.Governing).Refused(FailureKind.Invalid, "would pay itself");
        Assert.Equal((30, 20), (bob.Balance, bench.BalanceOf(LedgerAddress.Treasury)));
    }

    [Fact]
    public void A_head_counts_when_it_is_that_of_this_journal_and_of_who_hands_it_in()
    {
        using var bench = Bench.Begun();
        var (node, other) = (bench.Rich("node", 1_000, 1), bench.Register("other"));
        for (var i = 0; i < 600; i++)
        {
            Assert.True(node.Send(100 + i, other, 1).Number > 0);
        }

        var (right, ledger) = (Head(bench, 300), bench.Read(sql => BankFacts.Read(sql)!.Ledger));
        Sign(bench, node, right with { Hash = new string('0', 64) }).Refused(FailureKind.Damaged, "not that of this journal");
        Sign(bench, node, right with { Root = Head(bench, 299).Root }).Refused(FailureKind.Damaged, "not that of this journal");
        Sign(bench, node, right with { Ledger = Bench.Id(1).ToString() }).Refused(FailureKind.Damaged, "not that of this journal");
        Sign(bench, node, right with { Number = 100_000 }).Refused(FailureKind.Conflict, "the journal has");
        Sign(bench, node, right with { Number = 0 }).Refused(FailureKind.Conflict, "the journal has");
        Sign(bench, node, right with { Number = -1 }).Refused(FailureKind.Conflict, "the journal has");
        Sign(bench, node, right, by: other).Refused(FailureKind.Forbidden, "heads that it signed itself");
        Sign(bench, node, right, asker: new Asker(node.KeyId.ToString(), [])).Refused(FailureKind.Forbidden, "only a node");
        Assert.True(Sign(bench, node, right).Changed<Done>(done => done.Changed));
        Sign(bench, node, right).Refused(FailureKind.Conflict, "300 are under a signed head");
        Sign(bench, node, Head(bench, 299)).Refused(FailureKind.Conflict, "300 are under a signed head");
        Assert.True(Sign(bench, other, Head(bench, 604)).Changed<Done>(done => done.Changed));

        // What is kept of the tree gives the path of each entry, and the root that the heads have.
        foreach (var number in new long[] { 1, 2, 255, 256, 257, 512, 513, 604 })
        {
            var path = bench.Read(sql => MerkleTree.Path(number - 1, 604, (level, place) => TreeTable.Perfect(sql, level, place)));
            var leaf = bench.Read(sql => JournalTable.HashOf(sql, number));
            _ = Hash256.TryParse(Head(bench, 604).Root, out var root);
            Assert.True(MerkleTree.IsPath(leaf, number - 1, 604, path, root));
            Assert.False(MerkleTree.IsPath(leaf, number == 604 ? 0 : number, 604, path, root));
        }

        Assert.Equal(right.Ledger, ledger.ToString());
    }

    [Fact]
    public void Two_banks_of_one_community_are_told_apart()
    {
        using var one = Bench.Begun();
        using var two = Bench.Empty();
        two.Group.Now += TimeSpan.FromSeconds(1);
        Assert.True(two.Submit(Bench.Begin(), Bench.Node).Succeeded);
        var (here, there) = (one.Register("ada"), two.Register("ada"));
        Assert.NotEqual(Head(one, 1).Ledger, Head(two, 1).Ledger);
        Sign(two, there, Head(two, 1) with { Ledger = Head(one, 1).Ledger }).Refused(FailureKind.Damaged, "not that of this journal");
        Assert.Equal(here.Id, there.Id);
    }

    [Fact]
    public void Commands_that_cannot_be_read_are_refused()
    {
        using var bench = Bench.Begun();
        bench.Submit(new ClientCommand("Mint", Array.Empty<byte>(), Bench.Node)).Refused(FailureKind.Invalid, "knows no command 'Mint'");
        foreach (var type in new[] { "Begin", "Transfer", "ChangeChannel", "Redeem", "Claim", "SetPolicy", "Tick", "SignHead" })
        {
            bench.Submit(new ClientCommand(type, new byte[] { 0xFF }, Bench.Node)).Refused(FailureKind.Invalid, "cannot be read");
        }
    }

    internal static JournalHead Head(Bench bench, long number) => bench.Read(sql =>
    {
        var tree = MerkleFrontier.Read(0, [])!;
        var rows = JournalTable.Behind(sql, 0, (int)number);
        rows.ForEach(row => tree.Add(row.Hash));
        return new JournalHead(number, rows[^1].Hash.ToString(), tree.Root.ToString(), BankFacts.Read(sql)!.Ledger.ToString());
    });

    internal static Outcome<ReadOnlyMemory<byte>> Sign(Bench bench, Person node, JournalHead head, Person? by = null, Asker? asker = null)
    {
        var signed = SignedStatement.Sign(node.Key, Bench.Community, JournalHead.Purpose, default, 1, head.ToPayload());
        return bench.Submit(
            new SignHead { Statement = Person.Bytes(signed.ToArray()), PublicKey = ByteString.CopyFrom(node.PublicKey) },
            asker ?? new Asker((by ?? node).KeyId.ToString(), [BankMachine.BankRole]));
    }
}
