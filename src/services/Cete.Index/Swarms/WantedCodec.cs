using Cete.Core;
using Cete.Index.Proto;
using Cete.Ports;
using Cete.Ports.Swarms;
using Cete.Swarm;
using Google.Protobuf;

namespace Cete.Index.Swarms;

/// <summary>What caches ask, and are told, as bytes.</summary>
internal static class WantedCodec
{
    private static Failure Malformed { get; } = new(FailureKind.Damaged, "another node says of what is wanted what cannot be read");

    public static ReadOnlyMemory<byte> Ask(Hash256? root) => new WantedRequest
    {
        Root = root is { } asked ? ByteString.CopyFrom(asked.ToArray()) : ByteString.Empty,
    }.ToByteArray();

    /// <summary>The root whose manifest is asked for; null for what is wanted.</summary>
    public static Outcome<Hash256?> ReadRequest(ReadOnlyMemory<byte> body) => Read<WantedRequest, Hash256?>(body, WantedRequest.Parser, wire =>
        wire.Root.Length switch
        {
            0 => Outcome.Of<Hash256?>(null),
            Hash256.Size => Outcome.Of<Hash256?>(new Hash256(wire.Root.Span)),
            _ => Malformed,
        });

    public static ReadOnlyMemory<byte> Write(Outcome<IReadOnlyList<WantedContent>> wanted) => (wanted.Failure is { } failure
        ? Refused(failure)
        : new WantedAnswer
        {
            Contents =
            {
                wanted.Value.Select(one => new WantedItem
                {
                    Root = ByteString.CopyFrom(one.Root.ToArray()),
                    Length = one.Length,
                    Asked = one.Asked,
                    Wanting = one.Wanting,
                    Whole = one.Whole,
                    Holders = { one.Holders.Select(key => ByteString.CopyFrom(key.ToArray())) },
                }),
            },
        }).ToByteArray();

    public static ReadOnlyMemory<byte> Write(Outcome<Manifest> manifest) => (manifest.Failure is { } failure
        ? Refused(failure)
        : new WantedAnswer
        {
            Manifest = new WantedManifest
            {
                Length = manifest.Value.Length,
                PieceLength = manifest.Value.PieceLength,
                Pieces = UnsafeByteOperations.UnsafeWrap(manifest.Value.Pieces.Bytes),
            },
        }).ToByteArray();

    public static Outcome<IReadOnlyList<WantedContent>> ReadWanted(ReadOnlyMemory<byte> body) => ReadAnswer<IReadOnlyList<WantedContent>>(body, wire =>
        wire.Contents.Count <= WantedContent.CountMax && wire.Contents.All(IsSound)
            ? wire.Contents.Select(one => new WantedContent(
                new Hash256(one.Root.Span), one.Length, one.Asked, one.Wanting, one.Whole, [.. one.Holders.Select(key => new KeyId(key.Span))])).ToList()
            : Malformed);

    /// <summary>A manifest that leads to the root that was asked for; there is no other.</summary>
    public static Outcome<Manifest> ReadManifest(ReadOnlyMemory<byte> body, Hash256 root) => ReadAnswer(body, wire =>
        wire.Manifest is { } told && told.Pieces.Length % Hash256.Size == 0 && told.Pieces.Length > 0 && told.Length >= 0
            ? Manifest.Create(told.Length, told.PieceLength, root, new PieceLayer(told.Pieces.Memory))
            : Malformed);

    private static bool IsSound(WantedItem one) =>
        one.Root.Length == Hash256.Size && one.Length is >= 0 and <= PieceLengths.ContentMax && one.Asked >= 0 && one.Wanting >= 0 && one.Whole >= 0
        && one.Holders.Count <= WantedContent.HoldersMax && one.Holders.All(key => key.Length == KeyId.Size);

    private static WantedAnswer Refused(Failure failure) => new() { Failure = (int)failure.Kind + 1, Message = failure.Message };

    private static Outcome<T> ReadAnswer<T>(ReadOnlyMemory<byte> body, Func<WantedAnswer, Outcome<T>> read) => Read(body, WantedAnswer.Parser, wire =>
    {
        var kind = (FailureKind)(wire.Failure - 1);
        return wire.Failure == 0
            ? read(wire)
            : new Failure(Enum.IsDefined(kind) ? kind : FailureKind.Unavailable, EntryName.Show(wire.Message));
    });

    private static Outcome<T> Read<TWire, T>(ReadOnlyMemory<byte> body, MessageParser<TWire> parser, Func<TWire, Outcome<T>> read)
        where TWire : class, IMessage<TWire>, new()
    {
        try
        {
            return read(ProtobufBytes.Read(parser, body.Span));
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return Malformed;
        }
    }
}
