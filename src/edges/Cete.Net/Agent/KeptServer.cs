using System.Text.Json.Serialization.Metadata;
using Cete.Api;
using Cete.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Net.Agent;

/// <summary>What an agent keeps up for its user, each with a number and with files: shares, subscriptions.</summary>
/// <typeparam name="TRequest">By which one is added.</typeparam>
/// <typeparam name="TInfo">One as its user sees it.</typeparam>
/// <typeparam name="TFile">A file of one.</typeparam>
public interface IKept<TRequest, TInfo, TFile>
{
    /// <summary>All of them.</summary>
    Outcome<IReadOnlyList<TInfo>> All();

    /// <summary>Adds one.</summary>
    Task<Outcome<TInfo>> AddAsync(TRequest request);

    /// <summary>Stops one, or goes on with it.</summary>
    Task<Outcome<TInfo>> PauseAsync(long id, bool isPaused);

    /// <summary>Ends one.</summary>
    Task<Outcome<TInfo>> RemoveAsync(long id);

    /// <summary>Files of one, the newest first.</summary>
    Outcome<IReadOnlyList<TFile>> Newest(long id, int countMax);
}

/// <summary>How requests and answers about them are written.</summary>
/// <param name="Request">By which one is added.</param>
/// <param name="Check">The request as it counts, or what is wrong with it.</param>
/// <param name="Info">One of them.</param>
/// <param name="List">All of them.</param>
/// <param name="Files">Files of one.</param>
internal sealed record KeptForms<TRequest, TInfo, TFile>(
    JsonTypeInfo<TRequest> Request, Func<TRequest, Outcome<TRequest>> Check, JsonTypeInfo<TInfo> Info,
    Func<IReadOnlyList<TInfo>, IResult> List, Func<IReadOnlyList<TFile>, IResult> Files);

/// <summary>An agent's answers about them, on its socket.</summary>
internal static class KeptServer
{
    private const int FilesMax = 10_000;

    /// <summary>Adds them to an application.</summary>
    public static void Map<TRequest, TInfo, TFile>(
        IEndpointRouteBuilder routes, string path, IKept<TRequest, TInfo, TFile> kept, KeptForms<TRequest, TInfo, TFile> forms)
        where TRequest : class
    {
        var one = path + "/{id:long}";
        routes.MapGet(path, () => kept.All() is var all && all.Succeeded ? forms.List(all.Value) : Answers.Of(all.Failure!));
        routes.MapPost(path, async (HttpContext context, CancellationToken _) =>
        {
            var body = await Answers.ReadAsync(context.Request, forms.Request);
            var request = body.Succeeded ? forms.Check(body.Value) : body.Failure;
            return Of(request.Succeeded ? await kept.AddAsync(request.Value) : request.Failure);
        });
        routes.MapPost(one + "/pause", async (long id) => Of(await kept.PauseAsync(id, isPaused: true)));
        routes.MapPost(one + "/resume", async (long id) => Of(await kept.PauseAsync(id, isPaused: false)));
        routes.MapPost(one + "/remove", async (long id) => Of(await kept.RemoveAsync(id)));
        routes.MapGet(one + "/files", (long id, int? limit) =>
            kept.Newest(id, Math.Clamp(limit ?? 100, 1, FilesMax)) is var files && files.Succeeded ? forms.Files(files.Value) : Answers.Of(files.Failure!));

        IResult Of(Outcome<TInfo> info) => info.Succeeded ? Results.Json(info.Value, forms.Info) : Answers.Of(info.Failure);
    }
}
