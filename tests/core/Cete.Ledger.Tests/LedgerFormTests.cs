using Cete.Core;
using FsCheck;
using FsCheck.Fluent;

namespace Cete.Ledger.Tests;

/// <summary>Amounts, addresses, ids and entries: written and read again, and what is none is refused.</summary>
public sealed class LedgerFormTests
{
    [Fact]
    public void AmountsAreReadAsTheyAreShown()
    {
        var amounts = from high in Gen.Choose(0, (1 << 23) - 1) from low in Gen.Choose(0, (1 << 30) - 1) select ((long)high << 30) | (long)low;
        Prop.ForAll(amounts.ToArbitrary(), micro => Assert.Equal(micro, Credits.Parse(Credits.Show(micro)).Value)).Check(Config.QuickThrowOnFailure);
        Assert.Equal(["0", "0.000001", "12.5", "-3", "9007199254.740991"], new long[] { 0, 1, 12_500_000, -3_000_000, Credits.Max }.Select(Credits.Show));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1.0000001")]
    [InlineData("1,5")]
    [InlineData("1e3")]
    [InlineData("9007199254.740992")]
    [InlineData("99999999999")]
    [InlineData("\u0661")]
    [InlineData(" 1")]
    public void WhatIsNoAmountIsRefused(string? text) => Assert.NotNull(Credits.Parse(text).Failure);

    [Theory]
    [InlineData("-5")]
    [InlineData("-0.5")]
    [InlineData("0")]
    [InlineData("0.000000")]
    public void WhatIsToBeGivenIsPositive(string text) =>
        Assert.Equal(new Failure(FailureKind.Invalid, "an amount is positive: 0.000001 credits at least"), Credits.ParsePositive(text).Failure);

    [Fact]
    public void OneCreditIsNotManyAndNothingElseIsOne()
    {
        Assert.Equal(
            ["0 credits", "0.000001 credits", "1 credit", "1.000001 credits", "2 credits", "11 credits", "-1 credit"],
            new long[] { 0, 1, 1_000_000, 1_000_001, 2_000_000, 11_000_000, -1_000_000 }.Select(Credits.Counted));
        Assert.Equal("1 credit was", Credits.Counted(1_000_000, "credit was", "credits were"));
        Assert.Equal(Credits.Show(5_000_000), Credits.Show(Credits.ParsePositive("5").Value));
    }

    [Theory]
    [InlineData("treasury has 1 credits and 2 are needed", "treasury has 1 credit and 2 are needed")]
    [InlineData("1 credits are held by it, and 2 are asked for", "1 credit is held by it, and 2 are asked for")]
    [InlineData("more than the 1 credits that are reserved", "more than the 1 credit that is reserved")]
    [InlineData("it has 0.1 credits, 11 credits and 2.1 credits", "it has 0.1 credits, 11 credits and 2.1 credits")]
    public void WhatReplicasAnswerOfOneCreditIsToldInItsOwnForm(string answered, string told) =>
        Assert.Equal(new Failure(FailureKind.Conflict, told), Shortage.Told(new Failure(FailureKind.Conflict, answered)));

    [Fact]
    public void WhoHasOneCreditIsToldSoAndHowToComeToMore()
    {
        var answered = Shortage.Of(1_000_000, 2_000_000);
        Assert.StartsWith("1 credits are there", answered.Message, StringComparison.Ordinal);
        Assert.Equal(new Failure(FailureKind.Unpaid, $"1 credit is there and 2 are needed; {Shortage.HowTo}"), Shortage.Told(answered));
    }

    [Fact]
    public void WhatBytesCostAndWhatAnAmountPaysForFitTogether()
    {
        var pairs = from bytes in Gen.Choose(0, int.MaxValue)
                    from scale in Gen.Choose(0, 12)
                    from price in Gen.Choose(1, int.MaxValue)
                    select ((long)bytes << scale, (long)price);
        Prop.ForAll(pairs.ToArbitrary(), pair =>
        {
            var (bytes, price) = pair;
            var cost = Credits.CostOf(bytes, price);
            var most = Credits.BytesFor(cost, price);
            Assert.True(most >= bytes);
            Assert.Equal(cost, Credits.CostOf(most, price));
            Assert.True(Credits.CostOf(most + 1, price) > cost);
            Assert.True(Credits.CostOf(bytes + 1, price) >= cost);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
        Assert.Equal(long.MaxValue, Credits.BytesFor(1, 0));
        Assert.Equal(long.MaxValue, Credits.CostOf(long.MaxValue, long.MaxValue));
    }

    [Fact]
    public void PartsThatGrowAddUpToThePartOfTheWhole()
    {
        long paid = 0;
        for (long total = 0; total <= 10_007; total += 7)
        {
            var part = Credits.Part(total, 333);
            Assert.True(part >= paid);
            paid = part;
        }

        Assert.InRange(paid, (10_000 * 333 / 1000) - 5, 10_007 * 333 / 1000);
        Assert.Equal(long.MaxValue / 1000 * 999, Credits.Part(long.MaxValue / 1000 * 1000, 999));
    }

    [Fact]
    public void AddressesAreReadAsTheyAreWritten()
    {
        var bits = Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b), KeyId.Size);
        Prop.ForAll(bits.ToArbitrary(), bytes =>
        {
            LedgerAddress[] all =
            [
                LedgerAddress.Mint, LedgerAddress.Treasury, LedgerAddress.User(new AccountId(bytes.AsSpan(0, 16))),
                LedgerAddress.Grant(new AccountId(bytes.AsSpan(0, 16))), LedgerAddress.Channel(new TransferId(bytes.AsSpan(0, 16))),
                LedgerAddress.Pending(new TransferId(bytes.AsSpan(0, 16))), LedgerAddress.Node(new KeyId(bytes)),
            ];
            foreach (var address in all)
            {
                Assert.True(LedgerAddress.TryParse(address.ToString(), out var read), address.ToString());
                Assert.Equal(address, read);
                var written = new byte[LedgerAddress.Size];
                address.CopyTo(written);
                Assert.Equal(address, LedgerAddress.Of(written[0], written.AsSpan(1)));
            }

            Assert.Equal(all, all.Order());
        }).Check(Config.QuickThrowOnFailure);
        foreach (var text in (string?[])[null, "", "mint:", "user", "user:", "user:x", "nobody", "node:00", "MINT", "channel:zz", "mint:00"])
        {
            Assert.False(LedgerAddress.TryParse(text, out _), text);
        }

        Assert.Null(LedgerAddress.Of(0, new byte[KeyId.Size]));
        Assert.Null(LedgerAddress.Of(8, new byte[KeyId.Size]));
        Assert.Null(LedgerAddress.Of(1, new byte[3]));
    }

    [Fact]
    public void AnEntrysHashIsOfAllThatItSays()
    {
        var entry = new JournalEntry(
            7, TransferId.Of("test", [1]), new Instant(5), TransferKind.Send, LedgerAddress.Treasury, LedgerAddress.Node(KeyId.Of([1])), 3, 4, 5)
        {
            Evidence = Hash256.Of([1]),
            Subject = Hash256.Of([2]),
            Quantity = 9,
            Note = "for the cake",
        };
        JournalEntry[] others =
        [
            entry with { Number = 8 }, entry with { Id = TransferId.Of("test", [2]) }, entry with { At = new Instant(6) },
            entry with { Kind = TransferKind.Pend },
            entry with { Debit = LedgerAddress.Mint }, entry with { Credit = LedgerAddress.Node(KeyId.Of([2])) }, entry with { Amount = 4 },
            entry with { DebitBalance = 5 }, entry with { CreditBalance = 6 }, entry with { Evidence = default }, entry with { Subject = default },
            entry with { Quantity = 10 }, entry with { Note = "for the cakes" },
        ];
        var hashes = others.Append(entry).Select(one => one.HashAfter(default)).Append(entry.HashAfter(Hash256.Of([9]))).ToList();
        Assert.Equal(hashes.Count, hashes.Distinct().Count());
        Assert.Equal(entry.HashAfter(default), (entry with { }).HashAfter(default));
        _ = (entry with { Note = new string('\u20AC', 66) }).HashAfter(default);
        Assert.True(entry.IsSameOrder(entry with { At = new Instant(99), Number = 1, DebitBalance = 0, CreditBalance = 0 }));
        Assert.False(entry.IsSameOrder(entry with { Amount = 4 }));
    }

    [Fact]
    public void IdsAreReadAsTheyAreWrittenAndFollowFromWhatTheyAreFor()
    {
        var id = TransferId.Of("grant", "ann"u8);
        Assert.True(TransferId.TryParse(id.ToString().ToUpperInvariant(), out var read));
        Assert.Equal(id, read);
        Assert.Equal(id, new TransferId(id.Bits));
        TransferId[] ids = [id, TransferId.Of("grant", "bob"u8), TransferId.Of("earn", "ann"u8), TransferId.Of("grant", "ann"u8, 1), default];
        Assert.Equal(5, ids.Distinct().Count());
        foreach (var text in (string?[])[null, "", "00", new string('0', 31), new string('g', 32), new string('0', 33)])
        {
            Assert.False(TransferId.TryParse(text, out _));
        }
    }
}
