using System.Text.Json;
using System.Text.Json.Nodes;
using Cete.Accounts;
using Cete.Api;

namespace Cete.Web.Accounts;

/// <summary>All that is kept of an account, as JSON for its owner.</summary>
internal static class AccountExports
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    public static string ToJson(AccountExport export) => new JsonObject
    {
        ["account"] = JsonSerializer.SerializeToNode(export.Account.ToInfo(), ApiJson.Default.AccountInfo),
        ["about"] = export.Account.About,
        ["sessions"] = new JsonArray([.. export.Sessions.Select(one => JsonSerializer.SerializeToNode(one.ToInfo(null), ApiJson.Default.SessionInfo))]),
        ["devices"] = new JsonArray([.. export.Devices.Select(ToNode)]),
        ["passkeys"] = new JsonArray([.. export.Passkeys.Select(ToNode)]),
        ["delegates"] = new JsonArray([.. export.Delegates.Select(ToNode)]),
        ["invitations"] = new JsonArray(
            [.. export.Invitations.Select(one => JsonSerializer.SerializeToNode(one.ToInfo(), ApiJson.Default.InvitationInfo))]),
        ["acts"] = new JsonArray([.. export.Acts.Select(one => JsonSerializer.SerializeToNode(one.ToInfo(), ApiJson.Default.AuditInfo))]),
    }.ToJsonString(Readable);

    private static JsonNode ToNode(PasskeyRecord passkey) => new JsonObject
    {
        ["id"] = passkey.Name,
        ["label"] = passkey.Label,
        ["publicKey"] = Convert.ToBase64String(passkey.PublicKey.Span),
        ["counter"] = passkey.Counter,
        ["transports"] = new JsonArray([.. passkey.Transports.Select(name => (JsonNode)name)]),
        ["added"] = passkey.AddedAt.ToDateTimeOffset(),
        ["used"] = passkey.UsedAt?.ToDateTimeOffset(),
    };

    private static JsonNode ToNode(DelegateRecord one) => new JsonObject
    {
        ["id"] = one.Id.ToString(),
        ["node"] = one.Node.ToString(),
        ["cap"] = one.Cap,
        ["added"] = one.AddedAt.ToDateTimeOffset(),
        ["expires"] = one.ExpiresAt.ToDateTimeOffset(),
        ["removed"] = one.RemovedAt?.ToDateTimeOffset(),
    };

    private static JsonNode ToNode(DeviceRecord device) => new JsonObject
    {
        ["id"] = device.Id.ToString(),
        ["label"] = device.Label,
        ["signingKey"] = Convert.ToBase64String(device.SigningKey.Span),
        ["exchangeKey"] = Convert.ToBase64String(device.ExchangeKey.Span),
        ["added"] = device.AddedAt.ToDateTimeOffset(),
        ["removed"] = device.RemovedAt?.ToDateTimeOffset(),
    };
}
