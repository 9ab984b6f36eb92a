using Cete.Core;
using Cete.Described;
using Cete.Web.Pages;
using Cete.Web.Pages.Searching;
using Cete.Web.Pages.Services;
using Cete.Web.Services;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Searching;

/// <summary>The page of a search for everything, and of one in a service.</summary>
/// <param name="desk">Finds.</param>
/// <param name="parts">The services, and names of accounts.</param>
/// <param name="writer">Writes pages.</param>
/// <param name="clock">Tells how long something takes.</param>
internal sealed class FoundPages(SearchDesk desk, ServicesParts parts, PageWriter writer, TimeProvider clock)
{
    /// <summary>In an address: where to look.</summary>
    public const string Place = "in";

    private const int HitsAPage = 25;

    /// <summary>So long is waited for the names of services: what is found is shown without them, too.</summary>
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(2);

    /// <summary>Services that are named beside each other; the others are found all the same.</summary>
    private const int PlacesMax = 24;

    /// <summary>What only searches for files have.</summary>
    private static readonly string[] OfFiles = ["kind", "size", "newer", "folder", "any", "sort", "cursor"];

    /// <summary>Whether a search is for more than files: nothing but files is asked for where there is nothing else.</summary>
    public async Task<bool> TakesAsync(HttpContext context, string words)
    {
        var query = context.Request.Query;
        var place = query[Place].ToString();
        if (words.Length == 0 || place == SearchScope.Files || !parts.Exists())
        {
            return false;
        }

        var isOfFiles = OfFiles.Any(name => query[name].ToString() is { Length: > 0 } and not "any");
        return place.Length > 0 || (!isOfFiles && await ServicesAsync(context.RequestAborted) is not { Count: 0 });
    }

    public async Task<Failure?> ShowAsync(HttpContext context, string words)
    {
        var scope = SearchScope.Read(context.Request.Query[Place].ToString());
        var after = context.Request.Query["after"].ToString();
        var place = after.Length > 0 ? SearchApi.PlaceOf(after) : null;
        var found = scope.Succeeded
            ? await desk.FindAsync(words, scope.Value, place, HitsAPage, context.Visitor().Standing, context.RequestAborted)
            : scope.Failure;
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        var languages = Languages.Of(context.Request);
        context.Response.Headers.Vary = "Accept-Language";
        var services = await ServicesAsync(context.RequestAborted) ?? [];
        var here = services.FirstOrDefault(one => one.Name == scope.Value.Service);
        await writer.WriteAsync<FoundPage>(context, new FoundModel(
            words, PlacesOf(words, scope.Value, services, languages), here is null ? [] : KindsOf(words, scope.Value, here, languages),
            [.. found.Value.Items.Select(one => ToLine(one, languages))])
        {
            IsEverywhere = scope.Value == SearchScope.All,
            First = place is null ? null : AddressOf(words, scope.Value),
            Next = found.Value.Next is { } next ? $"{AddressOf(words, scope.Value)}&after={SearchApi.TextOf(next)}" : null,
            Missing = found.Value.Missing,
            Partial = [.. found.Value.Partial.Select(name => services.FirstOrDefault(one => one.Name == name) is { } one ? TitleOf(one, languages) : name)],
        }, words);
        return null;
    }

    /// <summary>Where else a search for files can be made; empty where there is nothing but files.</summary>
    public async Task<IReadOnlyList<FoundPlace>> PlacesAsync(HttpContext context, string words)
    {
        var services = words.Length > 0 && parts.Exists() ? await ServicesAsync(context.RequestAborted) ?? [] : [];
        return services.Count == 0 ? [] : PlacesOf(words, new SearchScope(null, null, IsFiles: true), services, Languages.Of(context.Request));
    }

    /// <summary>Those in which something can be found; null where they are on other nodes, or do not answer.</summary>
    private async Task<IReadOnlyList<ServiceInfo>?> ServicesAsync(CancellationToken stop)
    {
        if (parts.Service is not { } services)
        {
            return null;
        }

        try
        {
            var all = await services.ServicesAsync(stop).WaitAsync(TimeMax, clock, stop);
            return all.Succeeded ? [.. all.Value.Where(one => one.Descriptor.Records.Any(IsSearched)).Take(PlacesMax)] : null;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static bool IsSearched(RecordKind kind) => kind.Search.Count > 0 && !kind.Rules.List.IsClosed;

    private static List<FoundPlace> PlacesOf(string words, SearchScope scope, IReadOnlyList<ServiceInfo> services, Languages languages) =>
    [
        new("Everything", AddressOf(words, SearchScope.All), scope == SearchScope.All),
        new("Files", AddressOf(words, new SearchScope(null, null, IsFiles: true)), scope.IsFiles),
        .. services.Select(one => new FoundPlace(
            TitleOf(one, languages), AddressOf(words, new SearchScope(one.Name, null, IsFiles: false)), scope.Service == one.Name)),
    ];

    private static List<FoundPlace> KindsOf(string words, SearchScope scope, ServiceInfo service, Languages languages)
    {
        var kinds = service.Descriptor.Records.Where(IsSearched).ToArray();
        return kinds.Length < 2 ? [] :
        [
            new("All", AddressOf(words, scope with { Records = null }), scope.Records is null),
            .. kinds.Select(kind => new FoundPlace(
                Texts.Show(languages.Of(kind.Title)), AddressOf(words, scope with { Records = kind.Name }), scope.Records == kind.Name)),
        ];
    }

    private static string TitleOf(ServiceInfo service, Languages languages) => Texts.Show(languages.Of(service.Descriptor.Title));

    private static string AddressOf(string words, SearchScope scope) =>
        Addresses.SearchFor(words) + (scope == SearchScope.All ? string.Empty : $"&{Place}={Uri.EscapeDataString(scope.ToString())}");

    private FoundLine ToLine(Finding found, Languages languages)
    {
        if (found.File is { } file)
        {
            string[] facts = [EntryName.Show(Texts.FolderOf(file.Path)), Sizes.Show(file.Length), Sizes.Count(file.Providers, "provider", "providers")];
            var icon = FileKind.IconOf(Texts.NameOf(file.Path));
            return new FoundLine(Addresses.Entry(file.Id), icon, found.Title, found.Snippet, facts, string.Empty, file.Added);
        }

        var (service, kind, record) = (found.Record!.Service, found.Record.Kind, found.Record.Record);
        var title = TitleOf(service, languages);
        var name = Texts.Show(languages.Of(kind.Title));
        var by = record.Owner.Length == 0 ? string.Empty : EntryName.Show(parts.Book?.NameOf(record.Owner) ?? record.Owner);
        return new FoundLine(
            ServiceAddresses.Record(service.Name, kind.Name, record.Id), ServiceIcons.Of(service.Descriptor.Icon), found.Title, found.Snippet,
            name == title ? [title] : [title, name], by, record.Updated);
    }
}
