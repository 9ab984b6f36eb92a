using Cete.Web.Pages;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Services;

/// <summary>The pages of described services: made of the description alone.</summary>
internal sealed class ServicesPages(ServicesParts parts, PageWriter writer, TimeProvider clock)
{
    public const string Address = "/services";

    public void Map(IEndpointRouteBuilder routes) => _ = (parts, writer, clock, routes);
}
