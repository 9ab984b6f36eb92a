using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cete.Api;
using Cete.Core;
using Cete.Storage.Local;

namespace Cete.Program.Tests;

/// <summary>The HTTP API of one node as a client that repeats nothing by itself sees it.</summary>
/// <param name="http">How it is reached.</param>
/// <param name="address">Where it is now.</param>
/// <param name="stop">Ends what waits.</param>
internal sealed class NodeApi(HttpClient http, Func<Uri> address, CancellationToken stop)
{
    private string? _secret;

    /// <summary>The same, as far as it does not have to wait longer than this.</summary>
    public NodeApi Until(CancellationToken end) => new(http, address, end);

    public Task<Outcome<FolderInfo>> MakeFolderAsync(string path, string? id) => SendAsync(
        HttpMethod.Post, Routes.Folders, id, JsonContent.Create(new MakeFolderRequest(path), ApiJson.Default.MakeFolderRequest), ApiJson.Default.FolderInfo);

    public Task<Outcome<EntryPage>> MoveAsync(string from, string to, string id) => SendAsync(
        HttpMethod.Post, Routes.Moves, id, JsonContent.Create(new MoveRequest(from, to), ApiJson.Default.MoveRequest), ApiJson.Default.EntryPage);

    /// <summary>Names of the folders right below one; none where that is not there.</summary>
    /// <param name="path">Which.</param>
    /// <param name="isLocal">As this node's replica has it, however old that is.</param>
    public async Task<Outcome<List<string>>> ListAsync(string path, bool isLocal = false)
    {
        var names = new List<string>();
        for (var cursor = string.Empty; cursor is not null;)
        {
            var query = $"{Routes.Folders}?path={path}&limit={Limits.PageItemsMax}&cursor={cursor}{(isLocal ? "&read=local" : string.Empty)}";
            var page = await SendAsync(HttpMethod.Get, query, null, null, ApiJson.Default.FolderPage);
            if (!page.Succeeded)
            {
                return page.Failure.Kind == FailureKind.NotFound ? names : page.Failure;
            }

            names.AddRange(page.Value.Folders.Select(folder => folder.Path[(folder.Path.LastIndexOf('/') + 1)..]));
            cursor = page.Value.Next is { } next ? Uri.EscapeDataString(next) : null;
        }

        return names;
    }

    public async Task<Outcome<GroupInfo>> GroupAsync(string name)
    {
        var all = await SendAsync(HttpMethod.Get, Routes.Groups, null, null, ApiJson.Default.GroupsAnswer);
        return !all.Succeeded ? all.Failure
            : all.Value.Groups.FirstOrDefault(group => group.Name == name) is { } found ? found : new Failure(FailureKind.NotFound, $"it has no group {name}");
    }

    /// <summary>The secret of who made the community, which the program keeps among its user's settings; null where the community has no accounts.</summary>
    private async Task<string?> SessionAsync()
    {
        if (_secret is null)
        {
            var servers = await http.GetFromJsonAsync(new Uri(address(), Routes.Servers), ApiJson.Default.ServersAnswer, stop);
            _secret = new SessionBook(Path.Combine(CeteProcess.Settings, "cete", "sessions")).Find(servers!.CommunityId)?.Secret ?? string.Empty;
        }

        return _secret.Length > 0 ? _secret : null;
    }

    private async Task<Outcome<T>> SendAsync<T>(HttpMethod method, string path, string? id, HttpContent? body, JsonTypeInfo<T> type)
    {
        using var request = new HttpRequestMessage(method, new Uri(address(), path)) { Content = body };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (id is not null)
        {
            request.Headers.Add(Headers.IdempotencyKey, id);
        }

        try
        {
            request.Headers.Authorization = await SessionAsync() is { } secret ? new AuthenticationHeaderValue("Bearer", secret) : null;
            using var response = await http.SendAsync(request, stop);
            return response.IsSuccessStatusCode
                ? (await response.Content.ReadFromJsonAsync(type, stop))!
                : Problems.ToFailure(await response.Content.ReadFromJsonAsync(ApiJson.Default.Problem, stop), (int)response.StatusCode);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException
            || (error is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return new Failure(FailureKind.Unavailable, error.Message);
        }
    }
}
