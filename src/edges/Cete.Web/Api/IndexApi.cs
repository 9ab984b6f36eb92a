using Cete.Api;
using Cete.Core;
using Cete.Index;
using Cete.Ports;
using Cete.Swarm;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Api;

/// <summary>The file index over HTTP.</summary>
internal sealed class IndexApi(IndexService index, IContentStore contents, NodeFacts facts, TimeProvider clock, IManifestStore? manifests = null)
{
    private const string Heading = "Index";

    public void Map(IEndpointRouteBuilder routes)
    {
        MapReading(routes);
        routes.MapPost(Routes.Folders, (Delegate)MakeFolderAsync).Needs(Actions.IndexMakeFolder)
            .Tells(Heading, "Make a folder").Takes<MakeFolderRequest>().Gives<FolderInfo>().IsCommand();
        routes.MapPost(Routes.Entries, (Delegate)FileAsync).Needs(Actions.IndexFile)
            .Tells(Heading, "File entries whose contents this node holds, or the agent that is named as their provider").Takes<FileRequest>().Gives<FileAnswer>().IsCommand();
        routes.MapPatch(Routes.Entries + "/{id:long}", DescribeAsync).Needs(Actions.IndexDescribe)
            .Tells(Heading, "Describe an entry").Takes<DescribeRequest>().Gives<EntryInfo>().IsCommand();
        routes.MapPost(Routes.Moves, (Delegate)MoveAsync).Needs(Actions.IndexMove)
            .Tells(Heading, "Move or rename an entry or a folder").Takes<MoveRequest>().Gives<EntryPage>().IsCommand();
        routes.MapPost(Routes.Removals, (Delegate)RemoveAsync).Needs(Actions.IndexRemove)
            .Tells(Heading, "Remove an entry, or a folder with all below").Takes<RemoveRequest>().Gives<RemoveAnswer>().IsCommand();
        routes.MapDelete(Routes.Removals + "/{removal:long}", RestoreAsync).Needs(Actions.IndexRemove)
            .Tells(Heading, "Undo a removal").Gives<RestoreAnswer>().IsCommand();
    }

    private void MapReading(IEndpointRouteBuilder routes)
    {
        const string read = "'local' has this node's replica answer as it is, which may lack what others were told already";
        routes.MapGet(Routes.Folders, FolderAsync)
            .Tells(Heading, "A folder, and those right below it").Gives<FolderPage>().IsPaged()
            .Asks("path", "The folder; absent for the top").Asks("read", read);
        routes.MapGet(Routes.Entries, ListAsync)
            .Tells(Heading, "List or search entries").Gives<EntryPage>().IsPaged()
            .Asks("folder", "Where to look; absent for the top").Asks("below", "true for all that is below, false for what is right in the folder")
            .Asks("q", "Words, tag:NAME and the like, as in the search box").Asks("any", "true when one of the words is enough")
            .Asks("sort", "name, size, added or relevance").Asks("order", "asc or desc")
            .Asks("kind", "Kind of files: " + string.Join(", ", EntryKind.All))
            .Asks("size", "Least and most in one, such as 10MB-1GB; either may be missing")
            .Asks("min-size", "Least size").Asks("max-size", "Largest size")
            .Asks("newer", "Filed within so long, or since a date: 7d, 2026-01-31").Asks("older", "Filed before that").Asks("read", read);
        routes.MapGet(Routes.EntryByPath, EntryByPathAsync)
            .Tells(Heading, "The entry at a path").Gives<EntryInfo>().Asks("path", "From the top, its name last").Asks("read", read);
        routes.MapGet(Routes.Entries + "/{id:long}", EntryAsync).Tells(Heading, "An entry").Gives<EntryInfo>().Asks("read", read);
    }

    /// <summary>
    /// Where readings go: <c>?read=local</c> is answered by this node's replica as it is, which may lack what others were told already, and needs no root.
    /// </summary>
    private Outcome<IndexService> From(string? read) => read switch
    {
        null or "" => index,
        "local" => index.Local,
        _ => new Failure(FailureKind.Invalid, "'read' is 'local' or absent"),
    };

    private async Task<IResult> FolderAsync(string? path, string? cursor, string? limit, string? read, CancellationToken cancellation)
    {
        var (count, from) = (ApiAnswers.ReadNumber(limit, "limit", 100), From(read));
        var parsed = from.Failure ?? count.Failure ?? EntryPath.Parse(path ?? "/");
        var folder = parsed.Succeeded ? await from.Value.FolderAsync(parsed.Value, cancellation) : parsed.Failure;
        var below = folder.Succeeded ? await from.Value.FoldersAsync(parsed.Value, cursor, count.Value, cancellation) : folder.Failure;
        return ApiAnswers.Of(
            below.Then(page => new FolderPage(folder.Value.ToInfo(), [.. page.Items.Select(f => f.ToInfo())], page.Next)), ApiJson.Default.FolderPage);
    }

    private Task<IResult> MakeFolderAsync(HttpContext context) =>
        ApiAnswers.CommandAsync(context, ApiJson.Default.MakeFolderRequest, ApiJson.Default.FolderInfo, async (body, id) =>
        {
            var path = ApiAnswers.ReadPath(body.Path, "path");
            var made = path.Succeeded ? await index.MakeFolderAsync(path.Value, context.Asker(), id, context.RequestAborted) : path.Failure;
            return made.Then(folder => folder.ToInfo());
        });

    private async Task<IResult> ListAsync(
        HttpContext context, string? folder, string? below, string? q, string? sort, string? order, string? cursor, string? limit,
        CancellationToken cancellation)
    {
        string? Field(string name) => context.Request.Query[name];
        var filter = new EntryFilterText(Field("kind"), Field("size"), Field("min-size"), Field("max-size"), Field("newer"), Field("older"));
        var count = ApiAnswers.ReadNumber(limit, "limit", 50);
        bool? deep = bool.TryParse(below, out var value) ? value : null;
        var query = count.Failure is { } badLimit ? badLimit
            : deep is null && !string.IsNullOrEmpty(below) ? new Failure(FailureKind.Invalid, "'below' is true or false")
            : EntryQueryText.Parse(folder, deep, q, sort, order, cursor, count.Value, filter, Instant.From(clock.GetUtcNow()));
        var (any, from) = (Field("any") is "true" or "1", From(Field("read")));
        var page = from.Failure ?? query.Failure ?? await from.Value.ListAsync(query.Value with { AnyWord = any }, cancellation);
        return ApiAnswers.Of(page.Then(p => p.ToPage()), ApiJson.Default.EntryPage);
    }

    private async Task<IResult> EntryByPathAsync(string? path, string? read, CancellationToken cancellation)
    {
        var (parsed, from) = (EntryPath.Parse(path ?? string.Empty), From(read));
        var entry = from.Failure ?? parsed.Failure ?? await from.Value.EntryAsync(parsed.Value, cancellation);
        return ApiAnswers.Of(entry.Then(e => e.ToInfo()), ApiJson.Default.EntryInfo);
    }

    private async Task<IResult> EntryAsync(long id, string? read, CancellationToken cancellation)
    {
        var from = From(read);
        var entry = from.Succeeded ? await from.Value.EntryAsync(id, cancellation) : from.Failure;
        return ApiAnswers.Of(entry.Then(e => e.ToInfo()), ApiJson.Default.EntryInfo);
    }

    private Task<IResult> DescribeAsync(HttpContext context, long id) =>
        ApiAnswers.CommandAsync(context, ApiJson.Default.DescribeRequest, ApiJson.Default.EntryInfo, async (body, request) =>
        {
            if (body.Tags?.Contains(null!) == true)
            {
                return new Failure(FailureKind.Invalid, "'tags' hold no null");
            }

            var described = await index.DescribeAsync(id, body.Description, body.Tags, context.Asker(), request, context.RequestAborted);
            return described.Then(e => e.ToInfo());
        });

    private Task<IResult> MoveAsync(HttpContext context) =>
        ApiAnswers.CommandAsync(context, ApiJson.Default.MoveRequest, ApiJson.Default.EntryPage, async (body, id) =>
        {
            var (from, to) = (ApiAnswers.ReadPath(body.From, "from"), ApiAnswers.ReadPath(body.To, "to"));
            var moved = from.Failure is { } badFrom ? badFrom
                : to.Failure is { } badTo ? badTo
                : await index.MoveAsync(from.Value, to.Value, context.Asker(), id, context.RequestAborted);
            return moved.Then(_ => new EntryPage([], null, null));
        });

    private Task<IResult> RemoveAsync(HttpContext context) =>
        ApiAnswers.CommandAsync(context, ApiJson.Default.RemoveRequest, ApiJson.Default.RemoveAnswer, async (body, id) =>
        {
            var path = ApiAnswers.ReadPath(body.Path, "path");
            var removed = path.Succeeded ? await index.RemoveAsync(path.Value, context.Asker(), id, context.RequestAborted) : path.Failure;
            return removed.Then(r => new RemoveAnswer(r.Removal, r.Entries));
        });

    private async Task<IResult> RestoreAsync(HttpContext context, long removal)
    {
        var id = ApiAnswers.ReadRequestId(context.Request);
        var restored = id.Succeeded ? await index.RestoreAsync(removal, context.Asker(), id.Value, context.RequestAborted) : id.Failure;
        return ApiAnswers.Of(restored.Then(entries => new RestoreAnswer(entries)), ApiJson.Default.RestoreAnswer);
    }

    private Task<IResult> FileAsync(HttpContext context) =>
        ApiAnswers.CommandAsync(context, ApiJson.Default.FileRequest, ApiJson.Default.FileAnswer, async (body, id) =>
        {
            if (body.Entries is not { Count: > 0 })
            {
                return new Failure(FailureKind.Invalid, "'entries' is missing or empty");
            }

            if (body.Entries.Count > Limits.EntriesPerCommandMax)
            {
                return new Failure(FailureKind.TooLarge, $"'entries' holds at most {Limits.EntriesPerCommandMax} entries");
            }

            KeyId agent = default;
            if (body.Provider is not null && (manifests is null || !KeyId.TryParse(body.Provider, out agent)))
            {
                return new Failure(FailureKind.Invalid, $"'provider' is the key of an agent: {KeyId.TextLength} letters and digits; absent for this node");
            }

            var provider = body.Provider is null || agent.ToString() == facts.Node ? null : agent.ToString();
            List<NewEntry> entries = [];
            foreach (var item in body.Entries)
            {
                var entry = ToEntry(item, provider);
                if (!entry.Succeeded)
                {
                    return entry.Failure;
                }

                entries.Add(entry.Value);
            }

            // An entry is acknowledged only when its content would survive a loss of power too.
            if (provider is null && contents.SyncNames() is { } failure)
            {
                return failure;
            }

            var filed = await index.FileAsync(entries, provider ?? facts.Node, context.Asker(), id, context.RequestAborted);
            return filed.Then(f => new FileAnswer(f.Ids, f.Unchanged));
        });

    private Outcome<NewEntry> ToEntry(FileItem? item, string? provider)
    {
        if (item is null || item.Tags?.Contains(null!) == true)
        {
            return new Failure(FailureKind.Invalid, "'entries' and 'tags' hold no null");
        }

        var path = ApiAnswers.ReadPath(item.Path, "path");
        if (!path.Succeeded)
        {
            return path.Failure;
        }

        if (!Hash256.TryParse(item.Root, out var root))
        {
            return new Failure(FailureKind.Invalid, $"{path.Value}: 'root' has 64 hexadecimal digits");
        }

        var found = provider is null ? OfThisNode(root) : OfAgent(root, item.Length);
        if (!found.Succeeded)
        {
            return found.Failure with { Message = $"{path.Value}: {found.Failure.Message}" };
        }

        var manifest = found.Value;
        var modified = item.Modified is { } time ? Instant.From(time) : (Instant?)null;
        return new NewEntry(path.Value, root, manifest.Length, manifest.PieceLength, manifest.Pieces[0], modified, item.Description ?? string.Empty,
            item.Tags ?? []);
    }

    private Outcome<Manifest> OfThisNode(Hash256 root)
    {
        using var content = contents.Find(root);
        return content is { IsWhole: true, Manifest: { } manifest }
            ? manifest
            : new Failure(FailureKind.Conflict, $"this node does not have the content {root}; send it first");
    }

    /// <summary>The node looks nowhere for what an agent holds: it must know what it is.</summary>
    private Outcome<Manifest> OfAgent(Hash256 root, long? length) =>
        length is >= 0 and <= PieceLengths.Shortest ? Manifest.OfOnePiece(length.Value, root)
        : manifests!.Find(root) is { } manifest ? manifest
        : new Failure(FailureKind.Conflict, $"this node does not know the manifest of the content {root}; hand it in first: POST {Routes.ManifestOf(root.ToString())}");
}
