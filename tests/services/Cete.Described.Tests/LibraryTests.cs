using Cete.Core;

namespace Cete.Described.Tests;

/// <summary>The lending library of the samples, as people use it.</summary>
public sealed class LibraryTests : IDisposable
{
    private const string Library = "library";
    private readonly Shelf _shelf = new();

    [Fact]
    public async Task A_book_is_lent_brought_back_and_lent_again()
    {
        await _shelf.PublishAsync(Shelf.Sample("library.conf"));
        var book = await _shelf.MakeAsync(Shelf.Ada, Library, "books", ("title", "The Dispossessed"), ("author", "Ursula K. Le Guin"), ("shelf", "fiction"));
        Assert.Equal("free", await _shelf.FieldAsync(Shelf.Guest, Library, "books", book, "state"));

        var lent = await _shelf.ActAsync(Shelf.Ben, Library, "borrow", book, ("weeks", "2"));
        Assert.True(lent.Succeeded, lent.Failure?.Message);
        Assert.Equal("lent", await _shelf.FieldAsync(Shelf.Guest, Library, "books", book, "state"));
        Assert.Equal("1", await _shelf.FieldAsync(Shelf.Guest, Library, "books", book, "loans"));
        var loan = Assert.Single((await _shelf.ListAsync(Shelf.Ben, new RecordQuery(Library, "loans"))).Items);
        Assert.Equal("The Dispossessed", loan.Labels["book"]);
        Assert.Equal(_shelf.Group.Now.Microseconds + (14L * 86_400_000_000), loan.Get("due").Number);

        Assert.Equal(FailureKind.Conflict, (await _shelf.ActAsync(Shelf.Ben, Library, "borrow", book)).Failure?.Kind);
        Assert.True((await _shelf.ActAsync(Shelf.Ben, Library, "return", loan.Id)).Succeeded);
        Assert.Equal("free", await _shelf.FieldAsync(Shelf.Guest, Library, "books", book, "state"));
    }

    [Fact]
    public async Task Who_has_which_book_the_two_of_them_alone_see()
    {
        await _shelf.PublishAsync(Shelf.Sample("library.conf"));
        var book = await _shelf.MakeAsync(Shelf.Ada, Library, "books", ("title", "Solaris"));
        await _shelf.ActAsync(Shelf.Ben, Library, "borrow", book);

        Assert.Equal((long[])[1], await _shelf.IdsAsync(Shelf.Ben, Library, "loans"));
        Assert.Equal((long[])[1], await _shelf.IdsAsync(Shelf.Ada, Library, "loans"));
        Assert.Empty(await _shelf.IdsAsync(Shelf.Of("eve"), Library, "loans"));
        Assert.Empty(await _shelf.IdsAsync(Shelf.Guest, Library, "loans"));
        Assert.Equal(FailureKind.NotFound, (await _shelf.GetAsync(Shelf.Of("eve"), Library, "loans", 1)).Failure?.Kind);
        Assert.Equal(0, (await _shelf.ListAsync(Shelf.Of("eve"), new RecordQuery(Library, "loans") { IsCounted = true })).Total);
    }

    [Fact]
    public async Task Who_is_late_owes_more_each_hour_and_borrows_nothing_meanwhile()
    {
        await _shelf.PublishAsync(Shelf.Sample("library.conf"));
        var (one, other) = (await _shelf.MakeAsync(Shelf.Ada, Library, "books", ("title", "Ubik")),
            await _shelf.MakeAsync(Shelf.Ada, Library, "books", ("title", "Valis")));
        await _shelf.ActAsync(Shelf.Ben, Library, "borrow", one, ("weeks", "1"));
        for (var hour = 0; hour < (7 * 24) + 5; hour++)
        {
            _shelf.Group.Now += TimeSpan.FromHours(1);
            await _shelf.TickAsync();
        }

        Assert.Equal("1", await _shelf.FieldAsync(Shelf.Ben, Library, "loans", 1, "fine"));
        var refused = await _shelf.ActAsync(Shelf.Ben, Library, "borrow", other);
        Assert.Equal("You owe a fine: bring back what is late, and pay it first.", refused.Failure?.Message);
        Assert.Equal("free", await _shelf.FieldAsync(Shelf.Ben, Library, "books", other, "state"));
    }

    [Fact]
    public async Task A_fine_goes_to_whoever_lent_the_book_and_may_be_waived()
    {
        using var bank = new ScriptedServiceBank();
        _shelf.Services.Bank = bank;
        await _shelf.PublishAsync(Shelf.Sample("library.conf"));
        var book = await _shelf.MakeAsync(Shelf.Ada, Library, "books", ("title", "Ubik"));
        for (var loan = 1; loan <= 2; loan++)
        {
            Assert.True((await _shelf.ActAsync(Shelf.Ben, Library, "borrow", book, ("weeks", "1"))).Succeeded);
            _shelf.Group.Now += TimeSpan.FromDays(8);
            await _shelf.TickAsync();
            Assert.Equal(FailureKind.Conflict, (await _shelf.ActAsync(Shelf.Ben, Library, "pay", loan)).Failure?.Kind);
            Assert.True((await _shelf.ActAsync(Shelf.Ben, Library, "return", loan)).Succeeded);
            Assert.Equal(FailureKind.Conflict, (await _shelf.ActAsync(Shelf.Ben, Library, "borrow", book)).Failure?.Kind);
            if (loan == 2)
            {
                Assert.Equal(FailureKind.Forbidden, (await _shelf.ActAsync(Shelf.Ben, Library, "waive", loan)).Failure?.Kind);
                Assert.True((await _shelf.ActAsync(Shelf.Ada, Library, "waive", loan)).Succeeded);
                continue;
            }

            Assert.Equal("it costs 0.2 credits: nothing was paid", (await _shelf.ActAsync(Shelf.Ben, Library, "pay", loan)).Failure?.Message);
            Assert.True(AccountId.TryParse(Shelf.Ada.Account, out var ada));
            var wallet = bank.Open(Shelf.Ben.Account, Ledger.LedgerAddress.User(ada), 1_000_000, _shelf.Group.Now + TimeSpan.FromDays(1));
            var paid = await _shelf.Services.ActAsync(
                Library, "pay", loan, [], Shelf.Ben, null, wallet.Sign(0.2m), TestContext.Current.CancellationToken);
            Assert.True(paid.Succeeded, paid.Failure?.Message);
        }

        Assert.True((await _shelf.ActAsync(Shelf.Ben, Library, "borrow", book)).Succeeded);
    }

    [Fact]
    public async Task Whoever_reserved_a_book_first_gets_it()
    {
        await _shelf.PublishAsync(Shelf.Sample("library.conf"));
        var (cleo, dan) = (Shelf.Of("cleo"), Shelf.Of("dan"));
        var book = await _shelf.MakeAsync(Shelf.Ada, Library, "books", ("title", "Kindred"));
        Assert.Equal(FailureKind.Forbidden, (await _shelf.CreateAsync(cleo, Library, "reservations", ("book", $"{book}"))).Failure?.Kind);
        await _shelf.ActAsync(Shelf.Ben, Library, "borrow", book);
        await _shelf.MakeAsync(cleo, Library, "reservations", ("book", $"{book}"));
        _shelf.Group.Now += TimeSpan.FromMinutes(1);
        await _shelf.MakeAsync(dan, Library, "reservations", ("book", $"{book}"));
        Assert.Equal(FailureKind.Conflict, (await _shelf.CreateAsync(dan, Library, "reservations", ("book", $"{book}"))).Failure?.Kind);
        await _shelf.ActAsync(Shelf.Ben, Library, "return", 1);

        Assert.Equal("Somebody has reserved it before you.", (await _shelf.ActAsync(dan, Library, "borrow", book)).Failure?.Message);
        var lent = await _shelf.ActAsync(cleo, Library, "borrow", book);
        Assert.True(lent.Succeeded, lent.Failure?.Message);
        Assert.Empty(await _shelf.IdsAsync(cleo, Library, "reservations"));
        Assert.Equal((long[])[2], await _shelf.IdsAsync(dan, Library, "reservations"));
    }

    public void Dispose() => _shelf.Dispose();
}
