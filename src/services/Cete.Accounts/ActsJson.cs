using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Cete.Core;

namespace Cete.Accounts;

/// <summary>How the payloads of statements are written: nothing beside what is known, nothing twice, nothing missing.</summary>
[JsonSerializable(typeof(GovernAct))]
[JsonSerializable(typeof(DeviceAct))]
[JsonSerializable(typeof(RecoveryAct))]
[JsonSerializable(typeof(RecoveryKeysAct))]
[JsonSerializable(typeof(CloseAct))]
[JsonSerializable(typeof(RegisterAct))]
internal sealed partial class ActsJson : JsonSerializerContext
{
    private const int DepthMax = 8;

    public static readonly ActsJson Strict = new(new JsonSerializerOptions(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        MaxDepth = DepthMax,
    });

    public static Outcome<T> Read<T>(ReadOnlySpan<byte> payload, JsonTypeInfo<T> type, string what)
        where T : class
    {
        // Replies are remembered, so the text is ours: that of .NET may change with its version.
        var malformed = Malformed(what);
        try
        {
            return JsonSerializer.Deserialize(payload, type) is { } act && !HoldsNothing(act) ? Outcome.Of(act) : malformed;
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            return malformed;
        }
    }

    public static Failure Malformed(string what) => new(FailureKind.Invalid, $"the payload of the statement is no {what}");

    /// <summary>The reader refuses null where a text has to be, but not among the items of a list.</summary>
    private static bool HoldsNothing(object act) => act switch
    {
        GovernAct.SetRoles a => a.Roles.Contains(null!),
        GovernAct.DefineRole a => a.Grants.Contains(null!),
        GovernAct.Invite a => a.Roles.Contains(null!),
        _ => false,
    };
}
