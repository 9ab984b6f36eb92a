using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Transfer.Tests;

/// <summary>A user's files in memory.</summary>
internal sealed class MemoryFiles : ILocalFiles
{
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <summary>Files that change while they are read.</summary>
    public HashSet<string> Restless { get; } = [];

    public LocalItem Add(string name, byte[] content)
    {
        _files["/disk/" + name] = content;
        return new LocalItem("/disk/" + name, name.Split('/'), content.Length, new Instant(1), null);
    }

    public LocalItem Add(string name, int length, ulong seed)
    {
        var content = new byte[length];
        new Prng(seed).Fill(content);
        return Add(name, content);
    }

    public IEnumerable<LocalItem> Walk(string path) => [];

    public Outcome<ILocalFile> Open(LocalItem item) => item.Failure is { } failure
        ? failure
        : Outcome.Of<ILocalFile>(new MemoryFile(_files[item.Path], Restless.Contains(item.Path)));

    private sealed class MemoryFile(byte[] content, bool hasChanged) : ILocalFile
    {
        private readonly int _pieceLength = PieceLengths.For(content.Length);

        public long Length => content.Length;

        public bool HasChanged => hasChanged;

        public Outcome<byte[]> ReadAll() => content;

        public Outcome<Hash256> HashPiece(int piece) => Manifest.HashPiece(Piece(piece).Span, Length, _pieceLength);

        public Task<Outcome<Manifest>> HashAsync(Action<long> hashed, CancellationToken cancellation)
        {
            var layer = new byte[Manifest.CountPieces(Length, _pieceLength) * Hash256.Size];
            for (var piece = 0; piece < layer.Length / Hash256.Size; piece++)
            {
                HashPiece(piece).Value.CopyTo(layer.AsSpan(piece * Hash256.Size));
            }

            return Task.FromResult(Outcome.Of(Manifest.FromPieces(Length, _pieceLength, new PieceLayer(layer))));
        }

        public async Task<Failure?> ReadPiecesAsync(
            int first, int count, byte[]? layer, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send, CancellationToken cancellation)
        {
            for (var piece = first; piece < first + count; piece++)
            {
                if (layer is not null)
                {
                    HashPiece(piece).Value.CopyTo(layer.AsSpan(piece * Hash256.Size));
                }

                await send(Piece(piece), cancellation);
            }

            return null;
        }

        public void Dispose()
        {
            // Nothing is held.
        }

        private ReadOnlyMemory<byte> Piece(int piece) =>
            content.AsMemory(piece * _pieceLength, Manifest.LengthOfPiece(piece, Length, _pieceLength));
    }
}
