using Cete.Api;
using Cete.Core;
using Cete.Swarm;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Net;

/// <summary>
/// Content by the path of its entry: <c>GET /files/music/song.ogg</c>, and as a web seed of a folder's torrent (BEP 19), whose clients add the
/// torrent's name and the path within it to <c>/seeds/FOLDER/</c>.
/// </summary>
/// <param name="contents">Sends it.</param>
/// <param name="find">Which content stands under a path now.</param>
public sealed class FileServer(ContentServer contents, Func<EntryPath, CancellationToken, Task<Outcome<Hash256>>> find)
{
    /// <summary>Adds the addresses to an application.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        string[] reading = [HttpMethods.Get, HttpMethods.Head];
        routes.MapMethods(Routes.Files + "/{**path}", reading, context => ServeAsync(context, EntryPath.Parse(Path(context))));
        routes.MapMethods(Routes.Seeds + "/{folder}/{torrent}/.pad/{length:int:min(1)}", reading, PadAsync);
        routes.MapMethods(Routes.Seeds + "/{folder}/{torrent}/{**path}", reading, context => ServeAsync(context, SeedPath(context, Path(context))));
    }

    private async Task ServeAsync(HttpContext context, Outcome<EntryPath> path)
    {
        var root = path.Succeeded ? await find(path.Value, context.RequestAborted) : path.Failure;
        await (root.Succeeded ? contents.ServeNowAsync(context, root.Value, path.Value.Name) : Answers.WriteAsync(context, root.Failure));
    }

    /// <summary>The zeros between files of a hybrid torrent (BEP 47): clients that do not know what they are ask for them as for any file.</summary>
    private async Task PadAsync(HttpContext context, int length)
    {
        // A folder may have files of that name: they come first, for clients that know of padding do not ask for it.
        var path = SeedPath(context, $".pad/{context.Request.RouteValues["length"]}");
        var root = path.Succeeded ? await find(path.Value, context.RequestAborted) : path.Failure;
        if (root.Succeeded)
        {
            await contents.ServeNowAsync(context, root.Value, path.Value.Name);
            return;
        }

        var padding = root.Failure.Kind != FailureKind.NotFound ? Answers.Of(root.Failure)
            : length >= PieceLengths.Longest ? Answers.Of(new Failure(FailureKind.TooLarge, "padding is shorter than a piece"))
            : Results.Stream(new ZeroStream(length), MediaTypes.Unknown, enableRangeProcessing: true);
        await padding.ExecuteAsync(context);
    }

    private static Outcome<EntryPath> SeedPath(HttpContext context, string path) =>
        Routes.FolderOfSeed(context.Request.RouteValues["folder"] as string ?? string.Empty) is { } folder
            ? EntryPath.Parse($"{folder}/{path}")
            : new Failure(FailureKind.Invalid, "the address is not one of a torrent of this node; fetch the torrent again");

    private static string Path(HttpContext context) => context.Request.RouteValues["path"] as string ?? string.Empty;
}
