using Cete.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Community;

/// <summary>What the people who run a node ask of it.</summary>
internal static class OperatorsApi
{
    public static void Map(IEndpointRouteBuilder routes, INodeReport report)
    {
        routes.MapGet(Routes.Status, (HttpContext context) => Fresh(context, Answers.Of(report.Status(), ApiJson.Default.NodeStatus)))
            .Tells("Node", "How the node stands").Gives<NodeStatus>();
        routes.MapGet(Routes.Doctor, async (HttpContext context, CancellationToken stop) =>
            Fresh(context, Answers.Of(await report.ExamineAsync(stop), ApiJson.Default.DoctorAnswer)))
            .Tells("Node", "The node examines itself, and tells what it finds").Gives<DoctorAnswer>();
    }

    private static IResult Fresh(HttpContext context, IResult answer)
    {
        context.Response.Headers.CacheControl = "no-store";
        return answer;
    }
}
