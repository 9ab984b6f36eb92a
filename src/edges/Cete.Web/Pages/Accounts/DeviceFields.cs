using Cete.Accounts;
using Cete.Core;
using Cete.Trust;

namespace Cete.Web.Pages.Accounts;

/// <summary>What forms say of a device: keys that a browser made, in base64.</summary>
internal static class DeviceFields
{
    private static readonly Failure Malformed = new(FailureKind.Invalid, "the keys of the device came garbled; open the page again");

    /// <summary>Reads them; null where the form brings none, as without a script.</summary>
    public static Outcome<NewDevice?> Read(PageForm form)
    {
        if (form["signingKey"].Length == 0)
        {
            return (NewDevice?)null;
        }

        return Bytes(form["signingKey"]) is { } signing && Bytes(form["exchangeKey"]) is { } exchange && Bytes(form["certificate"]) is { } certificate
            ? new NewDevice(signing, exchange, certificate, form["label"].Trim())
            : Malformed;
    }

    /// <summary>A signed statement; empty where the form brings none.</summary>
    public static Outcome<byte[]> Statement(PageForm form) => Bytes(form["statement"]) is { } bytes ? bytes : Malformed;

    /// <summary>Null where a device is whole: two keys, of which the one vouches for the other.</summary>
    public static Failure? Check(NewDevice device, KeyId community) =>
        SignedStatement.IsPublicKey(device.SigningKey.Span) && SignedStatement.IsPublicKey(device.ExchangeKey.Span)
        && DeviceCertificate.IsRight(device.Certificate, device.SigningKey, community, device.ExchangeKey)
            ? null
            : Malformed;

    /// <summary>What stands in base64; null where it does not.</summary>
    public static byte[]? Bytes(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var count) ? bytes[..count] : null;
    }
}
