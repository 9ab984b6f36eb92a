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
    /// <param name="PublicKey">From apply level 3 on: the key of which the secret is the private half, and <paramref name="SecretHash"/> is empty.</param>
    public sealed record Invite(
        byte[] Id, byte[] SecretHash, IReadOnlyList<string> Roles, int Uses, long ExpiresAt, string Note,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] byte[]? PublicKey = null) : GovernAct;

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
[JsonDerivedType(typeof(AddDelegate), "add-delegate")]
[JsonDerivedType(typeof(RemoveDelegate), "remove-delegate")]
public abstract record DeviceAct
{
    /// <summary>The purpose of its statements.</summary>
    public const string Purpose = "accounts.device";

    /// <summary>Another device may sign for the account from now on.</summary>
    public sealed record Add(NewDevice Device) : DeviceAct;

    /// <summary>A device may not, from now on; not the one that says so.</summary>
    /// <param name="Device">The name of its key.</param>
    public sealed record Remove(string Device) : DeviceAct;

    /// <summary>A node may sign payments for the account from now on, with a key that it holds; from apply level 3 on.</summary>
    /// <param name="SigningKey">The key (SubjectPublicKeyInfo in DER).</param>
    /// <param name="Node">The name of the node's own key.</param>
    /// <param name="ExpiresAt">When it ends, in microseconds since 1970.</param>
    /// <param name="Cap">Micro-credits that it may spend in all.</param>
    /// <param name="Certificate">See <see cref="DelegateCertificate"/>; 64 bytes.</param>
    public sealed record AddDelegate(
        ReadOnlyMemory<byte> SigningKey, string Node, long ExpiresAt, long Cap, ReadOnlyMemory<byte> Certificate) : DeviceAct;

    /// <summary>It may not any more; from apply level 3 on.</summary>
    /// <param name="Delegate">The name of the delegate's key.</param>
    public sealed record RemoveDelegate(string Delegate) : DeviceAct;

    /// <summary>It is known only from apply level 3 on.</summary>
    internal bool IsOfDelegates => this is AddDelegate or RemoveDelegate;

    internal static Failure Malformed => ActsJson.Malformed("change of devices");

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

/// <summary>
/// An account is to be closed by itself: the payload of a statement that is signed for <see cref="Purpose"/> by a device of it; from apply level 3 on.
/// </summary>
/// <param name="Account">Its id, once more: for whoever reads what he signs.</param>
public sealed record CloseAct(string Account)
{
    /// <summary>The purpose of its statements.</summary>
    public const string Purpose = "accounts.close";

    /// <summary>The payload of a statement.</summary>
    public byte[] ToPayload() => JsonSerializer.SerializeToUtf8Bytes(this, ActsJson.Strict.CloseAct);

    /// <summary>Reads a payload.</summary>
    public static Outcome<CloseAct> Parse(ReadOnlySpan<byte> payload) => ActsJson.Read(payload, ActsJson.Strict.CloseAct, "closing of an account");
}

/// <summary>
/// Somebody comes in by an invitation: the payload of a statement that is signed for <see cref="Purpose"/> with the invitation's key, for the account
/// that is to be made; from apply level 3 on. Whoever reads it can make no other account of it, and not this one with other keys.
/// </summary>
/// <param name="Invitation">The invitation's id: 16 hexadecimal digits.</param>
/// <param name="Name">The account's name.</param>
/// <param name="Entry">SHA-256 of all that the account begins with, as it stands in the command.</param>
public sealed record RegisterAct(string Invitation, string Name, byte[] Entry)
{
    /// <summary>The purpose of its statements.</summary>
    public const string Purpose = "accounts.register";

    /// <summary>The payload of a statement.</summary>
    public byte[] ToPayload() => JsonSerializer.SerializeToUtf8Bytes(this, ActsJson.Strict.RegisterAct);

    /// <summary>Reads a payload.</summary>
    public static Outcome<RegisterAct> Parse(ReadOnlySpan<byte> payload) => ActsJson.Read(payload, ActsJson.Strict.RegisterAct, "registration");
}
