using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Transfer.Tests;

/// <summary>A node in memory that takes content in; a test can make single calls fail.</summary>
internal sealed class MemoryNode : IPublishTarget
{
    private readonly Dictionary<string, Upload> _uploads = new(StringComparer.Ordinal);

    public HashSet<Hash256> Contents { get; } = [];

    public Dictionary<string, Hash256> Entries { get; } = new(StringComparer.Ordinal);

    public List<int> Batches { get; } = [];

    public Func<IReadOnlyList<FilingItem>, Failure?> WhenFiling { get; set; } = _ => null;

    public Func<Hash256, Failure?> WhenPutting { get; set; } = _ => null;

    /// <summary>Bytes of an upload after which the line breaks, once.</summary>
    public long? BreaksAfter { get; set; }

    /// <summary>The next call that ends an upload finds it gone.</summary>
    public bool LosesUpload { get; set; }

    public bool MayKnow { get; set; }

    public Task<Outcome<IReadOnlyList<bool>>> KnownAsync(IReadOnlyList<Hash256> roots, CancellationToken cancellation) =>
        Task.FromResult(Outcome.Of<IReadOnlyList<bool>>([.. roots.Select(Contents.Contains)]));

    public Task<Outcome<bool>> PutSmallAsync(Hash256 root, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        lock (Contents)
        {
            var failure = WhenPutting(root);
            return Task.FromResult<Outcome<bool>>(failure is null ? Contents.Add(root) : failure);
        }
    }

    public Task<Outcome<UploadProgress>> BeginAsync(long length, Hash256 firstPiece, string key, CancellationToken cancellation)
    {
        var id = $"{length} {firstPiece} {key}";
        _uploads.TryAdd(id, new Upload(length));
        return Task.FromResult(StateOf(id));
    }

    public async Task<Outcome<UploadProgress>> SendAsync(
        string id, long offset, long length, Func<Stream, CancellationToken, Task<Failure?>> write, CancellationToken cancellation)
    {
        using var stream = new MemoryStream();
        if (await write(stream, cancellation) is { } failure)
        {
            return failure;
        }

        Assert.Equal(length, stream.Length);
        var (upload, bytes) = (_uploads[id], stream.ToArray());
        for (long at = 0; at < length; at += upload.PieceLength)
        {
            if (BreaksAfter is { } limit && offset + at >= limit)
            {
                BreaksAfter = null;
                return new Failure(FailureKind.Unavailable, "the line broke");
            }

            var piece = (int)((offset + at) / upload.PieceLength);
            var data = bytes.AsSpan((int)at, Manifest.LengthOfPiece(piece, upload.Length, upload.PieceLength));
            upload.Pieces[piece] = Manifest.HashPiece(data, upload.Length, upload.PieceLength);
        }

        return StateOf(id);
    }

    public Task<Outcome<UploadProgress>> AttachAsync(string id, Manifest manifest, CancellationToken cancellation)
    {
        if (!_uploads.TryGetValue(id, out var upload) || LosesUpload)
        {
            LosesUpload = false;
            Contents.Add(manifest.Root);
            _uploads.Remove(id);
            return Task.FromResult<Outcome<UploadProgress>>(new Failure(FailureKind.NotFound, "there is no such upload"));
        }

        if (upload.Manifest is { } known && known.Root != manifest.Root)
        {
            return Task.FromResult<Outcome<UploadProgress>>(new Failure(FailureKind.Conflict, "the upload has another root already"));
        }

        upload.Manifest = manifest;
        for (var piece = 0; piece < manifest.PieceCount; piece++)
        {
            if (upload.Pieces[piece] != manifest.Pieces[piece])
            {
                upload.Pieces[piece] = null;
            }
        }

        return Task.FromResult(StateOf(id));
    }

    public Task<Outcome<Hash256>> FinishAsync(string id, CancellationToken cancellation)
    {
        var upload = _uploads[id];
        Assert.DoesNotContain(null, upload.Pieces);
        _uploads.Remove(id);
        Contents.Add(upload.Manifest!.Root);
        return Task.FromResult(Outcome.Of(upload.Manifest.Root));
    }

    public Task<Outcome<int>> FileAsync(IReadOnlyList<FilingItem> items, CancellationToken cancellation)
    {
        Batches.Add(items.Count);
        if (WhenFiling(items) is { } failure)
        {
            return Task.FromResult<Outcome<int>>(failure);
        }

        Assert.All(items, item => Assert.Contains(item.Root, Contents));
        var unchanged = items.Count(item => Entries.TryGetValue(item.Path.ToString(), out var root) && root == item.Root);
        foreach (var item in items)
        {
            Entries[item.Path.ToString()] = item.Root;
        }

        return Task.FromResult(Outcome.Of(unchanged));
    }

    private Outcome<UploadProgress> StateOf(string id)
    {
        var upload = _uploads[id];
        List<(int First, int Count)> missing = [];
        for (var piece = 0; piece < upload.Pieces.Length; piece++)
        {
            if (upload.Pieces[piece] is not null)
            {
                continue;
            }

            if (missing.Count > 0 && missing[^1].First + missing[^1].Count == piece)
            {
                missing[^1] = (missing[^1].First, missing[^1].Count + 1);
            }
            else
            {
                missing.Add((piece, 1));
            }
        }

        return new UploadProgress(id, upload.PieceLength, missing, MayKnow);
    }

    private sealed class Upload(long length)
    {
        public long Length { get; } = length;

        public int PieceLength { get; } = PieceLengths.For(length);

        public Hash256?[] Pieces { get; } = new Hash256?[Manifest.CountPieces(length, PieceLengths.For(length))];

        public Manifest? Manifest { get; set; }
    }
}
