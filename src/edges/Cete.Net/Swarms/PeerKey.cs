using Cete.Core;
using Microsoft.AspNetCore.Http;

namespace Cete.Net.Swarms;

/// <summary>The key that a peer showed, for those who answer it further in.</summary>
/// <param name="Key">The key.</param>
public sealed record PeerKey(KeyId Key)
{
    /// <summary>Notes who asks.</summary>
    public static void Set(HttpContext context, KeyId key) => context.Features.Set(new PeerKey(key));

    /// <summary>Who asks; null where no key was shown.</summary>
    public static KeyId? Of(HttpContext context) => context.Features.Get<PeerKey>()?.Key;
}
