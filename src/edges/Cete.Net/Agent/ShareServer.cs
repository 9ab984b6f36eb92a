using Cete.Core;
using Cete.Ports.Folders;
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
public interface IShares : IKept<ShareRequest, ShareInfo, SharedFile>;

/// <summary>An agent's answers about shares, on its socket.</summary>
public static class ShareServer
{
    /// <summary>Adds them to an application.</summary>
    public static void Map(IEndpointRouteBuilder routes, IShares shares) => KeptServer.Map(
        routes, AgentRoutes.Shares, shares, new KeptForms<ShareRequest, ShareInfo, SharedFile>(
            AgentJson.Default.ShareRequest, Check, AgentJson.Default.ShareInfo,
            all => Results.Json(new ShareList(all), AgentJson.Default.ShareList),
            files => Results.Json(new SharedFileList([.. files.Select(ToInfo)]), AgentJson.Default.SharedFileList)));

    private static SharedFileInfo ToInfo(SharedFile file) => new(
        file.Local, file.Entry, file.State.ToString().ToLowerInvariant(), file.Mark.Length, file.Root?.ToString(), file.Problem);

    private static Outcome<ShareRequest> Check(ShareRequest read)
    {
        var request = read.Sound();
        return WrongIn(request) is { } wrong ? wrong : request;
    }

    private static Failure? WrongIn(ShareRequest request) =>
        !Path.IsPathFullyQualified(request.Folder ?? string.Empty) ? new Failure(FailureKind.Invalid, "'folder' is a full path")
        : !Directory.Exists(request.Folder) ? new Failure(FailureKind.NotFound, $"there is no folder {EntryName.Show(request.Folder!)}")
        : EntryPath.Parse(request.To ?? string.Empty) is { Failure: { } bad } ? bad
        : !Uri.TryCreate(request.Node, UriKind.Absolute, out var node) || node.Scheme is not ("http" or "https")
            ? new Failure(FailureKind.Invalid, "'node' is the address of a node")
        : request.Tags.Count > Limits.TagsMax || request.Tags.Contains(null!) ? new Failure(FailureKind.Invalid, $"'tags' holds at most {Limits.TagsMax} tags")
        : null;
}
