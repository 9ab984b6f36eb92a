using System.Buffers.Text;
using System.Security.Cryptography;
using Cete.Core;

namespace Cete.Accounts.Passkeys;

/// <summary>
/// What authenticators are to sign, each once and for a few minutes: kept by the node that gave it, in memory. For several callers at once.
/// </summary>
/// <param name="clock">Tells when one is over.</param>
public sealed class PasskeyChallenges(TimeProvider clock)
{
    /// <summary>Bytes of one: twice what WebAuthn level 2 §13.4.3 asks for.</summary>
    public const int Size = 32;

    /// <summary>Those that are kept: one for each page for logging in that is open. Of more the oldest go; whoever had one loads the page again.</summary>
    public const int CountMax = 20_000;

    /// <summary>How long one counts: people look for their key first.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Purpose, Instant At)> _given = new(StringComparer.Ordinal);
    private readonly Queue<(string Text, Instant At)> _order = new();

    private Instant Now => Instant.From(clock.GetUtcNow());

    /// <summary>A new one, in base64url.</summary>
    /// <param name="purpose">What it counts for and nothing else: the id of a session, or empty for logging in.</param>
    public string Give(string purpose)
    {
        var text = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Size));
        lock (_lock)
        {
            while (_order.TryPeek(out var oldest) && (_order.Count >= CountMax || Now - oldest.At > Life))
            {
                _order.Dequeue();
                _given.Remove(oldest.Text);
            }

            var now = Now;
            _given.Add(text, (purpose, now));
            _order.Enqueue((text, now));
        }

        return text;
    }

    /// <summary>Uses one up; null when it was given for this and counts.</summary>
    public Failure? Take(ReadOnlyMemory<byte> challenge, string purpose)
    {
        var text = Base64Url.EncodeToString(challenge.Span);
        lock (_lock)
        {
            return _given.Remove(text, out var given) && given.Purpose == purpose && Now - given.At <= Life
                ? null
                : new Failure(FailureKind.Forbidden, "the page was open for too long, or its passkey was used already; load it again");
        }
    }
}
