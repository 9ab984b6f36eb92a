using Cete.Core;
using Cete.Web.Community;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Pages;

/// <summary>The page of the community's nodes, and what every page loads: the part of the pages that each node has.</summary>
internal sealed class NodesDoor(INodeReport report, PageWriter writer, Assets assets, TimeProvider clock)
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Addresses.Nodes, Reading, context => writer.WriteAsync<NodesPage>(
            context, new NodesModel(report.Status(), Instant.From(clock.GetUtcNow()), assets.AddressOf("nodes.js"))));
        routes.MapMethods(Addresses.Assets + "/{name}", Reading, assets.ServeAsync);
    }
}
