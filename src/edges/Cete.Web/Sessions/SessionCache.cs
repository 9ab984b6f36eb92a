using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Cete.Accounts;
using Cete.Core;

namespace Cete.Web.Sessions;

/// <summary>
/// Sessions that were looked up a moment ago: a browser asks for many things at once. By the hash of their secrets, since memory is written to disks.
/// </summary>
internal sealed class SessionCache(TimeProvider clock)
{
    /// <summary>An ended session counts for so long at other nodes, at most.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(3);

    private const int CountMax = 10_000;

    /// <summary>No secret is longer, whoever sends it.</summary>
    private const int SecretLengthMax = 200;

    private readonly ConcurrentDictionary<Hash256, (SessionFacts Session, long Until)> _known = [];

    public async Task<Outcome<SessionFacts>> FindAsync(string secret, FindSession find, CancellationToken cancellation)
    {
        if (secret.Length > SecretLengthMax)
        {
            return new Failure(FailureKind.Unauthenticated, "what was sent is no session");
        }

        var key = new Hash256(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
        var now = clock.GetUtcNow();
        if (_known.TryGetValue(key, out var kept) && kept.Until > now.UtcTicks)
        {
            return kept.Session;
        }

        var found = await find(secret, cancellation);
        if (!found.Succeeded)
        {
            _known.TryRemove(key, out _);
            return found;
        }

        if (_known.Count >= CountMax)
        {
            _known.Clear();
        }

        var until = Math.Min((now + Life).UtcTicks, found.Value.ExpiresAt.ToDateTimeOffset().UtcTicks);
        _known[key] = (found.Value, until);
        return found;
    }

    /// <summary>It ended here.</summary>
    public void Forget(string session)
    {
        foreach (var (key, kept) in _known)
        {
            if (kept.Session.Session == session)
            {
                _known.TryRemove(key, out _);
            }
        }
    }
}
