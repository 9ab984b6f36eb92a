using System.Buffers;
using System.Globalization;
using Cete.Accounts;
using Cete.Api;
using Cete.Core;
using Cete.Described;
using Cete.Formats.Calendars;
using Cete.Formats.Entries;
using Cete.Formats.Feeds;
using Cete.Web.Api;
using Cete.Web.Formats;
using Cete.Web.Services.Feeds;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Cete.Web.Services;

/// <content>Records in formats of other programs, out and in.</content>
internal sealed partial class ServicesApi
{
    private const string FeedRoot = Root + "/feeds";

    /// <summary>Names of fields in the address of an import, for what the file does not say.</summary>
    private const string Set = "set.";

    /// <summary>Entries of one page of what is read by and by; of all else, of the file.</summary>
    private const int EntriesAPage = 50;

    private void MapFeeds(IEndpointRouteBuilder routes)
    {
        routes.MapGet(FeedRoot, FeedsAsync).Tells(Heading, "A service's records in formats of other programs").Gives<FeedList>();
        routes.MapGet(FeedRoot + "/{feed}", FeedAsync)
            .Tells(Heading, "Records that you may see as Atom, iCalendar, vCard, bookmarks, OPML or JSON Lines").GivesBytes("application/octet-stream")
            .Asks("cursor", "Where it goes on, by the link 'next'").Asks(FeedKeys.Parameter, "What proves a private address")
            .Asks("from", "Of iCalendar: occurrences from this day on, each for itself").Asks("to", "Up to this day");
        routes.MapPost(FeedRoot + "/{feed}/import", ImportAsync)
            .Tells(Heading, "Take in a file of the feed's format, the body; set.FIELD=VALUE for what it does not say").Takes<byte[]>().Gives<ImportReport>()
            .Asks("dry-run", "true to be told what would be, and nothing is written");
        routes.MapPost(FeedRoot + "/{feed}/key", FeedKeyAsync)
            .Tells(Heading, "An address by which programs read it as you that cannot log in; it works at this node").Gives<FeedAddress>();
    }

    private async Task<IResult> FeedsAsync(HttpContext context, string service, CancellationToken stop)
    {
        var languages = Languages.Of(context.Request);
        var found = await services.DescribeAsync(service, stop);
        context.Response.Headers.Vary = HeaderNames.AcceptLanguage;
        return ApiAnswers.Of(
            found.Then(info => new FeedList([.. info.Descriptor.Feeds.Select(feed => new FeedSummary(
                feed.Name, languages.Of(feed.Title), feed.Format, feed.Of, Routes.Feed(service, feed.Name), feed.IsImported))])),
            ServicesJson.Default.FeedList);
    }

    private async Task<IResult> FeedAsync(HttpContext context, string service, string feed, string? cursor, string? from, string? to, CancellationToken stop)
    {
        var (opened, site) = (await OpenFeedAsync(service, feed, stop), SiteAddresses.Of(context.Request));
        var standing = StandingOf(context, service, feed);
        var window = ReadWindow(from, to);
        if ((opened.Failure ?? site.Failure ?? standing.Failure ?? window.Failure) is { } wrong)
        {
            return ApiAnswers.Of(wrong);
        }

        var (info, known) = opened.Value;
        var records = await RecordsOfAsync(service, known, cursor, standing.Value, stop);
        var folders = records.Succeeded ? await FoldersAsync(info.Descriptor, known, standing.Value, stop) : records.Failure;
        if (!folders.Succeeded)
        {
            return ApiAnswers.Of(folders.Failure);
        }

        var (items, next) = records.Value;
        var following = next is null ? null : site.Value.At(context.Request.Path.ToUriComponent() + WithCursor(context.Request, next));
        if (following is not null)
        {
            context.Response.Headers.Link = $"<{following.AbsoluteUri}>; rel=\"next\"";
        }

        var entries = new FeedEntries(info.Descriptor, known, folders.Value, account => book?.NameOf(account) ?? account);
        var title = Languages.Of(context.Request).Of(known.Title);
        var bytes = known.Format switch
        {
            FeedFormats.JsonLines => FeedFiles.WriteLines(service, known, items),
            FeedFormats.Atom => WriteAtom(context, info, known, site.Value, following, [.. items.Select(record => (record, entries.Of(record)))]),
            _ => FeedFiles.Write(known, title, Within(window.Value, items.Select(entries.Of))),
        };
        return Send(context, known, bytes, items.Count == 0 ? null : items.Max(record => record.Updated));
    }

    private static IResult Send(HttpContext context, FeedDescriptor feed, byte[] bytes, Instant? updated)
    {
        context.Response.Headers.CacheControl = "private, no-cache";
        context.Response.Headers.Vary = HeaderNames.AcceptLanguage;
        if (feed.Format != FeedFormats.Atom)
        {
            // Bookmarks are HTML of what people wrote: they are to be kept, and not to be shown here.
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"{feed.Name}{FeedFiles.EndingOf(feed.Format)}\"";
        }

        return Results.Bytes(
            bytes, FeedFiles.MediaTypeOf(feed.Format) + "; charset=utf-8", lastModified: updated?.ToDateTimeOffset(),
            entityTag: new EntityTagHeaderValue($"\"{Hash256.Of(bytes)}\""));
    }

    private static byte[] WriteAtom(
        HttpContext context, ServiceInfo info, FeedDescriptor feed, SiteAddresses site, Uri? next,
        IReadOnlyList<(RecordView Record, FormatEntry Entry)> entries)
    {
        foreach (var (record, entry) in entries)
        {
            entry["page"] = site.At(ServiceAddresses.Record(info.Name, record.Kind, record.Id)).AbsoluteUri;
        }

        var languages = Languages.Of(context.Request);
        var head = new AtomHead(
            $"{languages.Of(info.Descriptor.Title)}: {languages.Of(feed.Title)}", languages.Of(info.Descriptor.About), site.Self(context.Request),
            site.At(Routes.Feed(info.Name, feed.Name)), site.At(ServiceAddresses.Of(info.Name)), next);
        return AtomWriter.Write(head, [.. entries.Select(pair => pair.Entry)]);
    }

    private static string WithCursor(HttpRequest request, string cursor) => QueryString.Create(
        request.Query.Where(pair => pair.Key != "cursor").Append(new("cursor", cursor))).ToUriComponent();

    private static IReadOnlyList<FormatEntry> Within((Instant From, Instant To)? window, IEnumerable<FormatEntry> entries) =>
        window is { } known ? CalendarWindow.Of(entries, known.From, known.To) : [.. entries];

    private static Outcome<(Instant From, Instant To)?> ReadWindow(string? from, string? to)
    {
        const int DaysMax = 3_660;
        if (string.IsNullOrEmpty(from) && string.IsNullOrEmpty(to))
        {
            return default((Instant, Instant)?);
        }

        return DateOnly.TryParseExact(from, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)
            && DateOnly.TryParseExact(to, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var last)
            && last >= first && last.DayNumber - first.DayNumber <= DaysMax && last < DateOnly.MaxValue
                ? (At(first), At(last.AddDays(1)))
                : new Failure(FailureKind.Invalid, "'from' and 'to' are two days as 2026-11-23, at most ten years apart");

        static Instant At(DateOnly day) => Instant.From(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
    }

    /// <summary>Whoever shows what proves a private address asks as the one who made it, and may do nothing else.</summary>
    private Outcome<Standing> StandingOf(HttpContext context, string service, string feed)
    {
        var proof = context.Request.Query[FeedKeys.Parameter].ToString();
        if (proof.Length == 0)
        {
            return context.Visitor().Standing;
        }

        return keys.Read(proof, service, feed, Today) is { } account && book?.Find(account) is { } known
            ? known.Standing.Narrowed([])
            : new Failure(FailureKind.Unauthenticated, "this private address was not made by this node, or counts no more: make another one");
    }

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    private async Task<IResult> FeedKeyAsync(HttpContext context, string service, string feed, CancellationToken stop)
    {
        var (opened, site) = (await OpenFeedAsync(service, feed, stop), SiteAddresses.Of(context.Request));
        if ((opened.Failure ?? site.Failure) is { } wrong)
        {
            return ApiAnswers.Of(wrong);
        }

        if (context.Visitor() is not { Account: { } account, Session: { Kind: not SessionKind.Token } })
        {
            return ApiAnswers.Of(new Failure(
                context.Visitor().Account is null ? FailureKind.Unauthenticated : FailureKind.Forbidden,
                "a private address is of an account: log in, and not by a token; without accounts the plain address does"));
        }

        var until = DateOnly.FromDateTime((clock.GetUtcNow() + FeedKeys.Life).UtcDateTime);
        var address = site.Value.At($"{Routes.Feed(service, feed)}?{FeedKeys.Parameter}={keys.Make(account.ToString(), service, feed, until)}");
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(
            new FeedAddress(address.AbsoluteUri, new DateTimeOffset(until.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)), ServicesJson.Default.FeedAddress);
    }

    private async Task<IResult> ImportAsync(HttpContext context, string service, string feed, CancellationToken stop)
    {
        var (opened, isDryRun) = (await OpenFeedAsync(service, feed, stop), ServiceRequests.ReadFlag(context.Request.Query["dry-run"], "dry-run"));
        var body = opened.Succeeded && isDryRun.Succeeded ? await ReadFileAsync(context, stop) : opened.Failure ?? isDryRun.Failure!;
        if (!body.Succeeded)
        {
            return ApiAnswers.Of(body.Failure);
        }

        var others = context.Request.Query.Where(pair => pair.Key.StartsWith(Set, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[Set.Length..], pair => pair.Value.ToString(), StringComparer.Ordinal);
        var visitor = context.Visitor();
        var import = new FeedImport(services, opened.Value.Info.Descriptor, opened.Value.Feed, context.Asker(), visitor.Standing, isDryRun.Value);
        return ApiAnswers.Of(await import.TakeAsync(body.Value, others, stop), ServicesJson.Default.ImportReport);
    }

    /// <summary>A file as the body. Types that pages of strangers can send from a browser without being asked first are refused.</summary>
    private static async Task<Outcome<ReadOnlyMemory<byte>>> ReadFileAsync(HttpContext context, CancellationToken stop)
    {
        var type = context.Request.ContentType ?? string.Empty;
        if (type.Length == 0 || type.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            return new Failure(FailureKind.Invalid, "the body is the file, sent with its own Content-Type or application/octet-stream");
        }

        var large = new Failure(FailureKind.TooLarge, $"the file has more than {FormatLimits.BytesMax} bytes: cut it into several");
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bound)
        {
            bound.MaxRequestBodySize = FormatLimits.BytesMax + 1;
        }

        try
        {
            var body = new ArrayBufferWriter<byte>();
            while (context.Request.ContentLength <= FormatLimits.BytesMax || context.Request.ContentLength is null)
            {
                if (await context.Request.Body.ReadAsync(body.GetMemory(64 * 1024), stop) is not (> 0 and var count))
                {
                    return body.WrittenMemory;
                }

                body.Advance(count);
                if (body.WrittenCount > FormatLimits.BytesMax)
                {
                    return large;
                }
            }

            return large;
        }
        catch (BadHttpRequestException error)
        {
            return error.StatusCode == StatusCodes.Status413PayloadTooLarge ? large : new Failure(FailureKind.Invalid, error.Message);
        }
    }

    private async Task<Outcome<(ServiceInfo Info, FeedDescriptor Feed)>> OpenFeedAsync(string service, string feed, CancellationToken stop)
    {
        var found = await services.DescribeAsync(service, stop);
        return found.Succeeded
            ? found.Value.Descriptor.Feed(feed) is { } known
                ? (found.Value, known)
                : new Failure(
                    FailureKind.NotFound,
                    $"{service} has no feed '{FormatText.Show(feed)}'; there are {string.Join(", ", found.Value.Descriptor.Feeds.Select(each => each.Name))}")
            : found.Failure;
    }

    private async Task<Outcome<(IReadOnlyList<RecordView> Items, string? Next)>> RecordsOfAsync(
        string service, FeedDescriptor feed, string? cursor, Standing standing, CancellationToken stop)
    {
        var most = feed.Format == FeedFormats.Atom ? EntriesAPage : FormatLimits.EntriesMax;
        List<RecordView> records = [];
        var next = string.IsNullOrEmpty(cursor) ? null : cursor;
        do
        {
            var query = new RecordQuery(service, feed.Of)
            {
                Feed = feed.Name,
                Cursor = next,
                Limit = Math.Min(RecordQuery.LimitMax, most - records.Count),
            };
            var page = await services.ListAsync(query, standing, stop);
            if (!page.Succeeded)
            {
                return page.Failure;
            }

            records.AddRange(page.Value.Items);
            next = page.Value.Next;
        }
        while (next is not null && records.Count < most);

        return (records, next);
    }

    private async Task<Outcome<FeedFolders?>> FoldersAsync(ServiceDescriptor service, FeedDescriptor feed, Standing standing, CancellationToken stop) =>
        feed.FieldOf("category") is { } name && service.Record(feed.Of)?.Field(name) is { Type: FieldType.Relation } field
            ? await FeedFolders.LoadAsync(services, service, field, standing, stop)
            : (FeedFolders?)null;
}
