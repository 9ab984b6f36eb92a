using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Cete.Core;

namespace Cete.Bank;

/// <summary>How the payloads of statements are written: nothing beside what is known, nothing twice, nothing missing that has no default.</summary>
[JsonSerializable(typeof(TransferAct))]
[JsonSerializable(typeof(ChannelAct))]
[JsonSerializable(typeof(BankPolicy))]
[JsonSerializable(typeof(ClaimAct))]
[JsonSerializable(typeof(ReleaseAct))]
[JsonSerializable(typeof(JournalHead))]
internal sealed partial class BankJson : JsonSerializerContext
{
    private const int DepthMax = 8;

    public static readonly BankJson Strict = new(new JsonSerializerOptions(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        MaxDepth = DepthMax,
    });

    public static Outcome<T> Read<T>(ReadOnlySpan<byte> payload, JsonTypeInfo<T> type, string what)
        where T : class
    {
        // Replies are remembered, so the text is ours: that of .NET may change with its version.
        var malformed = new Failure(FailureKind.Invalid, $"the payload of the statement is no {what}");
        try
        {
            return JsonSerializer.Deserialize(payload, type) is { } act && !HoldsNothing(act) ? Outcome.Of(act) : malformed;
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            return malformed;
        }
    }

    /// <summary>The reader refuses null where a text has to be, but not among the items of a list.</summary>
    private static bool HoldsNothing(object act) => act switch
    {
        TransferAct a => a.Transfers.Contains(null!),
        ChannelAct.Open a => a.Lanes.Contains(null!),
        ChannelAct.Change a => a.Lanes.Contains(null!),
        ChannelAct.Close a => a.Vouchers.Contains(null!),
        BankPolicy a => a.Grants.Contains(null!) || a.Prices.Contains(null!),
        _ => false,
    };
}
