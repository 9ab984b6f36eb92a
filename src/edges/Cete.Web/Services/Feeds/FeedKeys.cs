using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cete.Core;

namespace Cete.Web.Services.Feeds;

/// <summary>
/// Addresses of feeds for programs that cannot log in: each names the account that made it and how long it counts, with a code over that (HMAC-SHA-256) which
/// only the node can make. So it works at this node alone, as announce addresses do, and opens the one feed for reading and nothing else.
/// </summary>
/// <param name="secret">Kept by the node.</param>
internal sealed class FeedKeys(byte[] secret)
{
    /// <summary>In an address: what proves it.</summary>
    public const string Parameter = "key";

    /// <summary>How long one counts: who subscribed a year ago may look after it.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(365);

    private const int CodeSize = 18;

    /// <summary>What proves that an account may read a feed, until a day.</summary>
    public string Make(string account, string service, string feed, DateOnly until) =>
        string.Create(CultureInfo.InvariantCulture, $"{account}.{until.DayNumber}.{Base64Url.EncodeToString(Code(account, service, feed, until.DayNumber))}");

    /// <summary>The account that a proof is of; null where it was not made here for this feed, or counts no more.</summary>
    public AccountId? Read(string text, string service, string feed, DateOnly today)
    {
        var parts = text.Length <= 200 ? text.Split('.') : [];
        if (parts.Length != 3 || !AccountId.TryParse(parts[0], out var account)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var day) || day < today.DayNumber)
        {
            return null;
        }

        Span<byte> given = stackalloc byte[CodeSize];
        return parts[2].Length == Base64Url.GetEncodedLength(CodeSize) && Base64Url.IsValid(parts[2])
            && Base64Url.TryDecodeFromChars(parts[2], given, out var count)
            && CryptographicOperations.FixedTimeEquals(given[..count], Code(parts[0], service, feed, day))
                ? account
                : null;
    }

    private byte[] Code(string account, string service, string feed, int day) => HMACSHA256.HashData(
        secret, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"feed\n{account}\n{service}\n{feed}\n{day}")))[..CodeSize];
}
