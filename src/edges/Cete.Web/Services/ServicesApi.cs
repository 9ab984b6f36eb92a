using Cete.Described;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Services;

/// <summary>The API of described services.</summary>
internal sealed class ServicesApi(DescribedService services)
{
    public void Map(IEndpointRouteBuilder routes) => _ = (services, routes);
}
