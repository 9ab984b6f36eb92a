using Cete.Core;

namespace Cete.Swarm.Caching;

/// <summary>A content that is kept.</summary>
/// <param name="Root">Its root.</param>
/// <param name="Size">Its bytes.</param>
public readonly record struct CachedContent(Hash256 Root, long Size);

/// <summary>What a <see cref="CachePolicy"/> says of a content that was asked for.</summary>
/// <param name="IsHit">It was kept already.</param>
/// <param name="IsAdmitted">It was not, and is to be kept from now on.</param>
/// <param name="Evicted">What has to go, before anything is fetched. Where a newcomer itself is turned away, it is not among them.</param>
public sealed record CacheDecision(bool IsHit, bool IsAdmitted, IReadOnlyList<CachedContent> Evicted);
