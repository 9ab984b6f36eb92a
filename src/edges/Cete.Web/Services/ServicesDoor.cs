using Cete.Cluster.Servers;
using Cete.Web.Community;
using Microsoft.AspNetCore.Builder;

namespace Cete.Web.Services;

/// <summary>Described services over HTTP: the API of each, whatever its description.</summary>
public static class ServicesDoor
{
    /// <summary>On a node without a replica of them: whoever asks is sent to a node that has one.</summary>
    /// <param name="app">The application.</param>
    /// <param name="servers">Who has them.</param>
    public static void MapElsewhere(WebApplication app, Func<ServerList> servers) => new Elsewhere(servers).MapServices(app, [ServicesPages.Address]);

    /// <summary>Adds their API to an application behind its <see cref="Sessions.SessionDoor"/>.</summary>
    /// <param name="app">The application.</param>
    /// <param name="parts">The services.</param>
    public static void Map(WebApplication app, ServicesParts parts)
    {
        if (parts.Service is { } services)
        {
            new ServicesApi(services, new ServiceListeners(), parts.Book, parts.Keys, TimeProvider.System).Map(app);
        }
    }
}
