using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cete.Accounts;
using Cete.Api;
using Cete.Core;
using Cete.Described;
using Cete.Groups;
using Cete.Web.Pages;
using Cete.Web.Pages.Accounts;
using Cete.Web.Pages.Services;
using Cete.Web.Security;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Services;

/// <summary>The pages of described services: made of the description alone.</summary>
/// <param name="services">The services.</param>
/// <param name="parts">Names of accounts, and what guards forms.</param>
/// <param name="writer">Writes pages.</param>
/// <param name="clock">Tells what time it is.</param>
internal sealed partial class ServicesPages(DescribedService services, ServicesParts parts, PageWriter writer, TimeProvider clock)
{
    public const string Address = ServiceAddresses.All;

    private const string OfService = Address + "/{service}";
    private const string OfKind = OfService + "/{kind}";
    private const string OfRecord = OfKind + "/{id:long:min(1)}";

    /// <summary>Of forms of those who have no session: what they send is guarded by what the browser says of the page that it comes from.</summary>
    private const string NoSession = "guest";

    /// <summary>Bytes of a form: the longest text of a field with room for how it is escaped, and for others beside it.</summary>
    private const long FormBytesMax = 4 * 1024 * 1024;

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public void Map(IEndpointRouteBuilder routes)
    {
        Show(routes, Address, AllAsync);
        Show(routes, ServiceAddresses.Moderation, ModerationAsync);
        Show(routes, OfService, context => ViewAsync(context, null));
        Show(routes, OfService + "/about", AboutAsync);
        Show(routes, OfService + "/{view}", context => ViewAsync(context, Route(context, "view")));
        Show(routes, OfKind + "/new", NewAsync);
        Show(routes, OfKind + "/deleted", DeletedAsync);
        Show(routes, OfRecord, RecordAsync);
        Show(routes, OfRecord + "/edit", EditAsync);
        Show(routes, OfService + "/do/{name}", ActionAsync);
        Take(routes, OfService + "/about", GovernAsync);
        Take(routes, OfKind + "/new", CreateAsync);
        Take(routes, OfRecord, ChangeRecordAsync);
        Take(routes, OfRecord + "/edit", UpdateAsync);
        Take(routes, OfService + "/do/{name}", DoAsync);
    }

    private void Show(IEndpointRouteBuilder routes, string address, Func<HttpContext, Task<Failure?>> page) =>
        routes.MapMethods(address, Reading, context => AnswerAsync(context, page));

    private void Take(IEndpointRouteBuilder routes, string address, Func<HttpContext, ServiceScene, PageForm, Task<Failure?>> act)
    {
        Task<Failure?> Acted(HttpContext context) => WithFormAsync(context, act);
        routes.MapPost(address, context => AnswerAsync(context, Acted));
    }

    private async Task AnswerAsync(HttpContext context, Func<HttpContext, Task<Failure?>> page)
    {
        context.Response.Headers.Vary = "Accept-Language";
        if (await page(context) is { } failure)
        {
            await WriteAsync(context, failure);
        }
    }

    /// <summary>Who is not known may have to log in first, and comes back then.</summary>
    private Task WriteAsync(HttpContext context, Failure failure)
    {
        if (failure.Kind == FailureKind.Unauthenticated && HttpMethods.IsGet(context.Request.Method) && parts.Book is { HasAccounts: true })
        {
            Answering.GoTo(context, AccountAddresses.LogInFor(context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent()));
            return Task.CompletedTask;
        }

        var problem = Problems.Of(failure);
        return HttpMethods.IsPost(context.Request.Method)
            ? writer.WriteAsync(context, new ProblemModel(problem.Status, problem.Title, failure.Message, "Go back to the form.", Retries: false))
            : writer.WriteAsync(context, failure);
    }

    private async Task<Failure?> WithFormAsync(HttpContext context, Func<HttpContext, ServiceScene, PageForm, Task<Failure?>> act)
    {
        if (context.Visitor().Session is { Kind: SessionKind.Token } or { Grants.Count: > 0 })
        {
            return new Failure(FailureKind.Forbidden, $"a token is for programs, which use {Routes.Services} and not forms");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bound)
        {
            bound.MaxRequestBodySize = FormBytesMax;
        }

        var form = await PageForm.ReadAsync(context, isLong: true);
        var unsound = form.Succeeded ? parts.Guard.CheckForm(SessionOf(context), form.Value[CrossSiteGuard.Field]) : form.Failure;
        var scene = unsound is null ? await OpenAsync(context) : unsound;
        return scene.Succeeded ? await act(context, scene.Value, form.Value) : scene.Failure;
    }

    private async Task<Failure?> AllAsync(HttpContext context)
    {
        var found = await services.ServicesAsync(context.RequestAborted);
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        await writer.WriteAsync<ServicesPage>(context, new ServicesModel([.. found.Value.Select(info => SceneOf(context, info))])
        {
            IsModerator = context.Visitor().Standing.May(Actions.ServicesModerate),
        });
        return null;
    }

    /// <summary>The service that an address names.</summary>
    private async Task<Outcome<ServiceScene>> OpenAsync(HttpContext context)
    {
        var found = await services.DescribeAsync(Route(context, "service"), context.RequestAborted);
        return found.Then(info => SceneOf(context, info));
    }

    /// <summary>The same, with the kind of record that it names.</summary>
    private async Task<Outcome<(ServiceScene Scene, RecordKind Kind)>> OpenKindAsync(HttpContext context)
    {
        var scene = await OpenAsync(context);
        return scene.Succeeded ? KindOf(context, scene.Value).Then(kind => (scene.Value, kind)) : scene.Failure;
    }

    private static Outcome<RecordKind> KindOf(HttpContext context, ServiceScene scene) => scene.Service.Record(Route(context, "kind")) is { } kind
        ? kind
        : new Failure(FailureKind.NotFound, $"{scene.Title} has no such records");

    private ServiceScene SceneOf(HttpContext context, ServiceInfo info)
    {
        var visitor = context.Visitor();
        var canSend = visitor.Session is not ({ Kind: SessionKind.Token } or { Grants.Count: > 0 });
        return new ServiceScene(
            info, Languages.Of(context.Request), visitor.Standing, Instant.From(clock.GetUtcNow()),
            canSend ? parts.Guard.TokenFor(SessionOf(context)) : string.Empty, account => parts.Book?.NameOf(account) ?? account,
            name => parts.Book?.ByName(name));
    }

    private static string SessionOf(HttpContext context) => context.Visitor().Session?.Session ?? NoSession;

    private static string Route(HttpContext context, string name) => context.Request.RouteValues[name] as string ?? string.Empty;

    private static long IdOf(HttpContext context) => long.Parse(Route(context, "id"), CultureInfo.InvariantCulture);

    private static string? Field(HttpContext context, string name) => context.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    /// <summary>What a form that is shown now calls itself.</summary>
    internal static string NewRequest() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>
    /// What makes a form happen once, however often it is sent: by who sent it, what it calls itself, and all that stands in it, so that one that was gone
    /// back to and changed is another one.
    /// </summary>
    private static RequestId RequestOf(HttpContext context, PageForm form)
    {
        var text = new StringBuilder(SessionOf(context)).Append('\0').Append(context.Request.Path).Append(context.Request.QueryString);
        foreach (var (name, value) in form.All())
        {
            text.Append('\0').Append(name).Append('\0').Append(value);
        }

        return new RequestId("page-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 20)), 1);
    }

    /// <summary>What came of the form before.</summary>
    private static Notice? NoticeOf(HttpContext context, ServiceScene scene) => Field(context, "done") switch
    {
        "created" => new Notice("It is added.", IsFault: false),
        "updated" => new Notice("It is changed.", IsFault: false),
        "deleted" => new Notice("It is deleted, and can be brought back for a time.", IsFault: false),
        "restored" => new Notice("It is back.", IsFault: false),
        "hidden" => new Notice("It is hidden from all.", IsFault: false),
        "shown" => new Notice("It is shown again.", IsFault: false),
        "reported" => new Notice("Thank you; moderators see it.", IsFault: false),
        "back" => new Notice("The service is as it was in that edition.", IsFault: false),
        { } name when scene.Service.Action(name) is { } action => new Notice($"Done: {scene.Say(action.Title)}.", IsFault: false),
        _ => null,
    };

    private static string WithNotice(string address, string done) => $"{address}?done={done}";

    /// <summary>Where the records of a kind are listed.</summary>
    private static string ListOf(ServiceScene scene, string? kind) => kind is not null && scene.ListOf(kind) is { } view
        ? ServiceAddresses.View(scene.Name, view.Name)
        : ServiceAddresses.Of(scene.Name);
}
