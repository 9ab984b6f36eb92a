using Cete.Core;
using Cete.Net.Rates;
using Microsoft.AspNetCore.Http;

namespace Cete.Net.Swarms;

/// <summary>The key that a peer showed, for those who answer it further in.</summary>
/// <param name="Key">The key.</param>
public sealed record PeerKey(KeyId Key)
{
    /// <summary>How fast all who ask are sent something together; null for as fast as can be.</summary>
    public Pacer? Pace { get; private init; }

    /// <summary>Is told how much he is sent; null where nobody wants to know.</summary>
    public Action<int>? Sent { get; private init; }

    /// <summary>Notes who asks.</summary>
    /// <param name="context">The request.</param>
    /// <param name="key">Who asks.</param>
    /// <param name="pace">How fast all who ask are sent something together; null for as fast as can be.</param>
    /// <param name="sent">Is told how much he is sent; null where nobody wants to know.</param>
    public static void Set(HttpContext context, KeyId key, Pacer? pace = null, Action<int>? sent = null) =>
        context.Features.Set(new PeerKey(key) { Pace = pace, Sent = sent });

    /// <summary>Who asks; null where no key was shown.</summary>
    public static KeyId? Of(HttpContext context) => context.Features.Get<PeerKey>()?.Key;
}
