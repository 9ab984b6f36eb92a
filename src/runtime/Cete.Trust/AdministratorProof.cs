using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cete.Core;
using Cete.Ports;

namespace Cete.Trust;

/// <summary>
/// Shows that a request of the HTTP API comes from whoever has the key of a community's administrator: a signature over all that the
/// request says, which counts for minutes. Sent again within these it repeats the command, which has no further effect.
/// </summary>
public static class AdministratorProof
{
    private const string Purpose = "administrator";
    private const int LengthMax = 256;

    /// <summary>How far the clocks of the administrator and of the node may be apart.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    /// <summary>The header field of a request.</summary>
    /// <param name="key">The administrator's.</param>
    /// <param name="community">Where it counts.</param>
    /// <param name="now">The time here.</param>
    /// <param name="method">Of the request.</param>
    /// <param name="target">Its path with the query.</param>
    /// <param name="body">All of its body.</param>
    public static string Make(ISigner key, KeyId community, Instant now, string method, string target, ReadOnlySpan<byte> body)
    {
        var time = now.Microseconds.ToString(CultureInfo.InvariantCulture);
        return $"{time} {Convert.ToBase64String(key.Sign(Purpose, community, Record(time, method, target, body)))}";
    }

    /// <summary>Null where the field shows that the request is the administrator's, else why not.</summary>
    /// <param name="field">What came.</param>
    /// <param name="publicKey">The administrator's.</param>
    /// <param name="community">This community.</param>
    /// <param name="now">The time here.</param>
    /// <param name="method">Of the request.</param>
    /// <param name="target">Its path with the query.</param>
    /// <param name="body">All of its body.</param>
    public static Failure? Check(
        string? field, ReadOnlySpan<byte> publicKey, KeyId community, Instant now, string method, string target, ReadOnlySpan<byte> body)
    {
        if (string.IsNullOrEmpty(field))
        {
            return new Failure(
                FailureKind.Forbidden,
                "this is for the administrator: name the key file that was made with the community, trust/administrator.pem in the first node's folder, by --key");
        }

        var parts = field.Split(' ');
        Span<byte> signature = stackalloc byte[LengthMax];
        if (field.Length > LengthMax || parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            || !Convert.TryFromBase64String(parts[1], signature, out var count))
        {
            return new Failure(FailureKind.Invalid, "the administrator's proof has the form TIME SIGNATURE");
        }

        if (time > (now + Slack).Microseconds || time < (now + -Slack).Microseconds)
        {
            return new Failure(
                FailureKind.Forbidden, $"the administrator's clock and this node's are more than {Slack.TotalMinutes:0} minutes apart; set them right");
        }

        return new RecordSignatures().Verify(publicKey, Purpose, community, Record(parts[0], method, target, body), signature[..count])
            ? null
            : new Failure(FailureKind.Forbidden, "the key is not that of this community's administrator");
    }

    private static byte[] Record(string time, string method, string target, ReadOnlySpan<byte> body) =>
        Encoding.UTF8.GetBytes($"{method}\n{target}\n{time}\n{Convert.ToHexStringLower(SHA256.HashData(body))}");
}
