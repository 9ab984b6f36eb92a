using Cete.Core;
using Cete.Ledger;
using Cete.Ports.Payments;
using Cete.Storage.Payments;

namespace Cete.Storage.Tests;

/// <summary>What a provider was promised is there after a restart, and never becomes less.</summary>
public sealed class LaneBookTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cete-lanes-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WhatIsKeptIsThereAgainAndNeverLess()
    {
        using (var book = Open())
        {
            Assert.Null(book.Find(Id(1)).Value);
            Assert.Null(book.Keep([Lane(1, 5, redeemed: 0, expires: 50), Lane(2, 0, redeemed: 0, expires: 10), Lane(3, 7, redeemed: 0, expires: 20)]));
            Assert.Null(book.Keep([Lane(1, 9, redeemed: 0, expires: 50)]));
            Assert.Null(book.Keep([Lane(1, 4, redeemed: 0, expires: 50)]));
        }

        using var again = Open();
        var kept = again.Find(Id(1)).Value!;
        Assert.Equal((9, 0, 3, 1_000), (kept.Amount, kept.Redeemed, kept.Price, kept.Sent));
        Assert.Equal(new byte[] { 9 }, kept.Voucher.ToArray());
        Assert.Equal([Id(3), Id(1)], again.Unredeemed(10).Value.Select(lane => lane.Channel));
        Assert.Single(again.Unredeemed(1).Value);
    }

    [Fact]
    public void WhatWasHandedInStaysSoWhateverIsKeptLater()
    {
        using var book = Open();
        book.Keep([Lane(1, 5, 0, 50)]);
        Assert.Null(book.Redeem([(Id(1), 5), (Id(8), 5)]));
        Assert.Empty(book.Unredeemed(10).Value);
        Assert.Null(book.Redeem([(Id(1), 2)]));
        book.Keep([Lane(1, 6, 0, 50)]);
        Assert.Equal((6, 5), (book.Find(Id(1)).Value!.Amount, book.Find(Id(1)).Value!.Redeemed));
        Assert.Single(book.Unredeemed(10).Value);
    }

    [Fact]
    public void WhatEndedIsForgotten()
    {
        using var book = Open();
        book.Keep([Lane(1, 5, 0, 50), Lane(2, 5, 0, 10)]);
        Assert.Null(book.Forget(new Instant(11)));
        Assert.Equal([Id(1)], book.Unredeemed(10).Value.Select(lane => lane.Channel));
    }

    [Fact]
    public void AFileThatIsNoneIsToldAsDamaged()
    {
        File.WriteAllText(Path.Combine(_folder, "lanes.db"), new string('x', 5_000));
        Assert.Equal(FailureKind.Damaged, LaneBook.Open(Path.Combine(_folder, "lanes.db")).Failure!.Kind);
    }

    [Fact]
    public void ChannelsOfAUserAreKeptUntilTheyAreClosed()
    {
        var book = new PayerBook(Path.Combine(_folder, "channels"));
        Assert.Empty(book.All());
        var channel = new KeptChannel(Id(1).ToString(), "film", "c", 5, 50, "a key", false, [new KeptPayerLane("p", "node:x", 5, 20, 3, 4)]);
        Assert.Null(book.Keep(channel));
        Assert.Null(book.Keep(channel with { IsClosing = true }));
        Assert.NotNull(book.Keep(channel with { Channel = "../../etc" }));
        var kept = book.All().Single();
        Assert.Equal((true, "a key", channel.Lanes[0]), (kept.IsClosing, kept.Key, kept.Lanes[0]));
        File.WriteAllText(Path.Combine(_folder, "channels", "bad.json"), "{");
        File.WriteAllText(Path.Combine(_folder, "channels", "worse.json"), """{"channel":"x"}""");
        Assert.Single(book.All());
        if (!OperatingSystem.IsWindows())
        {
            var file = Path.Combine(_folder, "channels", $"{Id(1)}.json");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        book.Forget(Id(1));
        Assert.Empty(book.All());
    }

    private LaneBook Open() => LaneBook.Open(Path.Combine(_folder, "lanes.db")).Value;

    private static TransferId Id(byte number) => TransferId.Of("test", [number]);

    private static KeptLane Lane(byte number, long amount, long redeemed, long expires) =>
        new(Id(number), 3, 1_000, amount, redeemed, amount == 0 ? default : new[] { (byte)amount }, new Instant(expires));
}
