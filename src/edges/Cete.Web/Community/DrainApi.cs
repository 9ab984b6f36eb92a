using Cete.Api;
using Cete.Core;
using Cete.Web.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Community;

/// <summary>Takes a node out of service, and back into it: for whoever has the node's own key, since it is his node.</summary>
/// <param name="nodeKey">The node's public key.</param>
/// <param name="community">Its community.</param>
/// <param name="clock">What time it is.</param>
/// <param name="drain">Says whether it drains from now on; false when it was so already.</param>
public sealed class DrainApi(ReadOnlyMemory<byte> nodeKey, KeyId community, TimeProvider clock, Func<bool, Outcome<bool>> drain)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Routes.Drain, (HttpContext context, CancellationToken _) => SetAsync(context, true))
            .Tells("Node", "Take the node's replicas away from it").Gives<ChangeAnswer>();
        routes.MapDelete(Routes.Drain, (HttpContext context, CancellationToken _) => SetAsync(context, false))
            .Tells("Node", "Let the node have replicas again").Gives<ChangeAnswer>();
    }

    private async Task<IResult> SetAsync(HttpContext context, bool isDraining) =>
        await AdministratorDoor.CheckAsync(context, nodeKey, community, clock) is { } failure
            ? Answers.Of(failure)
            : ApiAnswers.Of(drain(isDraining).Then(changed => new ChangeAnswer(changed)), ApiJson.Default.ChangeAnswer);
}
