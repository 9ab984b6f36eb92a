using Microsoft.AspNetCore.Builder;

namespace Cete.Web.Accounts;

/// <summary>Accounts over HTTP, on a node that keeps them.</summary>
public static class AccountsDoor
{
    /// <summary>Adds all of it to an application behind its <see cref="Sessions.SessionDoor"/>.</summary>
    public static void Map(WebApplication app, AccountsParts parts)
    {
        new SessionsApi(parts).Map(app);
        new AccountsApi(parts).Map(app);
        new TicketsApi(parts).Map(app);
        new CredentialsApi(parts).Map(app);
    }
}
