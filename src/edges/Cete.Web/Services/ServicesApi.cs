using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cete.Accounts;
using Cete.Api;
using Cete.Core;
using Cete.Described;
using Cete.Web.Api;
using Cete.Web.Services.Feeds;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Cete.Web.Services;

/// <summary>
/// The API of described services: of their descriptions, and of each one's records by its description. Who may do what with records the rules of the
/// description decide, for guests too.
/// </summary>
/// <param name="services">The services.</param>
/// <param name="listeners">Who is told of changes now.</param>
/// <param name="book">Names of accounts; null where there are none.</param>
/// <param name="keys">Private addresses of feeds.</param>
/// <param name="clock">Tells what time it is.</param>
internal sealed partial class ServicesApi(
    DescribedService services, ServiceListeners listeners, StandingBook? book, FeedKeys keys, TimeProvider clock)
{
    private const string Heading = "Services";
    private const string Root = Routes.Services + "/{service}";

    /// <summary>A description in UTF-8, and the blanks of whoever writes it by hand.</summary>
    private const int DescriptionBytesMax = 4 * DescriptorLimits.JsonCharsMax;

    /// <summary>Deeper than any description: that it is too deep the reader says.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 64 };

    public void Map(IEndpointRouteBuilder routes)
    {
        MapCatalogue(routes);
        MapReading(routes);
        MapWriting(routes);
        MapFeeds(routes);
        MapPrices(routes);
        MapModeration(routes);
        routes.MapGet(Root + "/changes", ChangesAsync)
            .Tells(Heading, "What happens to records you may see: server-sent events, or a page of them").Gives<RecordEventList>()
            .Asks("after", "Answer with a page as JSON: of what happened since this position").AsksHeader("Last-Event-ID", "Where the events go on")
            .AsksHeader("Accept", "text/event-stream for events as they come, application/json for a page");
    }

    private void MapCatalogue(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Services, ListAsync)
            .Tells(Heading, "Services that are described and in use").Gives<ServiceList>()
            .Asks("lang", "Language of texts; absent for what Accept-Language says");
        routes.MapGet(Root, DescribeAsync)
            .Tells(Heading, "The description of a service; its ETag is its edition").Gives<ServiceDescription>();
        routes.MapPut(Root, PublishAsync).Needs(Actions.ServicesPublish)
            .Tells(Heading, "Publish the description of a service, the body, in place of an edition").Takes<JsonObject>().Gives<PublishAnswer>().IsCommand()
            .AsksHeader("If-Match", "The edition that is replaced, as \"7\"; * for whichever is there")
            .AsksHeader("If-None-Match", "* where there is no such service yet");
        routes.MapDelete(Root, WithdrawAsync).Needs(Actions.ServicesPublish)
            .Tells(Heading, "Take a service out of use; published again, it has its records").Gives<PublishAnswer>().IsCommand()
            .AsksHeader("If-Match", "The edition that is withdrawn, as \"7\"; * for whichever is there");
        routes.MapGet(Root + "/editions", EditionsAsync).Tells(Heading, "Editions of a service that are kept, the newest first").Gives<EditionList>();
        routes.MapGet(Root + "/editions/{edition}", EditionAsync).Tells(Heading, "The description of one edition").Gives<ServiceDescription>();
        routes.MapGet(Root + "/openapi.json", DocumentAsync)
            .Tells(Heading, "The API of one service alone, made of its description (OpenAPI)").GivesBytes("application/json")
            .Asks("lang", "Language of texts; absent for what Accept-Language says");
    }

    private async Task<IResult> ListAsync(HttpContext context, CancellationToken stop)
    {
        var languages = Languages.Of(context.Request);
        var all = await services.ServicesAsync(stop);
        context.Response.Headers.Vary = HeaderNames.AcceptLanguage;
        return ApiAnswers.Of(all.Then(found => new ServiceList([.. found.Select(one => one.ToSummary(languages))])), ServicesJson.Default.ServiceList);
    }

    private async Task<IResult> DescribeAsync(HttpContext context, string service, CancellationToken stop)
    {
        var found = await services.DescribeAsync(service, stop);
        if (!found.Succeeded)
        {
            return ApiAnswers.Of(found.Failure);
        }

        return IsKnown(context, found.Value.Edition)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Describe(service, found.Value.Edition, found.Value.Descriptor.Json);
    }

    private async Task<IResult> EditionAsync(string service, string edition, CancellationToken stop)
    {
        if (!long.TryParse(edition, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number <= 0)
        {
            return ApiAnswers.Of(new Failure(FailureKind.Invalid, "an edition is named by its number, from 1"));
        }

        var json = await services.DescriptionAsync(service, number, stop);
        return json.Succeeded ? Describe(service, number, json.Value) : ApiAnswers.Of(json.Failure);
    }

    private async Task<IResult> EditionsAsync(string service, CancellationToken stop)
    {
        var all = await services.EditionsAsync(service, stop);
        return ApiAnswers.Of(all.Then(found => new EditionList([.. found.Select(one => one.ToInfo())])), ServicesJson.Default.EditionList);
    }

    private async Task<IResult> PublishAsync(HttpContext context, string service, CancellationToken stop)
    {
        var (id, body) = (
            ApiAnswers.ReadRequestId(context.Request), await ServiceRequests.ReadBodyAsync(context.Request, DescriptionBytesMax, stop));
        var replaces = await ReplacedAsync(context.Request, service, stop);
        if ((id.Failure ?? body.Failure ?? replaces.Failure) is { } wrong)
        {
            return ApiAnswers.Of(wrong);
        }

        var description = ReadDescription(body.Value, service);
        if (!description.Succeeded)
        {
            return ApiAnswers.Of(description.Failure);
        }

        var done = await services.PublishAsync(description.Value, replaces.Value, context.Asker(), id.Value, stop);
        if (done.Succeeded)
        {
            Tag(context, done.Value.Edition);
        }

        return ApiAnswers.Of(done.Then(made => new PublishAnswer(service, made.Edition, made.Changes)), ServicesJson.Default.PublishAnswer);
    }

    private async Task<IResult> WithdrawAsync(HttpContext context, string service, CancellationToken stop)
    {
        var id = ApiAnswers.ReadRequestId(context.Request);
        var replaces = await ReplacedAsync(context.Request, service, stop);
        if ((id.Failure ?? replaces.Failure) is { } wrong)
        {
            return ApiAnswers.Of(wrong);
        }

        var done = await services.WithdrawAsync(service, replaces.Value, context.Asker(), id.Value, stop);
        return ApiAnswers.Of(done.Then(_ => new PublishAnswer(service, replaces.Value, [])), ServicesJson.Default.PublishAnswer);
    }

    private async Task<IResult> DocumentAsync(HttpContext context, string service, CancellationToken stop)
    {
        var languages = Languages.Of(context.Request);
        var found = await services.DescribeAsync(service, stop);
        context.Response.Headers.Vary = HeaderNames.AcceptLanguage;
        context.Response.Headers.CacheControl = "no-cache";
        return found.Succeeded
            ? Results.Text(ServiceDocument.Make(found.Value, languages).ToJsonString(), "application/json")
            : ApiAnswers.Of(found.Failure);
    }

    /// <summary>Which edition is replaced; 0 for none. Whoever says nothing has not looked, and would undo what others did.</summary>
    private async Task<Outcome<long>> ReplacedAsync(HttpRequest request, string service, CancellationToken stop)
    {
        var match = ServiceRequests.ReadMatch(request);
        if (!match.Succeeded)
        {
            return match.Failure;
        }

        if (match.Value is 0)
        {
            return (await services.DescribeAsync(service, stop)).Then(found => found.Edition);
        }

        return match.Value is { } edition ? edition
            : HttpMethods.IsPut(request.Method) && request.Headers.IfNoneMatch.ToString().Trim() == "*" ? 0
            : new Failure(
                FailureKind.Invalid,
                HttpMethods.IsPut(request.Method)
                    ? "say which edition this replaces, by If-Match: \"EDITION\"; or that there is none yet, by If-None-Match: *"
                    : "say which edition is withdrawn, by If-Match: \"EDITION\"");
    }

    /// <summary>The description as it is kept, or everything that is wrong with it.</summary>
    private static Outcome<string> ReadDescription(ReadOnlyMemory<byte> body, string service)
    {
        string text;
        try
        {
            // What travels is JSON: the reader would take more.
            using var document = JsonDocument.Parse(body, Deep);
            text = Encoding.UTF8.GetString(body.Span);
        }
        catch (JsonException error)
        {
            return new Failure(FailureKind.Invalid, $"the body is not the JSON of a description: {error.Message}");
        }

        var reading = DescriptorReader.ReadJson(text, "description");
        return reading.Descriptor is not { } descriptor ? new Failure(FailureKind.Invalid, $"the description is wrong: {reading.Errors}")
            : descriptor.Name != service ? new Failure(
                FailureKind.Invalid, $"the description is of the service '{descriptor.Name}'; publish it at {Routes.Service(descriptor.Name)}")
            : descriptor.Json;
    }

    private static IResult Describe(string service, long edition, string json) => Results.Json(
        new ServiceDescription(service, edition, JsonNode.Parse(json, null, Deep)!.AsObject()), ServicesJson.Default.ServiceDescription);

    private static void Tag(HttpContext context, long number) => context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{number}\"");

    /// <summary>Says what an answer is by, and whether whoever asks has it already.</summary>
    private static bool IsKnown(HttpContext context, long number)
    {
        Tag(context, number);
        context.Response.Headers.CacheControl = "private, no-cache";
        var tag = new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{number}\""));
        return context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false));
    }
}
