using Cete.Bank.Proto;
using Cete.Core;
using Cete.Ledger;
using Cete.Testing;
using Cete.Trust;

namespace Cete.Bank.Tests;

/// <summary>What accounts send each other.</summary>
public sealed class TransferTests
{
    [Fact]
    public void What_was_earned_is_sent_on_and_what_was_given_is_not()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 10 * Bench.Credit, 1), bench.Register("bob"));
        Assert.Equal((10 * Bench.Credit, 5_000 * Bench.Credit), (ada.Balance, ada.Granted));
        Assert.True(ada.Send(2, bob, 4 * Bench.Credit, "for a song").Number > 0);
        Assert.Equal((6 * Bench.Credit, 4 * Bench.Credit), (ada.Balance, bob.Balance));
        var entry = bench.LastEntry;
        Assert.Equal((TransferKind.Send, ada.User, bob.User, "for a song", bench.Now), (entry.Kind, entry.Debit, entry.Credit, entry.Note, entry.At));
        ada.Send(3, bob, (6 * Bench.Credit) + 1).Refused(FailureKind.Conflict, "6 credits are there and 6.000001 are needed; who runs a service earns some");
        Assert.Equal(5_000 * Bench.Credit, ada.Granted);
    }

    [Fact]
    public void Amounts_that_are_none_are_refused()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 10, 1), bench.Register("bob"));
        foreach (var amount in new[] { 0, -1, long.MinValue, long.MaxValue, Credits.Max + 1 })
        {
            ada.Send(2, bob, amount).Refused(FailureKind.Invalid, "an amount is 1 to");
            ada.Do(ada.Pending(2, bob, amount)).Refused(FailureKind.Invalid, "an amount is 1 to");
        }

        ada.Send(2, bob, Credits.Max).Refused(FailureKind.Conflict, "are needed");
        Assert.Equal((10, 0), (ada.Balance, bob.Balance));
    }

    [Fact]
    public void Nobody_pays_himself_or_whom_there_is_not()
    {
        using var bench = Bench.Begun();
        var ada = bench.Rich("ada", 10, 1);
        ada.Send(2, ada, 1).Refused(FailureKind.Invalid, "would pay itself");
        ada.Do(ada.Pending(2, ada, 1)).Refused(FailureKind.Invalid, "would pay itself");
        ada.Send(2, bench.Stranger("eve"), 1).Refused(FailureKind.NotFound, "there is no account");
        var order = Person.Sending(2, ada, 1);
        foreach (var to in new[] { "mint", "", $"grant:{ada.Id}", $"channel:{Bench.Id(1)}", $"pending:{Bench.Id(1)}", "user:", "user:ada", "nobody",
            new string('x', 500) })
        {
            ada.Do(order with { To = to }).Refused(FailureKind.Invalid, string.Empty);
        }

        Assert.True(ada.Do(order with { To = "treasury" }).Number > 0);
        Assert.True(ada.Do(order with { Id = Bench.Id(3).ToString(), To = $"node:{ada.KeyId}" }).Number > 0);
        Assert.Equal((8, 1), (ada.Balance, bench.BalanceOf(LedgerAddress.Treasury)));
    }

    [Fact]
    public void An_id_is_one_transfer_for_ever()
    {
        using var bench = Bench.Begun();
        var (ada, bob, carol) = (bench.Rich("ada", 10, 1), bench.Register("bob"), bench.Register("carol"));
        var first = ada.Send(2, bob, 3, "rent");
        var again = ada.Send(2, bob, 3, "rent");
        Assert.Equal((first.Number, true), (again.Number, again.IsKnown));
        ada.Send(2, bob, 4, "rent").Refused(FailureKind.Conflict, $"is that of another transfer, entry {first.Number}");
        ada.Send(2, carol, 3, "rent").Refused(FailureKind.Conflict, "another transfer");
        ada.Send(2, bob, 3, "rent!").Refused(FailureKind.Conflict, "another transfer");
        ada.Do(ada.Pending(2, bob, 3)).Refused(FailureKind.Conflict, "another transfer");
        bob.Send(2, ada, 3, "rent").Refused(FailureKind.Conflict, "another transfer");
        var twice = ada.Order(Person.Sending(5, bob, 1), Person.Sending(5, bob, 1), Person.Sending(5, bob, 2)).Value.Results;
        Assert.Equal((twice[0].Number, true), (twice[1].Number, twice[1].IsKnown));
        twice[2].Refused(FailureKind.Conflict, "another transfer");
        Assert.Equal((6, 4), (ada.Balance, bob.Balance));
    }

    [Fact]
    public void What_was_done_is_known_whatever_changed_since()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 10, 1), bench.Register("bob"));
        var (sent, order) = (ada.Send(2, bob, 3), ada.Pending(3, bob, 4));
        var held = ada.Do(order);
        var taken = bob.Do(Person.Posting(4, 3, 4));
        Assert.Null(bench.Import(AccountsTell.Account("closed", bob.Id)));
        bench.Wait(TimeSpan.FromDays(2));
        Assert.Equal((sent.Number, true), (ada.Send(2, bob, 3).Number, ada.Send(2, bob, 3).IsKnown));
        Assert.Equal((held.Number, true), (ada.Do(order).Number, ada.Do(order).IsKnown));
        Assert.True(taken.Number > 0);
        ada.Send(5, bob, 1).Refused(FailureKind.NotFound, "or it was closed");
    }

    [Fact]
    public void Ids_that_the_bank_would_take_can_be_taken_before_it()
    {
        using var bench = Bench.Begun();
        var (ada, bob, mallory) = (bench.Rich("ada", 100, 1), bench.Register("bob"), bench.Rich("mallory", 100, 2));
        string[] purposes = ["return", "return-grant", "reserve", "reserve-grant", "expire", "rest"];
        var squatted = 0;
        foreach (var purpose in purposes)
        {
            foreach (var id in new[] { 10, 11 })
            {
                var order = Person.Sending(0, bob, 1) with { Id = TransferId.Of(purpose, Bench.Id(id).ToArray()).ToString() };
                squatted += mallory.Do(order).Number > 0 ? 1 : 0;
            }
        }

        Assert.Equal(purposes.Length * 2, squatted);
        var channel = mallory.Open(Bench.Id(10), 50, bob.Lane(20));
        Assert.Equal(5, channel.Redeem(bob, 5).Paid);
        Assert.True(channel.Close().Succeeded);
        bench.Wait(TimeSpan.FromDays(1));
        Assert.Equal(0, channel.Held);
        Assert.True(ada.Do(ada.Pending(11, bob, 20)).Number > 0);
        Assert.True(bob.Do(Person.Posting(12, 11, 15)).Number > 0);
        Assert.Equal(85, ada.Balance);
    }

    [Fact]
    public void Linked_transfers_are_all_done_or_none()
    {
        using var bench = Bench.Begun();
        var (ada, bob, carol) = (bench.Rich("ada", 10, 1), bench.Register("bob"), bench.Register("carol"));
        var results = ada.Order(
            Person.Sending(2, bob, 1), Person.Sending(3, bob, 4, linked: true), ada.Pending(4, carol, 4, linked: true), Person.Sending(5, carol, 2),
            Person.Sending(6, carol, 1)).Value.Results;
        Assert.True(results[0].Number > 0 && results[4].Number > results[0].Number);
        results[1].Refused(FailureKind.Conflict, "linked");
        results[2].Refused(FailureKind.Conflict, "linked");
        results[3].Refused(FailureKind.Conflict, "1 credits are there and 2 are needed".Replace("1 c", "0.000001 c", StringComparison.Ordinal)
            .Replace("2 are", "0.000002 are", StringComparison.Ordinal));
        Assert.Equal((8, 1, 1), (ada.Balance, bob.Balance, carol.Balance));
        Assert.Equal(0, bench.Read(sql => new PendingTable(sql).CountOf(ada.Id)));
        Assert.All(ada.Order(Person.Sending(3, bob, 4, linked: true), ada.Pending(4, carol, 4)).Value.Results, result => Assert.True(result.Number > 0));
        bob.Order(Person.Sending(7, ada, 1, linked: true)).Refused(FailureKind.Invalid, "linked with the next one, which there is not");
        ada.Order().Refused(FailureKind.Invalid, "1 to 1000");
    }

    [Fact]
    public void A_linked_chain_takes_what_is_pending_or_leaves_all()
    {
        using var bench = Bench.Begun();
        var (ada, bob, carol) = (bench.Rich("ada", 10, 1), bench.Register("bob"), bench.Register("carol"));
        Assert.True(ada.Do(ada.Pending(2, bob, 5)).Number > 0);
        var results = bob.Order(Person.Posting(3, 2, 4, linked: true), Person.Sending(4, carol, 5)).Value.Results;
        Assert.All(results, result => Assert.True(result.Failure > 0));
        Assert.Equal((5, 0), (ada.Balance, bob.Balance));
        Assert.All(bob.Order(Person.Posting(3, 2, 4, linked: true), Person.Sending(4, carol, 4)).Value.Results, result => Assert.True(result.Number > 0));
        Assert.Equal((6, 0, 4), (ada.Balance, bob.Balance, carol.Balance));
    }

    [Fact]
    public void Orders_that_say_too_much_or_too_little_are_refused()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 10, 1), bench.Register("bob"));
        var (send, pend) = (Person.Sending(2, bob, 1), ada.Pending(3, bob, 1));
        Assert.True(ada.Do(pend).Number > 0);
        var (post, leave) = (Person.Posting(4, 3, 1), Person.Voiding(5, 3));
        TransferOrder[] wrong =
        [
            send with { Id = "2" }, send with { Id = string.Empty }, send with { Id = new string('g', 32) }, send with { Kind = "give" },
                send with { Kind = string.Empty },
            send with { Pending = Bench.Id(3).ToString() }, send with { ExpiresAt = bench.Now.Microseconds + 1 }, send with { From = ada.User.ToString() },
            send with { From = "mint" }, send with { Note = new string('n', 201) }, send with { Note = "two\nlines" }, send with { Note = "\u202E" },
            send with { Note = new string('é', 101) }, pend with { ExpiresAt = 0 }, pend with { From = "treasury" }, post with { To = bob.User.ToString() },
            post with { Pending = string.Empty }, post with { Amount = 0 }, leave with { Amount = 1 }, leave with { Note = new string('n', 60_000) },
            leave with { Note = "two\nlines" }, leave with { From = "treasury" },
        ];
        for (var i = 0; i < wrong.Length; i++)
        {
            var result = (wrong[i].Kind is TransferOrder.Post or TransferOrder.Void ? bob : ada).Do(wrong[i] with
            {
                Id = wrong[i].Id == send.Id
                ? Bench.Id(100 + i).ToString() : wrong[i].Id
            });
            Assert.True(result.Failure == (int)FailureKind.Invalid + 1 || (i > 12 && result.Failure > 0), $"{i}: {result}");
        }

        Assert.Equal((9, 0), (ada.Balance, bob.Balance));
        Assert.True(bob.Do(leave with { Note = new string('n', 200) }).Number > 0);
    }

    [Fact]
    public void A_statement_counts_by_its_signature_alone()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 10, 1), bench.Register("bob"));
        var payload = new TransferAct([Person.Sending(2, bob, 1)]).ToPayload();
        Outcome<ReadOnlyMemory<byte>> Try(byte[] statement) => bench.Submit(new Transfer { Statement = Person.Bytes(statement) }, ada.Governing);

        Try(ada.Sign(TransferAct.Purpose, payload, community: KeyId.Of("other"u8))).Refused(FailureKind.Forbidden, "another community");
        Try(ada.Sign(ChannelAct.Purpose, payload)).Refused(FailureKind.Forbidden, "signed for");
        Try(bob.Sign(TransferAct.Purpose, payload, account: ada.Id)).Refused(FailureKind.Forbidden, "knows no device");
        Try(bench.Stranger("eve").Sign(TransferAct.Purpose, payload)).Refused(FailureKind.Forbidden, "knows no device");
        var forged = SignedStatement.Parse(bob.Sign(TransferAct.Purpose, payload, account: ada.Id)).Value with { Device = ada.KeyId };
        Try(forged.ToArray()).Refused(FailureKind.Forbidden, "not signed with the key");
        var changed = ada.Sign(TransferAct.Purpose, payload);
        changed[^70] ^= 1;
        Assert.False(Try(changed).Succeeded);
        Try([]).Refused(FailureKind.Invalid, "no signed statement");
        Try(ada.Sign(TransferAct.Purpose, "{}"u8.ToArray())).Refused(FailureKind.Invalid, "no list of transfers");
        Try(ada.Sign(TransferAct.Purpose, "{\"transfers\":[null]}"u8.ToArray())).Refused(FailureKind.Invalid, "no list of transfers");
        Try(ada.Sign(TransferAct.Purpose, "{\"transfers\":[{\"id\":\"\\ud800\",\"kind\":\"send\"}]}"u8.ToArray())).Refused(FailureKind.Invalid, "no list");
        Assert.True(Try(ada.Sign(TransferAct.Purpose, payload)).Succeeded);
        Assert.Equal(1, bob.Balance);
    }

    [Fact]
    public void Who_is_suspended_closed_or_whose_device_was_removed_spends_nothing()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 10, 1), bench.Register("bob"));
        Assert.Null(bench.Import(AccountsTell.Account("suspended", ada.Id)));
        ada.Order(Person.Sending(2, bob, 1)).Refused(FailureKind.Forbidden, "suspended");
        Assert.Null(bench.Import(AccountsTell.Account("resumed", ada.Id)));
        Assert.True(ada.Send(2, bob, 1).Number > 0);
        Assert.Null(bench.Import(AccountsTell.DeviceRemoved(bob.Id, bob.KeyId)));
        bob.Order(Person.Sending(3, ada, 1)).Refused(FailureKind.Forbidden, "was removed");
        Assert.Null(bench.Import(AccountsTell.Account("closed", ada.Id)));
        ada.Order(Person.Sending(4, bob, 1)).Refused(FailureKind.NotFound, "was closed");
        ada.Channel(ada.Opening(Bench.Id(9), 5)).Refused(FailureKind.NotFound, "was closed");
    }
}
