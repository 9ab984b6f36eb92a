using Cete.Accounts;
using Cete.Bank;
using Cete.Cluster.Servers;
using Cete.Web.Community;
using Cete.Web.Pages.Payments;
using Microsoft.AspNetCore.Builder;

namespace Cete.Web.Bank;

/// <summary>The bank over HTTP, on a node that keeps it.</summary>
public static class BankDoor
{
    /// <summary>On a node without a replica of the bank: whoever asks for it is sent to a node that has one.</summary>
    /// <param name="app">The application.</param>
    /// <param name="servers">Who has it.</param>
    public static void MapElsewhere(WebApplication app, Func<ServerList> servers) =>
        new Elsewhere(servers).MapBank(app, PaymentAddresses.All);

    /// <summary>Adds it to an application behind its <see cref="Sessions.SessionDoor"/>.</summary>
    /// <param name="app">The application.</param>
    /// <param name="bank">The bank.</param>
    /// <param name="book">Names of accounts.</param>
    /// <param name="clock">Tells what day it is.</param>
    public static void Map(WebApplication app, BankService bank, StandingBook book, TimeProvider clock) => new BankApi(bank, book, clock).Map(app);
}
