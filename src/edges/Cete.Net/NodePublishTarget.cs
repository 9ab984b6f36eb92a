using System.Net;
using Cete.Api;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Net;

/// <summary>A node that takes content in, over its HTTP API.</summary>
public sealed class NodePublishTarget(NodeClient node) : IPublishTarget
{
    public async Task<Outcome<IReadOnlyList<bool>>> KnownAsync(IReadOnlyList<Hash256> roots, CancellationToken cancellation)
    {
        var answer = await node.PostAsync(
            Routes.Known, new KnownRequest([.. roots.Select(root => root.ToString())]), ApiJson.Default.KnownRequest, ApiJson.Default.KnownAnswer,
                cancellation);
        if (!answer.Succeeded)
        {
            return answer.Failure;
        }

        return answer.Value.Known.Count == roots.Count
            ? Outcome.Of(answer.Value.Known)
            : new Failure(FailureKind.Unavailable, $"{node.Node} did not answer as a Cete node does");
    }

    public async Task<Outcome<bool>> PutSmallAsync(Hash256 root, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        (await node.PutAsync($"{Routes.Content}/{root}", content, ApiJson.Default.UploadAnswer, cancellation)).Then(_ => true);

    public async Task<Outcome<UploadProgress>> BeginAsync(long length, Hash256 firstPiece, string key, CancellationToken cancellation) =>
        (await node.PostAsync(
            Routes.Uploads, new UploadRequest(length, firstPiece.ToString(), key), ApiJson.Default.UploadRequest, ApiJson.Default.UploadState, cancellation))
        .Then(ToProgress);

    public async Task<Outcome<UploadProgress>> SendAsync(
        string id, long offset, long length, Func<Stream, CancellationToken, Task<Failure?>> write, CancellationToken cancellation)
    {
        using var content = new WrittenContent(length, write, cancellation);
        return (await node.PatchAsync(id, offset, content, cancellation)).Then(ToProgress);
    }

    public async Task<Outcome<UploadProgress>> AttachAsync(string id, Manifest manifest, CancellationToken cancellation)
    {
        var body = new byte[Hash256.Size + manifest.Pieces.Bytes.Length];
        manifest.Root.CopyTo(body);
        manifest.Pieces.Bytes.CopyTo(body.AsMemory(Hash256.Size));
        return (await node.PutAsync(Routes.UploadManifest(id), body, ApiJson.Default.UploadState, cancellation)).Then(ToProgress);
    }

    public async Task<Outcome<Hash256>> FinishAsync(string id, CancellationToken cancellation)
    {
        var answer = await node.PostAsync(Routes.UploadFinish(id), ApiJson.Default.UploadAnswer, cancellation);
        if (!answer.Succeeded)
        {
            return answer.Failure;
        }

        return Hash256.TryParse(answer.Value.Root, out var root)
            ? root
            : new Failure(FailureKind.Unavailable, $"{node.Node} did not answer as a Cete node does");
    }

    public async Task<Outcome<int>> FileAsync(IReadOnlyList<FilingItem> items, CancellationToken cancellation)
    {
        var request = new FileRequest(
            [.. items.Select(i => new FileItem(i.Path.ToString(), i.Root.ToString(), i.Modified?.ToDateTimeOffset(), i.Description, i.Tags))]);
        var answer = await node.CommandAsync(
            HttpMethod.Post, Routes.Entries, request, ApiJson.Default.FileRequest, ApiJson.Default.FileAnswer, cancellation);
        return answer.Then(filed => filed.Unchanged);
    }

    private static UploadProgress ToProgress(UploadState state) =>
        new(state.Id, state.PieceLength, [.. state.Missing.Select(run => (run.First, run.Count))], state.MayBeKnown);

    /// <summary>A request body of known length that is written as it is sent.</summary>
    private sealed class WrittenContent(long length, Func<Stream, CancellationToken, Task<Failure?>> write, CancellationToken stop) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => WriteAsync(stream, stop);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            WriteAsync(stream, cancellationToken);

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }

        private async Task WriteAsync(Stream stream, CancellationToken cancellation)
        {
            if (await write(stream, cancellation) is { } failure)
            {
                throw new IOException(failure.Message);
            }
        }
    }
}
