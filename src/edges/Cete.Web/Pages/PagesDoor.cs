using System.Globalization;
using Cete.Core;
using Cete.Index;
using Cete.Ledger;
using Cete.Ports;
using Cete.Ports.Payments;
using Cete.Web.Api;
using Cete.Web.Pages.Moderation;
using Cete.Web.Searching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Pages;

/// <summary>Answers browsers: reads the address, asks the index, has a page written.</summary>
/// <param name="index">The file index.</param>
/// <param name="contents">Contents of this node.</param>
/// <param name="writer">Writes pages.</param>
/// <param name="clock">Tells what is new.</param>
/// <param name="till">Where browsers pay for contents; null where they pay nothing, or cannot.</param>
/// <param name="moderation">What can be said of an entry's content.</param>
/// <param name="everywhere">Searches for more than files; null where there is nothing else.</param>
internal sealed class PagesDoor(IndexService index, IContentStore contents, PageWriter writer, TimeProvider clock, ITill? till, ModerationPages moderation,
    FoundPages? everywhere)
{
    private const int EntriesAPage = 50;
    private const int FoldersAPage = 60;

    /// <summary>Providers that an entry's page names.</summary>
    private const int ProvidersShown = 50;

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Addresses.Home, Reading, context => WhenReadyAsync(context, HomeAsync));
        routes.MapMethods(Addresses.Folders + "/{**path}", Reading, context => WhenReadyAsync(context, FolderAsync));
        routes.MapMethods(Addresses.Search, Reading, context => WhenReadyAsync(context, SearchAsync));
        routes.MapMethods(Addresses.Entries + "/{id:long}", Reading, context => WhenReadyAsync(context, EntryAsync));
    }

    /// <summary>A browser is told at once that the index is starting: a question to it would wait until it has started.</summary>
    private async Task WhenReadyAsync(HttpContext context, Func<HttpContext, Task<Failure?>> page)
    {
        var failure = index.Status is { IsRoot: false, Failure: var broken }
            ? broken ?? new Failure(FailureKind.Unavailable, "the file index of this node is starting")
            : await page(context);
        if (failure is not null)
        {
            await writer.WriteAsync(context, failure);
        }
    }

    private Task<Failure?> HomeAsync(HttpContext context) => ShowFolderAsync(context, EntryPath.Top);

    private async Task<Failure?> FolderAsync(HttpContext context)
    {
        var path = EntryPath.Parse(context.Request.RouteValues["path"] as string ?? string.Empty);
        if (path is { Succeeded: true, Value.IsTop: true })
        {
            context.Response.Redirect(Addresses.Home, permanent: false);
            return null;
        }

        return path.Succeeded ? await ShowFolderAsync(context, path.Value) : path.Failure;
    }

    private async Task<Failure?> ShowFolderAsync(HttpContext context, EntryPath path)
    {
        // The first page shows what there is anywhere, as does a search; a folder shows itself first.
        var view = Field(context, "view");
        var below = view is null ? path.IsTop : view == "all";
        var address = new ListAddress(Addresses.Folder(path), EntrySort.Name) { View = view };
        var query = Read(context, path, below, words: null);
        if (query.Failure is { } bad)
        {
            return bad;
        }

        var folder = await index.FolderAsync(path, context.RequestAborted);
        var list = folder.Failure is { } missing ? missing : await ListAsync(context, address, query.Value);
        if (!list.Succeeded)
        {
            return list.Failure;
        }

        var cursor = Field(context, "folders");
        var folders = query.Value.Cursor is null
            ? await index.FoldersAsync(path, cursor, FoldersAPage, context.RequestAborted)
            : new Page<FolderRecord>([], null, null);
        if (!folders.Succeeded)
        {
            return folders.Failure;
        }

        var more = folders.Value.Next is { } next ? MoreFolders(address, next) : null;
        var total = below ? (long?)null : folder.Value.Entries;
        var model = new FolderModel(folder.Value, path, below, folders.Value.Items, more, list.Value with { Total = total, ShowsFolders = below });
        await writer.WriteAsync<FolderPage>(context, model);
        return null;
    }

    private static string MoreFolders(ListAddress address, string cursor) =>
        $"{address}{(address.View is null ? '?' : '&')}folders={Uri.EscapeDataString(cursor)}";

    private async Task<Failure?> SearchAsync(HttpContext context)
    {
        // It is shown again, and no name holds what is taken out here.
        var words = EntryName.Show(Field(context, "q")?.Trim() ?? string.Empty);
        if (everywhere is not null && await everywhere.TakesAsync(context, words))
        {
            return await everywhere.ShowAsync(context, words);
        }

        var folder = EntryPath.Parse(Choice(context, "folder") ?? "/");
        if (!folder.Succeeded)
        {
            return folder.Failure;
        }

        var places = everywhere is null ? [] : await everywhere.PlacesAsync(context, words);
        var address = new ListAddress(Addresses.Search, EntrySort.Relevance)
        {
            Words = words,
            In = places.Count > 0 ? SearchScope.Files : null,
            Folder = folder.Value.IsTop ? null : folder.Value.ToString(),
            Kind = Choice(context, "kind"),
            Size = Choice(context, "size"),
            Newer = Choice(context, "newer"),
            AnyWord = Field(context, "any") is "1" or "true",
        };
        if (words.Length == 0 && !address.IsNarrowed)
        {
            await writer.WriteAsync<SearchPage>(context, new SearchModel(words, address, null, new WaysOn()));
            return null;
        }

        var query = ReadSearch(context, folder.Value, address);
        var list = query.Succeeded ? await ListAsync(context, address, query.Value) : query.Failure;
        if (!list.Succeeded)
        {
            return list.Failure;
        }

        var ways = list.Value is { Entries.Count: 0, Next: null, Address.Cursor: null }
            ? await index.WaysOnAsync(query.Value, context.RequestAborted)
            : new WaysOn();
        if (!ways.Succeeded)
        {
            return ways.Failure;
        }

        var total = list.Value.Total ?? await CountAsync(context, query.Value, list.Value);
        await writer.WriteAsync<SearchPage>(
            context, new SearchModel(words, address, list.Value with { Total = total }, ways.Value) { Places = places }, words);
        return null;
    }

    private Outcome<EntryQuery> ReadSearch(HttpContext context, EntryPath folder, ListAddress address)
    {
        var filter = new EntryFilterText(address.Kind, address.Size, null, null, address.Newer, null);
        var query = EntryQueryText.Parse(
            folder.ToString(), true, address.Words, Field(context, "sort") ?? "relevance", Field(context, "order"), Field(context, "cursor"), EntriesAPage,
            filter, Instant.From(clock.GetUtcNow()));
        return query.Then(read => read with { AnyWord = address.AnyWord });
    }

    /// <summary>Only the first page of a sorted list counts; the others count by their beginning.</summary>
    private async Task<long?> CountAsync(HttpContext context, EntryQuery query, ListModel list)
    {
        var counted = await index.ListAsync(query with { Cursor = null, Limit = 1 }, context.RequestAborted);
        return counted is { Succeeded: true, Value.Total: { } total } ? total
            : list.Next is null ? list.Address.After + list.Entries.Count
            : null;
    }

    private async Task<Failure?> EntryAsync(HttpContext context)
    {
        var id = long.Parse((string)context.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
        var found = await index.EntryAsync(id, context.RequestAborted);
        var providers = found.Succeeded ? await index.ProvidersAsync(found.Value.Root, context.RequestAborted) : found.Failure;
        if (!providers.Succeeded)
        {
            return providers.Failure;
        }

        var entry = found.Value;
        using var content = contents.Find(entry.Root);
        var have = content?.Manifest is null || entry.TakenDown is not null ? 0 : content.Pieces.Have;
        var preview = have > 0 ? FileKind.PreviewOf(Texts.NameOf(entry.Path), entry.Length) : null;
        await writer.WriteAsync<EntryPage>(context, new EntryModel(entry, [.. providers.Value.Take(ProvidersShown)], have, preview)
        {
            Moderation = moderation.Of(context),
            Cost = Credits.CostOf(entry.Length, till?.PricePerMebibyte ?? 0),
        });
        return null;
    }

    private async Task<Outcome<ListModel>> ListAsync(HttpContext context, ListAddress address, EntryQuery query)
    {
        var page = await index.ListAsync(query, context.RequestAborted);
        return page.Then(found => new ListModel(
            address with { Sort = query.Sort, Descending = query.Descending, Cursor = query.Cursor, After = AfterOf(context, query) },
            found.Items, found.Next, found.Total, ShowsFolders: true, found.IsMore));
    }

    private static Outcome<EntryQuery> Read(HttpContext context, EntryPath folder, bool below, string? words) => EntryQueryText.Parse(
        folder.ToString(), below, words, Field(context, "sort"), Field(context, "order"), Field(context, "cursor"), EntriesAPage);

    private static long AfterOf(HttpContext context, EntryQuery query) =>
        query.Cursor is not null && int.TryParse(Field(context, "after"), NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after : 0;

    /// <summary>What was chosen in a list, whose first choice is to choose nothing.</summary>
    private static string? Choice(HttpContext context, string name) => Field(context, name) is { } value && value != "any" ? value : null;

    private static string? Field(HttpContext context, string name) => context.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;
}
