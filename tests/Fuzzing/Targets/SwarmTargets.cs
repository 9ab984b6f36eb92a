using Cete.Core;
using Cete.Index.Moderation;
using Cete.Index.Swarms;
using Cete.Net.Swarms;
using Cete.Ports;
using Cete.Ports.Swarms;
using Cete.Simulation;
using Cete.Storage.Contents;
using Cete.Swarm;

namespace Cete.Fuzzing.Targets;

/// <summary>What peers send each other.</summary>
internal static class SwarmTargets
{
    private const int PieceLength = 2 * Merkle.LeafSize;

    /// <summary>A whole piece, and one of which the second leaf is short.</summary>
    private static readonly byte[] Content = MakeContent();
    private static readonly Manifest Known = MakeManifest();

    public static (string Name, Func<FuzzTarget> Make)[] All { get; } =
    [
        ("leaf-range", Ranges), ("leaf-stream", Streams), ("have-stream", Haves), ("swarm-announce", Announces), ("swarm-answer", Answers),
        ("taken-down-question", TakenDownQuestions), ("taken-down-answer", TakenDownAnswers),
        ("wanted", Wanted), ("holdings", Holdings),
    ];

    /// <summary>Fields of a request for leaves: first leaf, end and length of pieces, one a line.</summary>
    private static FuzzTarget Ranges() => FuzzTarget.OfText(
        "leaf-range",
        text =>
        {
            var lines = text.Split('\n');
            string? Field(string name) => Array.IndexOf(["from", "to", "piece"], name) is var at && at < lines.Length ? lines[at] : null;
            return Oracle.Of(LeafRange.Read(Field, Content.Length, PieceLength), range =>
            {
                Oracle.That(range.From >= 0 && range.Bytes > 0 && range.End <= Content.Length, "it ends outside of the content");
                Oracle.That(range.BodyLength > range.Bytes && range.BodyLength <= Content.Length + (4 * Hash256.Size), "the body has another length");
            });
        },
        ["0\n4\n32768", "3\n4", "1"]);

    /// <summary>
    /// The body of an answer with leaves. Its first byte says from which leaf on, and in what stretches it comes. Whatever it is: what can be read afterwards
    /// is the content, and pieces are told of that are there.
    /// </summary>
    private static FuzzTarget Streams() => new(
        "leaf-stream",
        input =>
        {
            var first = input.Length == 0 ? 0 : input[0] & 3;
            using var target = ContentFile.Open(new SimFiles(1), "data", "data.have", Content.Length, PieceLength, Known).Value;
            for (var leaf = first & ~1; leaf < first; leaf++)
            {
                // Leaves before the first of its piece came from somebody else.
                _ = target.WriteLeaves(LeavesOf(leaf / 2), leaf % 2, Content.AsSpan(leaf * Merkle.LeafSize, Merkle.LeafSize));
            }

            List<int> taken = [];
            var verified = 0;
            var intake = new LeafIntake(Known, target, taken.Add) { Verified = bytes => verified += bytes };
            using var body = new Stretches(input.AsMemory(Math.Min(1, input.Length)), input.Length == 0 ? 0UL : input[0]);
            var result = intake.RunAsync(body, first, () => 2, CancellationToken.None).GetAwaiter().GetResult();
            Look(target, taken, result);
            Oracle.That(verified <= input.Length, "more was verified than came");
            return result.How == RunEnd.Completed ? $"{FuzzTarget.Taken} {first}" : $"{first} {result.How} {result.Piece} {Oracle.Of(result.Failure)}";
        },
        () => [Body(3), Body(1)])
    {
        BytesMax = 64 * 1024,
        AllocatedMax = null,
        TestRuns = 100,
    };

    /// <summary>What a neighbour says that it has, and whose turn it is.</summary>
    private static FuzzTarget Haves() => new(
        "have-stream",
        input =>
        {
            const int pieces = 21;
            using var body = new MemoryStream(input.ToArray());
            var map = HaveFrames.ReadBeginAsync(body, pieces, CancellationToken.None).GetAwaiter().GetResult();
            Oracle.That(map is null || map.Count == pieces, "the map is of another content");
            var count = 0;
            while (map is not null && HaveFrames.ReadFrameAsync(body, pieces, CancellationToken.None).GetAwaiter().GetResult() is { } frame)
            {
                Oracle.That(frame.Pieces.All(piece => piece is >= 0 and < pieces), "a piece is there that is not");
                Oracle.That(frame.Pieces.Count <= HaveFrames.PiecesMax, "a frame has too many pieces");
                count++;
            }

            return map is null ? "none" : $"{FuzzTarget.Taken} {Math.Min(count, 5)}";
        },
        () => [[.. HaveFrames.Begin(new PieceMap(21)), .. Frames()], HaveFrames.Begin(PieceMap.Full(21))])
    {
        BytesMax = 8 * 1024,
        AllocatedMax = null,
    };

    private static List<byte> Frames()
    {
        List<byte> bytes = [];
        HaveFrames.AddHave(bytes, [1, 20]);
        HaveFrames.AddCount(bytes, HaveFrameKind.Ready, 3);
        HaveFrames.AddCount(bytes, HaveFrameKind.Pass, 1);
        HaveFrames.AddCount(bytes, HaveFrameKind.Alive, 0);
        return bytes;
    }

    /// <summary>A report that one node passes on to another.</summary>
    private static FuzzTarget Announces() => new(
        "swarm-announce",
        input => Oracle.Of(Reported(input.ToArray()), report =>
            Oracle.That(report.Have.Count == 21 && report.Neighbours.Count <= SwarmReport.NeighboursLimit, "the report is out of bounds")),
        () => [SwarmCodec.Write(Hash256.Of("content"u8), Report(), new SwarmAsker("10.0.0.1", "ann")).ToArray()]);

    private static Outcome<SwarmReport> Reported(byte[] bytes)
    {
        var read = SwarmCodec.Read(bytes);
        return read.Succeeded ? read.Value.Report(21) : read.Failure;
    }

    /// <summary>And what it is answered.</summary>
    private static FuzzTarget Answers() => new(
        "swarm-answer",
        input => Oracle.Of(SwarmCodec.ReadAdvice(input.ToArray(), KeyId.Of("community"u8)), advice =>
            Oracle.That(advice.Neighbours.Count <= SwarmReport.NeighboursLimit && advice.Next >= TimeSpan.Zero, "the advice is out of bounds")),
        () =>
        [
            SwarmCodec.Write(new SwarmAdvice([new PeerAddress("10.0.0.1", 4_000, KeyId.Of("a"u8), KeyId.Of("community"u8))], TimeSpan.FromSeconds(1))
            {
                Rarest = [1, 2],
                HasSource = true,
            }).ToArray(),
            SwarmCodec.Write(new Failure(FailureKind.NotFound, "no")).ToArray(),
        ]);

    /// <summary>What a node without the index asks one that has it.</summary>
    private static FuzzTarget TakenDownQuestions() => new(
        "taken-down-question",
        input => Oracle.Of(TakenDownCodec.ReadQuestion(input.ToArray()), after => Oracle.That(after >= 0, "no act has a number below 0")),
        () => [TakenDownCodec.Ask(0).ToArray(), TakenDownCodec.Ask(17).ToArray()]);

    /// <summary>And what it is answered: a node believes it, so it is within bounds.</summary>
    private static FuzzTarget TakenDownAnswers() => new(
        "taken-down-answer",
        input => Oracle.Of(TakenDownCodec.ReadPage(input.ToArray()), page =>
        {
            var list = new Blocklist();
            list.Take(page);
            Oracle.That(list.Count <= page.Changes.Count && list.Known <= page.End, "more is known than was told");
        }),
        () =>
        [
            TakenDownCodec.Write(new TakenDownPage(
                [new TakenDownChange(3, Hash256.Of("a"u8), "fake"), new TakenDownChange(5, Hash256.Of("b"u8), null)], 9, IsMore: true)).ToArray(),
            TakenDownCodec.Write(new Failure(FailureKind.Unavailable, "no")).ToArray(),
        ]);

    /// <summary>What nodes pass on of what peers have.</summary>
    private static FuzzTarget Holdings() => new(
        "holdings",
        input => Oracle.Of(HoldingsCodec.Read(input.ToArray()), read =>
        {
            Oracle.That(read.Report.Contents.Count <= HoldingReport.ContentsMax, "too many contents");
            Oracle.That(read.Report.Gone.Count <= HoldingReport.ContentsMax, "too many that are gone");
            Oracle.That(read.Report.Uplink >= 0, "an uplink below nothing");
        }),
        () =>
        [
            HoldingsCodec.Write(
                new HoldingReport(KeyId.Of("a"u8), [Known.Root]) { Gone = [Known.Root], Addresses = ["10.0.0.1:4000"], Uplink = 7 },
                new SwarmAsker("10.0.0.1", "ann")).ToArray(),
        ]);

    /// <summary>What caches ask and are told: an answer may be a list, a manifest or a refusal, and is read as each.</summary>
    private static FuzzTarget Wanted() => new(
        "wanted",
        input =>
        {
            var bytes = input.ToArray();
            var request = Oracle.Of(WantedCodec.ReadRequest(bytes), _ => { });
            var list = Oracle.Of(WantedCodec.ReadWanted(bytes), wanted => Oracle.That(
                wanted.Count <= WantedContent.CountMax && wanted.All(one => one.Holders.Count <= WantedContent.HoldersMax && one.Length >= 0),
                "the list is out of bounds"));
            return request + list + Oracle.Of(WantedCodec.ReadManifest(bytes, Known.Root), manifest =>
                Oracle.That(manifest.Root == Known.Root, "the manifest is of another content"));
        },
        () =>
        [
            WantedCodec.Ask(null).ToArray(),
            WantedCodec.Ask(Known.Root).ToArray(),
            WantedCodec.Write(Outcome.Of<IReadOnlyList<WantedContent>>(
                [new WantedContent(Known.Root, Known.Length, 3, 2, 1, [KeyId.Of("a"u8)])])).ToArray(),
            WantedCodec.Write(Outcome.Of(Known)).ToArray(),
            WantedCodec.Write((Outcome<Manifest>)new Failure(FailureKind.NotFound, "no")).ToArray(),
        ]);

    private static SwarmReport Report() => new(KeyId.Of("a"u8), new PieceMap(21))
    {
        Addresses = ["10.0.0.1:4000"],
        Neighbours = [KeyId.Of("b"u8)],
        Liars = [KeyId.Of("c"u8)],
        Uplink = 7,
    };

    private static void Look(ContentFile target, List<int> taken, RunResult result)
    {
        Oracle.That(taken.All(piece => target.Pieces[piece]), "a piece was told of that is not there");
        Oracle.That(result.How != RunEnd.Completed || taken.Count > 0, "it ended well, and nothing came");
        Oracle.That((result.How == RunEnd.Completed) == result.Failure is null, "it failed without a reason");
        var buffer = new byte[Content.Length];
        for (var leaf = 0; leaf < LeafRange.CountOf(Content.Length); leaf++)
        {
            var at = leaf * Merkle.LeafSize;
            var read = target.ReadAsync(buffer, at, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            Oracle.That(buffer.AsSpan(0, read).SequenceEqual(Content.AsSpan(at, read)), "other bytes than the content's can be read");
        }
    }

    private static byte[] Body(int first)
    {
        var body = new List<byte> { (byte)(first | 0x54) };
        for (var piece = first / 2; piece < 2; piece++)
        {
            body.AddRange(LeavesOf(piece).Bytes.Span);
            body.AddRange(Content.AsSpan()[Math.Max(first * Merkle.LeafSize, piece * PieceLength)..Math.Min((piece + 1) * PieceLength, Content.Length)]);
        }

        return [.. body];
    }

    private static LeafHashes LeavesOf(int piece) => LeafHashes.Of(
        piece, Content.AsSpan(piece * PieceLength, Manifest.LengthOfPiece(piece, Content.Length, PieceLength)), Content.Length, PieceLength);

    private static byte[] MakeContent()
    {
        var bytes = new byte[PieceLength + Merkle.LeafSize + 100];
        new Prng(7).Fill(bytes);
        return bytes;
    }

    private static Manifest MakeManifest()
    {
        byte[] layer = [.. LeavesOf(0).PieceHash.ToArray(), .. LeavesOf(1).PieceHash.ToArray()];
        return Manifest.FromPieces(Content.Length, PieceLength, new PieceLayer(layer));
    }

    /// <summary>Bytes that come in stretches of any length, some of them late.</summary>
    private sealed class Stretches(ReadOnlyMemory<byte> bytes, ulong seed) : Stream
    {
        private readonly Prng _prng = new(seed);
        private int _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_prng.Chance(1, 3))
            {
                await Task.Yield();
            }

            var count = Math.Min(Math.Min(buffer.Length, bytes.Length - _at), _prng.Chance(1, 4) ? 1 + _prng.Next(40) : 1 + _prng.Next(40_000));
            bytes.Slice(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
