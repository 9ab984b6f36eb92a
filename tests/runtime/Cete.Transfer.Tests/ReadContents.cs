using System.Collections.Concurrent;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Transfer.Tests;

/// <summary>Contents that can only be read, all of the same byte; a test can hold readings back and make them fail.</summary>
internal sealed class ReadContents : IContentStore
{
    private readonly ConcurrentDictionary<Hash256, (long Length, bool IsWhole)> _contents = new();
    private int _active;

    /// <summary>Readings wait for it while <see cref="IsGated"/>.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsGated { get; set; }

    /// <summary>Done once a reading waits.</summary>
    public TaskCompletionSource Reading { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The contents of which the beginning was read, in order.</summary>
    public ConcurrentQueue<Hash256> Begun { get; } = [];

    public int ActiveMost { get; private set; }

    /// <summary>What a reading gives in place of bytes; null for bytes.</summary>
    public Func<Hash256, int?> WhenReading { get; set; } = _ => null;

    public static byte[] BytesOf(int length) => [.. Enumerable.Repeat((byte)7, length)];

    public Hash256 Add(long length, bool isWhole = true)
    {
        var root = Hash256.Of(BitConverter.GetBytes(length));
        _contents[root] = (length, isWhole);
        return root;
    }

    public IContentFile? Find(in Hash256 root) =>
        _contents.TryGetValue(root, out var content) ? new File(this, root, content.Length, content.IsWhole) : null;

    public Outcome<IContentFile> Begin(Manifest manifest) => throw new NotSupportedException();

    public Outcome<IContentFile> BeginUpload(string id, long length) => throw new NotSupportedException();

    public IContentFile? FindUpload(string id) => throw new NotSupportedException();

    public int ReadSmall(in Hash256 root, Span<byte> buffer) => -1;

    public Outcome<Hash256> PutSmall(ReadOnlySpan<byte> content) => throw new NotSupportedException();

    public Outcome<Hash256> Finish(string id) => throw new NotSupportedException();

    public Failure? SyncNames() => null;

    private async ValueTask<int> ReadAsync(Hash256 root, Memory<byte> buffer, long offset, CancellationToken cancellation)
    {
        if (offset == 0 && buffer.Length > 0)
        {
            Begun.Enqueue(root);
        }

        if (IsGated)
        {
            Reading.TrySetResult();
            await Gate.Task.WaitAsync(cancellation);
        }

        ActiveMost = Math.Max(ActiveMost, Interlocked.Increment(ref _active));
        try
        {
            buffer.Span.Fill(7);
            return WhenReading(root) ?? buffer.Length;
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }

    private sealed class File(ReadContents store, Hash256 root, long length, bool isWhole) : IContentFile
    {
        public long Length => length;

        public int PieceLength => PieceLengths.For(length);

        public Manifest? Manifest => null;

        public bool IsWhole => isWhole;

        public PieceMap Pieces => throw new NotSupportedException();

        public Outcome<bool> Write(int piece, ReadOnlySpan<byte> data) => throw new NotSupportedException();

        public Outcome<bool> WriteLeaves(LeafHashes leaves, int first, ReadOnlySpan<byte> data) => throw new NotSupportedException();

        public Outcome<LeafHashes> LeavesOf(int piece) => throw new NotSupportedException();

        public long AvailableFrom(long offset) => length - offset;

        public Task<bool> WaitForMoreAsync(long offset, CancellationToken cancellation) => Task.FromResult(true);

        public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellation) =>
            store.ReadAsync(root, buffer, offset, cancellation);

        public Outcome<bool> Attach(Manifest manifest) => throw new NotSupportedException();

        public Outcome<bool> Recheck(int piece) => throw new NotSupportedException();

        public Failure? Sync() => null;

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
