using System.Buffers.Text;
using System.Text.Json;
using Cete.Core;

namespace Cete.Accounts.Passkeys;

/// <summary>What a browser says of what it had an authenticator sign (WebAuthn level 2 §5.8.1).</summary>
/// <param name="Type"><c>webauthn.create</c> or <c>webauthn.get</c>.</param>
/// <param name="Challenge">What it was given.</param>
/// <param name="Origin">The origin of the page.</param>
/// <param name="IsCrossOrigin">The page stood in a frame of another site.</param>
public sealed record ClientData(string Type, ReadOnlyMemory<byte> Challenge, string Origin, bool IsCrossOrigin)
{
    /// <summary>The type where a passkey is made.</summary>
    public const string Create = "webauthn.create";

    /// <summary>The type where one is used.</summary>
    public const string Get = "webauthn.get";

    /// <summary>Bytes of it: some hundreds, and what browsers may add.</summary>
    public const int BytesMax = 4 * 1024;

    private const int DepthMax = 8;

    private static readonly Failure Malformed = new(FailureKind.Invalid, "what the browser said of the passkey cannot be read; try again");

    /// <summary>Reads it; members that are not known are passed over, as browsers add some.</summary>
    public static Outcome<ClientData> Parse(ReadOnlyMemory<byte> json)
    {
        if (json.Length > BytesMax)
        {
            return Malformed;
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = DepthMax });
            var root = document.RootElement;
            var isCrossOrigin = root.TryGetProperty("crossOrigin", out var cross) && cross.GetBoolean();
            return root.GetProperty("type").GetString() is { } type && root.GetProperty("origin").GetString() is { } origin
                && root.GetProperty("challenge").GetString() is { } challenge
                    ? new ClientData(type, Base64Url.DecodeFromChars(challenge), origin, isCrossOrigin)
                    : Malformed;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return Malformed;
        }
    }
}
