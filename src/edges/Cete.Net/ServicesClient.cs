using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Cete.Api;
using Cete.Core;

namespace Cete.Net;

/// <summary>Described services for programs: their descriptions, and what can be done with records by name alone.</summary>
/// <param name="node">Speaks with the community.</param>
public sealed class ServicesClient(NodeClient node)
{
    /// <summary>All that are in use.</summary>
    public Task<Outcome<ServiceList>> ListAsync(CancellationToken cancellation) =>
        node.GetAsync(Routes.Services, ServicesJson.Default.ServiceList, cancellation);

    /// <summary>The description of one.</summary>
    /// <param name="service">Which one.</param>
    /// <param name="edition">Which edition; null for the one that is in use.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<Outcome<ServiceDescription>> DescribeAsync(string service, long? edition, CancellationToken cancellation) => node.GetAsync(
        edition is { } number ? string.Create(CultureInfo.InvariantCulture, $"{Routes.Editions(service)}/{number}") : Routes.Service(service),
        ServicesJson.Default.ServiceDescription, cancellation);

    /// <summary>Its editions that are kept, the newest first.</summary>
    public Task<Outcome<EditionList>> EditionsAsync(string service, CancellationToken cancellation) =>
        node.GetAsync(Routes.Editions(service), ServicesJson.Default.EditionList, cancellation);

    /// <summary>Publishes a description.</summary>
    /// <param name="service">Its name.</param>
    /// <param name="json">It.</param>
    /// <param name="replaces">The edition that it takes the place of; null for a new service.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Outcome<PublishAnswer>> PublishAsync(string service, string json, long? replaces, CancellationToken cancellation) => node.CommandAsync(
        () =>
        {
            var request = Make(HttpMethod.Put, Routes.Service(service), json);
            if (replaces is { } edition)
            {
                request.Headers.IfMatch.Add(TagOf(edition));
            }
            else
            {
                request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
            }

            return request;
        },
        ServicesJson.Default.PublishAnswer, cancellation);

    /// <summary>Takes a service out of use.</summary>
    public Task<Outcome<PublishAnswer>> WithdrawAsync(string service, long edition, CancellationToken cancellation) => node.CommandAsync(
        () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Delete, Routes.Service(service));
            request.Headers.IfMatch.Add(TagOf(edition));
            return request;
        },
        ServicesJson.Default.PublishAnswer, cancellation);

    /// <summary>Makes a record.</summary>
    public Task<Outcome<WrittenAnswer>> CreateAsync(string service, string kind, JsonObject fields, CancellationToken cancellation)
    {
        var json = fields.ToJsonString();
        return node.CommandAsync(() => Make(HttpMethod.Post, Routes.Records(service, kind), json), ServicesJson.Default.WrittenAnswer, cancellation);
    }

    /// <summary>Takes in a file of a feed's format; sent again, it changes nothing that it has made already.</summary>
    /// <param name="address">Of the import, with what is asked of it.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Outcome<ImportReport>> ImportAsync(string address, ReadOnlyMemory<byte> file, CancellationToken cancellation) => node.CommandAsync(
        () => new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new ReadOnlyMemoryContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } },
        },
        ServicesJson.Default.ImportReport, cancellation);

    private static HttpRequestMessage Make(HttpMethod method, string path, string json) =>
        new(method, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    private static EntityTagHeaderValue TagOf(long edition) => new(string.Create(CultureInfo.InvariantCulture, $"\"{edition}\""));
}
