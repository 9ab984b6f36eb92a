using Cete.Core;

namespace Cete.Ports.Swarms;

/// <summary>What a peer has whole and gives to whoever wants it, though nobody may want it now.</summary>
/// <param name="Key">The key that it shows.</param>
/// <param name="Contents">Roots of contents; those that it told of before stay as long as they are valid.</param>
public sealed record HoldingReport(KeyId Key, IReadOnlyList<Hash256> Contents)
{
    /// <summary>Contents of one report.</summary>
    public const int ContentsMax = 1_000;

    /// <summary>Contents of one peer.</summary>
    public const int OfOneMax = 20_000;

    /// <summary>Contents that it has no longer.</summary>
    public IReadOnlyList<Hash256> Gone { get; init; } = [];

    /// <summary>Where it thinks that it is reached, <c>HOST:PORT</c>, the likeliest first; all of one port.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Bytes a second that it can give; 0 where that is not known.</summary>
    public long Uplink { get; init; }

    /// <summary>It goes away, with all that it has.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>Roots that stand one behind the other; null where that is not what bytes are, or more than <see cref="ContentsMax"/>.</summary>
    public static IReadOnlyList<Hash256>? RootsOf(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length % Hash256.Size != 0 || bytes.Length / Hash256.Size > ContentsMax)
        {
            return null;
        }

        var roots = new Hash256[bytes.Length / Hash256.Size];
        for (var i = 0; i < roots.Length; i++)
        {
            roots[i] = new Hash256(bytes.Span.Slice(i * Hash256.Size, Hash256.Size));
        }

        return roots;
    }

    /// <summary>Roots one behind the other.</summary>
    public static byte[] BytesOf(IReadOnlyList<Hash256> roots)
    {
        var bytes = new byte[roots.Count * Hash256.Size];
        for (var i = 0; i < roots.Count; i++)
        {
            roots[i].CopyTo(bytes.AsSpan(i * Hash256.Size));
        }

        return bytes;
    }
}

/// <summary>What a peer is told that told what it has.</summary>
/// <param name="Valid">How long that is remembered: it is to be told again before.</param>
public sealed record HoldingAdvice(TimeSpan Valid);

/// <summary>Where peers tell what they have.</summary>
public interface IHoldingDesk
{
    /// <summary>Tells.</summary>
    Task<Outcome<HoldingAdvice>> TellAsync(HoldingReport report, CancellationToken cancellation);
}
