using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using Cete.Api;
using Cete.Ports;

namespace Cete.Net;

/// <summary>
/// Sends a user's session along, to nodes of its community alone: whoever answers at an address shows first, by a signature, that it is one, since a
/// secret that goes to another program on the same port is that program's.
/// </summary>
/// <param name="book">The user's sessions.</param>
/// <param name="inner">Sends requests.</param>
internal sealed class SessionHandler(ISessionBook book, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int AnswerBytesMax = 64 * 1024;
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(5);

    /// <summary>By the origin of a node: its community; null for one that showed none.</summary>
    private readonly ConcurrentDictionary<string, Task<string?>> _communities = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        if (request.Headers.Authorization is null && address.AbsolutePath is not (Routes.Identity or Routes.Servers) && !book.IsEmpty)
        {
            var origin = address.GetLeftPart(UriPartial.Authority);
            var community = await _communities.GetOrAdd(origin, _ => AskAsync(origin)).WaitAsync(cancellationToken);
            if (community is null)
            {
                // It may have been starting.
                _communities.TryRemove(origin, out _);
            }
            else if (book.Find(community) is { Secret.Length: > 0 } session && session.Expires > TimeProvider.System.GetUtcNow())
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.Secret);
            }
        }

        return await base.SendAsync(request, cancellationToken);
    }

    private async Task<string?> AskAsync(string origin)
    {
        using var patience = new CancellationTokenSource(AnswerDeadline, TimeProvider.System);
        var challenge = IdentityProof.NewChallenge();
        using var request = new HttpRequestMessage(HttpMethod.Get, origin + IdentityProof.Ask(challenge));
        try
        {
            using var response = await base.SendAsync(request, patience.Token);
            if (!response.IsSuccessStatusCode || response.Content.Headers.ContentLength > AnswerBytesMax)
            {
                return null;
            }

            await using var body = new BoundedBody(await response.Content.ReadAsStreamAsync(patience.Token), AnswerBytesMax);
            var answer = await JsonSerializer.DeserializeAsync(body, ApiJson.Default.IdentityAnswer, patience.Token);
            return answer is null ? null : IdentityProof.CommunityOf(answer, challenge, TimeProvider.System);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException or JsonException or NotSupportedException)
        {
            return null;
        }
    }
}
