using Cete.Core;

namespace Cete.Transfer;

/// <summary>How far a publishing has come. Written by one, read by any; numbers only grow.</summary>
public sealed class PublishProgress
{
    private long _files;
    private long _bytes;
    private long _sentBytes;
    private long _knownFiles;
    private long _unchanged;

    /// <summary>Files done, well or not.</summary>
    public long Files => Interlocked.Read(ref _files);

    /// <summary>Bytes of content that are at the node now, sent or known.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Bytes that had to be sent.</summary>
    public long SentBytes => Interlocked.Read(ref _sentBytes);

    /// <summary>Files whose content the node had already.</summary>
    public long KnownFiles => Interlocked.Read(ref _knownFiles);

    /// <summary>Entries that were there already with the same content.</summary>
    public long Unchanged => Interlocked.Read(ref _unchanged);

    /// <summary>The file in hand.</summary>
    public string Current { get; set; } = string.Empty;

    internal void AddFile() => Interlocked.Increment(ref _files);

    internal void AddBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);

    internal void AddSent(long bytes) => Interlocked.Add(ref _sentBytes, bytes);

    internal void AddKnown() => Interlocked.Increment(ref _knownFiles);

    internal void AddUnchanged(int count) => Interlocked.Add(ref _unchanged, count);
}

/// <summary>A file that could not be put in, and why.</summary>
public sealed record PublishProblem(string Path, Failure Failure);
