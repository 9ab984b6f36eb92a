using Cete.Api;
using Cete.Core;
using Cete.Ports.Folders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Net.Agent;

/// <summary>A share as its user sees it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="State">active, waiting, paused or leaving.</param>
/// <param name="Folder">What is shared.</param>
/// <param name="To">Where it is filed.</param>
/// <param name="Shared">Files that have an entry.</param>
/// <param name="Bytes">And their bytes.</param>
/// <param name="Waiting">Files that are to be hashed or filed.</param>
/// <param name="Failed">Files that cannot be shared.</param>
/// <param name="Added">Since when.</param>
/// <param name="Walked">When the disk was walked to the end last.</param>
/// <param name="Problem">Why it does not go on, or what its user should know.</param>
public sealed record ShareInfo(
    long Id, string State, string Folder, string To, long Shared, long Bytes, long Waiting, long Failed, DateTimeOffset Added, DateTimeOffset? Walked,
    string? Problem);

/// <summary>Shares, the oldest first.</summary>
public sealed record ShareList(IReadOnlyList<ShareInfo> Shares);

/// <summary>A file of a share as its user sees it.</summary>
/// <param name="Local">Where it is.</param>
/// <param name="Entry">Where it is filed.</param>
/// <param name="State">found, hashed, filed, failed or gone.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Root">Its content.</param>
/// <param name="Problem">Why it cannot be shared.</param>
public sealed record SharedFileInfo(string Local, string Entry, string State, long Length, string? Root, string? Problem);

/// <summary>Files of one, those that changed last first.</summary>
public sealed record SharedFileList(IReadOnlyList<SharedFileInfo> Files);

/// <summary>What an agent does for those who share.</summary>
public interface IShares
{
    /// <summary>All of them.</summary>
    Outcome<IReadOnlyList<ShareInfo>> All();

    /// <summary>Adds one.</summary>
    Task<Outcome<ShareInfo>> AddAsync(ShareRequest request);

    /// <summary>Stops one, or goes on with it.</summary>
    Task<Outcome<ShareInfo>> PauseAsync(long id, bool isPaused);

    /// <summary>Ends one.</summary>
    Task<Outcome<ShareInfo>> RemoveAsync(long id);

    /// <summary>Files that changed last.</summary>
    Outcome<IReadOnlyList<SharedFile>> Newest(long id, int countMax);
}

/// <summary>An agent's answers about shares, on its socket.</summary>
public static class ShareServer
{
    private const int FilesMax = 10_000;

    /// <summary>Adds them to an application.</summary>
    public static void Map(IEndpointRouteBuilder routes, IShares shares)
    {
        const string one = AgentRoutes.Shares + "/{id:long}";
        routes.MapGet(AgentRoutes.Shares, () => shares.All() is var all && all.Succeeded
            ? Results.Json(new ShareList(all.Value), AgentJson.Default.ShareList)
            : Answers.Of(all.Failure!));
        routes.MapPost(AgentRoutes.Shares, async (HttpContext context, CancellationToken _) =>
        {
            var body = await Answers.ReadAsync(context.Request, AgentJson.Default.ShareRequest);
            var request = body.Then(read => read.Sound());
            return Of((request.Failure ?? Check(request.Value)) is { } failure ? failure : await shares.AddAsync(request.Value));
        });
        routes.MapPost(one + "/pause", async (long id) => Of(await shares.PauseAsync(id, isPaused: true)));
        routes.MapPost(one + "/resume", async (long id) => Of(await shares.PauseAsync(id, isPaused: false)));
        routes.MapPost(one + "/remove", async (long id) => Of(await shares.RemoveAsync(id)));
        routes.MapGet(one + "/files", (long id, int? limit) => shares.Newest(id, Math.Clamp(limit ?? 100, 1, FilesMax)) is var files && files.Succeeded
            ? Results.Json(new SharedFileList([.. files.Value.Select(ToInfo)]), AgentJson.Default.SharedFileList)
            : Answers.Of(files.Failure!));
    }

    private static SharedFileInfo ToInfo(SharedFile file) => new(
        file.Local, file.Entry, file.State.ToString().ToLowerInvariant(), file.Mark.Length, file.Root?.ToString(), file.Problem);

    private static IResult Of(Outcome<ShareInfo> one) =>
        one.Succeeded ? Results.Json(one.Value, AgentJson.Default.ShareInfo) : Answers.Of(one.Failure);

    private static Failure? Check(ShareRequest request) =>
        !Path.IsPathFullyQualified(request.Folder ?? string.Empty) ? new Failure(FailureKind.Invalid, "'folder' is a full path")
        : !Directory.Exists(request.Folder) ? new Failure(FailureKind.NotFound, $"there is no folder {EntryName.Show(request.Folder!)}")
        : EntryPath.Parse(request.To ?? string.Empty) is { Failure: { } bad } ? bad
        : !Uri.TryCreate(request.Node, UriKind.Absolute, out var node) || node.Scheme is not ("http" or "https")
            ? new Failure(FailureKind.Invalid, "'node' is the address of a node")
        : request.Tags.Count > Limits.TagsMax || request.Tags.Contains(null!) ? new Failure(FailureKind.Invalid, $"'tags' holds at most {Limits.TagsMax} tags")
        : null;
}
