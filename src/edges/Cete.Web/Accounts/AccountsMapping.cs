using Cete.Accounts;
using Cete.Api;
using Cete.Core;

namespace Cete.Web.Accounts;

/// <summary>Records of accounts as the API shows them, and what it takes for them.</summary>
internal static class AccountsMapping
{
    public static AccountInfo ToInfo(this AccountRecord account) => new(
        account.Id.ToString(), account.Name, account.DisplayName.Length > 0 ? account.DisplayName : null, account.Roles,
        account.CreatedAt.ToDateTimeOffset(), account.SuspendedAt?.ToDateTimeOffset(),
        account.SuspensionReason.Length > 0 ? account.SuspensionReason : null);

    public static SessionInfo ToInfo(this SessionRecord session, string? current) => new(
        session.Id, TextOf(session.Kind), session.Label, session.CreatedAt.ToDateTimeOffset(), session.ExpiresAt.ToDateTimeOffset(), session.Id == current,
        session.Grants.Count == 0 ? null : [.. session.Grants.Select(grant => grant.Text)]);

    /// <param name="device">The device.</param>
    /// <param name="current">The one that the session is on; null where that is not known.</param>
    public static DeviceInfo ToInfo(this DeviceRecord device, KeyId? current) => new(
        device.Id.ToString(), device.Label, device.AddedAt.ToDateTimeOffset(), device.RemovedAt?.ToDateTimeOffset(), device.Id == current);

    public static PasskeyInfo ToInfo(this PasskeyRecord passkey) =>
        new(passkey.Name, passkey.Label, passkey.AddedAt.ToDateTimeOffset(), passkey.UsedAt?.ToDateTimeOffset());

    public static InvitationInfo ToInfo(this InvitationRecord invitation) => new(
        invitation.Id, invitation.Roles, invitation.UsesLeft, invitation.ExpiresAt.ToDateTimeOffset(), invitation.RevokedAt is not null, invitation.Note);

    public static AuditInfo ToInfo(this AuditEntry act) =>
        new(act.Position, act.At.ToDateTimeOffset(), act.By.ToString(), act.Action, act.Target, act.Note);

    public static string TextOf(Registration registration) => registration switch
    {
        Registration.Open => "open",
        Registration.Invited => "invited",
        _ => "closed",
    };

    /// <summary>A device as a client describes it; null for none.</summary>
    public static Outcome<NewDevice?> ToDevice(DeviceRequest? device) => device switch
    {
        null => (NewDevice?)null,
        { SigningKey: { } signing } => new NewDevice(signing, device.ExchangeKey ?? [], device.Certificate ?? [], device.Label ?? string.Empty),
        _ => new Failure(FailureKind.Invalid, "'device' needs a 'signingKey'"),
    };

    /// <summary>Public keys of recovery codes as a client names them.</summary>
    public static Outcome<IReadOnlyList<ReadOnlyMemory<byte>>> ToKeys(IReadOnlyList<byte[]>? keys, string member) =>
        keys is not null && (keys.Count > AccountsLimits.RecoveryKeysMax || keys.Contains(null!))
            ? new Failure(FailureKind.Invalid, $"'{member}' hold up to {AccountsLimits.RecoveryKeysMax} keys")
            : Outcome.Of<IReadOnlyList<ReadOnlyMemory<byte>>>([.. (keys ?? []).Select(key => (ReadOnlyMemory<byte>)key)]);

    /// <summary>Rights as a client names them.</summary>
    public static Outcome<IReadOnlyList<Grant>> ToGrants(IReadOnlyList<string>? texts)
    {
        List<Grant> grants = [];
        foreach (var text in texts ?? [])
        {
            var grant = text is null ? new Failure(FailureKind.Invalid, "'rights' hold no null") : Grant.Parse(text);
            if (!grant.Succeeded)
            {
                return grant.Failure;
            }

            grants.Add(grant.Value);
        }

        return grants;
    }

    /// <summary>A life in hours, within bounds.</summary>
    public static Outcome<TimeSpan> ToLife(int hours, TimeSpan max) => hours < 1 || hours > max.TotalHours
        ? new Failure(FailureKind.Invalid, $"it counts for 1 to {max.TotalHours:0} hours")
        : TimeSpan.FromHours(hours);

    private static string TextOf(SessionKind kind) => kind switch
    {
        SessionKind.Browser => "browser",
        SessionKind.Terminal => "terminal",
        _ => "token",
    };
}
