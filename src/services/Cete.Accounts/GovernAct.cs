using System.Text.Json;
using System.Text.Json.Serialization;
using Cete.Core;

namespace Cete.Accounts;

/// <summary>
/// What changes rights: the payload of a statement that is signed for <see cref="Purpose"/>, as JSON whose first member <c>act</c> names it. Accounts
/// are written as texts, bytes in base64.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "act")]
[JsonDerivedType(typeof(SetRoles), "set-roles")]
[JsonDerivedType(typeof(Suspend), "suspend")]
[JsonDerivedType(typeof(Resume), "resume")]
[JsonDerivedType(typeof(DefineRole), "define-role")]
[JsonDerivedType(typeof(RemoveRole), "remove-role")]
[JsonDerivedType(typeof(SetRegistration), "set-registration")]
[JsonDerivedType(typeof(CloseAccount), "close-account")]
[JsonDerivedType(typeof(Invite), "invite")]
public abstract record GovernAct
{
    /// <summary>The purpose of its statements.</summary>
    public const string Purpose = "accounts.govern";

    /// <summary>An account has these roles from now on, and <c>member</c>, and no others.</summary>
    public sealed record SetRoles(string Account, IReadOnlyList<string> Roles) : GovernAct;

    /// <summary>An account has only the rights of a guest from now on.</summary>
    public sealed record Suspend(string Account, string Reason) : GovernAct;

    /// <summary>A suspended account has its rights again.</summary>
    public sealed record Resume(string Account) : GovernAct;

    /// <summary>A role means these rights from now on; it is made where there is none of that name.</summary>
    public sealed record DefineRole(string Name, IReadOnlyList<string> Grants) : GovernAct;

    /// <summary>A role that no account has is no more.</summary>
    public sealed record RemoveRole(string Name) : GovernAct;

    /// <summary>Who may register from now on: <c>open</c>, <c>invited</c> or <c>closed</c>.</summary>
    public sealed record SetRegistration(string Registration) : GovernAct;

    /// <summary>An account is no more.</summary>
    public sealed record CloseAccount(string Account, string Reason) : GovernAct;

    /// <summary>An invitation that brings roles, see <see cref="InvitationText"/>; since it gives rights it is signed.</summary>
    /// <param name="Id">8 bytes.</param>
    /// <param name="SecretHash">SHA-256 of its secret.</param>
    /// <param name="Roles">Beside <c>member</c>.</param>
    /// <param name="Uses">How many accounts it lets in.</param>
    /// <param name="ExpiresAt">When it ends, in microseconds since 1970.</param>
    /// <param name="Note">What for; may be empty.</param>
    public sealed record Invite(byte[] Id, byte[] SecretHash, IReadOnlyList<string> Roles, int Uses, long ExpiresAt, string Note) : GovernAct;

    /// <summary>The payload of a statement.</summary>
    public byte[] ToPayload() => JsonSerializer.SerializeToUtf8Bytes(this, ActsJson.Strict.GovernAct);

    /// <summary>Reads a payload.</summary>
    public static Outcome<GovernAct> Parse(ReadOnlySpan<byte> payload) => ActsJson.Read(payload, ActsJson.Strict.GovernAct, "act of governing");
}

/// <summary>
/// What changes the devices of an account: the payload of a statement that is signed for <see cref="Purpose"/>, as in <see cref="GovernAct"/>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "act")]
[JsonDerivedType(typeof(Add), "add")]
[JsonDerivedType(typeof(Remove), "remove")]
public abstract record DeviceAct
{
    /// <summary>The purpose of its statements.</summary>
    public const string Purpose = "accounts.device";

    /// <summary>Another device may sign for the account from now on.</summary>
    public sealed record Add(NewDevice Device) : DeviceAct;

    /// <summary>A device may not, from now on; not the one that says so.</summary>
    /// <param name="Device">The name of its key.</param>
    public sealed record Remove(string Device) : DeviceAct;

    /// <summary>The payload of a statement.</summary>
    public byte[] ToPayload() => JsonSerializer.SerializeToUtf8Bytes(this, ActsJson.Strict.DeviceAct);

    /// <summary>Reads a payload.</summary>
    public static Outcome<DeviceAct> Parse(ReadOnlySpan<byte> payload) => ActsJson.Read(payload, ActsJson.Strict.DeviceAct, "change of devices");
}

/// <summary>
/// What is said with a recovery code: the payload of a statement that is signed for <see cref="Purpose"/> with its key and an account of all zero,
/// since the key alone tells.
/// </summary>
/// <param name="Device">A device that may sign for the account from now on; null for none.</param>
public sealed record RecoveryAct(NewDevice? Device)
{
    /// <summary>The purpose of its statements.</summary>
    public const string Purpose = "accounts.recover";

    /// <summary>The payload of a statement.</summary>
    public byte[] ToPayload() => JsonSerializer.SerializeToUtf8Bytes(this, ActsJson.Strict.RecoveryAct);

    /// <summary>Reads a payload.</summary>
    public static Outcome<RecoveryAct> Parse(ReadOnlySpan<byte> payload) => ActsJson.Read(payload, ActsJson.Strict.RecoveryAct, "recovery");
}

/// <summary>
/// New recovery codes for an account: the payload of a statement that is signed for <see cref="Purpose"/> by a device of it. The old ones count no longer.
/// </summary>
/// <param name="Keys">Their public keys.</param>
public sealed record RecoveryKeysAct(IReadOnlyList<ReadOnlyMemory<byte>> Keys)
{
    /// <summary>The purpose of its statements.</summary>
    public const string Purpose = "accounts.recovery-keys";

    /// <summary>The payload of a statement.</summary>
    public byte[] ToPayload() => JsonSerializer.SerializeToUtf8Bytes(this, ActsJson.Strict.RecoveryKeysAct);

    /// <summary>Reads a payload.</summary>
    public static Outcome<RecoveryKeysAct> Parse(ReadOnlySpan<byte> payload) =>
        ActsJson.Read(payload, ActsJson.Strict.RecoveryKeysAct, "list of recovery keys");
}
