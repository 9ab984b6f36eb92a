using System.Globalization;
using Cete.Api;
using Cete.Core;
using Cete.Groups;
using Cete.Ports;
using Cete.Web.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Community;

/// <summary>Hands out the state of groups while they run; <see cref="AdministratorDoor"/> stands in front.</summary>
/// <param name="groups">The node's groups.</param>
/// <param name="stores">Where a snapshot can lie while it is sent.</param>
public sealed class BackupApi(Func<IReadOnlyList<IReplica>> groups, IStateStores stores)
{
    private const int PauseSecondsMax = 3_600;

    /// <summary>Lets the administrator fetch snapshots, and have imports pause meanwhile.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Backups + "/{name}", (HttpContext context, string name, CancellationToken stop) => SendAsync(context, name, stop))
            .Tells("Community", "A snapshot of a group").GivesBytes(MediaTypes.Unknown);
        routes.MapPost(Routes.BackupPause, (HttpContext context, CancellationToken stop) =>
            ApiAnswers.CommandAsync<PauseImportsRequest, PauseImportsAnswer>(
                context, ApiJson.Default.PauseImportsRequest, ApiJson.Default.PauseImportsAnswer, (body, _) => PauseAsync(body, stop)))
            .Tells("Community", "Have the node's groups import nothing from others for a while").Takes<PauseImportsRequest>().Gives<PauseImportsAnswer>();
    }

    private async Task<Outcome<PauseImportsAnswer>> PauseAsync(PauseImportsRequest request, CancellationToken stop)
    {
        if (request.Seconds is < 0 or > PauseSecondsMax)
        {
            return new Failure(FailureKind.Invalid, $"'seconds' is 0 to {PauseSecondsMax}");
        }

        var since = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var group in groups())
        {
            var paused = await group.PauseImportsAsync(TimeSpan.FromSeconds(request.Seconds), stop);
            if (!paused.Succeeded)
            {
                return paused.Failure;
            }

            since.Add(group.Id.Name, paused.Value);
        }

        return new PauseImportsAnswer(since);
    }

    private async Task<IResult> SendAsync(HttpContext context, string name, CancellationToken stop)
    {
        if (groups().FirstOrDefault(group => group.Id.Name == name) is not { } group)
        {
            return Answers.Of(new Failure(FailureKind.NotFound, $"this node has no replica of a group '{EntryName.Show(name)}'; 'cete group list' shows those it has"));
        }

        // As of now, not as of when this replica last heard something.
        var current = await group.ReadAsync(_ => true, ReadLevel.Linearizable, stop);
        if (!current.Succeeded)
        {
            return Answers.Of(current.Failure);
        }

        var scratch = stores.CreateScratch();
        if (!scratch.Succeeded)
        {
            return Answers.Of(scratch.Failure);
        }

        // The snapshot goes to the disk first: the store does not wait for whoever fetches it.
        var file = scratch.Value;
        var made = await group.SnapshotAsync(file, stop);
        if (!made.Succeeded)
        {
            await file.DisposeAsync();
            return Answers.Of(made.Failure);
        }

        file.Position = 0;
        context.Response.Headers[Headers.Index] = made.Value.ToString(CultureInfo.InvariantCulture);
        return Results.Stream(file, MediaTypes.Unknown);
    }
}
