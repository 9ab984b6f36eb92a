using System.Text;
using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Trust;
using Google.Protobuf;
using ProtoDevice = Cete.Accounts.Proto.Device;

namespace Cete.Accounts;

/// <summary>
/// What can be said of a command without looking at any state. The service asks before it submits, every replica asks again; its texts are
/// remembered replies, so no culture has a say in them.
/// </summary>
internal static class Checks
{
    private const int IdSize = InvitationText.IdSize;

    public static Failure? Of(IMessage command) => command switch
    {
        Begin c => Length("id of the community", c.Community, KeyId.Size) ?? Roles(c.Roles) ?? Kind<Registration>("registration", c.Registration)
            ?? Entry(c.Account) ?? (c.Session is null ? null : Of(c.Session)),
        Register c => Entry(c.Entry) ?? (c.Invitation.IsEmpty ? null : Invitation(c.Invitation) ?? Hash(c.SecretHash)),
        OpenSession c => Session(c),
        EndSession c => Account(c.Account) ?? SessionId(c.Session),
        EndSessions c => Account(c.Account) ?? (c.Except.IsEmpty ? null : SessionId(c.Except)),
        SetPassword c => Account(c.Account) ?? Password(c.Credential) ?? (c.Except.IsEmpty ? null : SessionId(c.Except)),
        UpgradeCredential c => Account(c.Account) ?? Password(c.Credential) ?? Length("former hash", c.HashBefore, AccountsLimits.PasswordHashBytes),
        Recover c => Statement(c.Statement) ?? Password(c.Credential),
        SetRecoveryKeys c => Account(c.Account) ?? RecoveryKeys(c.Keys) ?? (c.Statement.IsEmpty ? null : Statement(c.Statement)),
        ChangeDevice c => Statement(c.Statement),
        AddFirstDevice c => Account(c.Account) ?? (c.Device is null ? Invalid("the device is missing") : Sizes(c.Device)),
        SetSecondFactor c => Account(c.Account) ?? Bytes("secret of the second factor", c.Secret, AccountsLimits.FactorSecretBytesMax),
        ConfirmSecondFactor c => Account(c.Account) ?? Step(c.Step),
        RemoveSecondFactor c => Account(c.Account) ?? Step(c.Step),
        UseStep c => Account(c.Account) ?? Step(c.Step),
        SetPersonal c => Account(c.Account) ?? Bytes("sealed text", c.Text, AccountsLimits.SealedBytesMax),
        Close c => Account(c.Account),
        CreateInvitation c => Account(c.Account) ?? Invitation(c.Invitation) ?? Hash(c.SecretHash) ?? Uses(c.Uses) ?? Moment("an invitation's end", c.ExpiresAt)
            ?? Text("note", c.Note, AccountsLimits.NoteBytesMax, mayBeEmpty: true),
        RevokeInvitation c => Account(c.Account) ?? Invitation(c.Invitation),
        Govern c => Statement(c.Statement),
        AddDelegate c => Account(c.Account) ?? Bytes("signing key", c.SigningKey, AccountsLimits.NoteBytesMax) ?? Length("id of the node", c.Node, KeyId.Size)
            ?? Moment("a delegate's end", c.ExpiresAt) ?? Cap(c.Cap) ?? Bytes("certificate", c.Certificate, AccountsLimits.NoteBytesMax),
        RemoveDelegate c => Account(c.Account) ?? Length("id of the delegate", c.Delegate, KeyId.Size),
        AddPasskey c => Account(c.Account) ?? Passkey(c.Passkey) ?? PasskeyKey(c.PublicKey) ?? Counter(c.Counter) ?? Label(c.Label) ?? Transports(c.Transports),
        RenamePasskey c => Account(c.Account) ?? Passkey(c.Passkey) ?? Label(c.Label),
        RemovePasskey c => Account(c.Account) ?? Passkey(c.Passkey),
        _ => null,
    };

    /// <summary>What commands of before have besides from level 3 on: below it nobody looks at it.</summary>
    public static Failure? OfLater(IMessage command) => command switch
    {
        Register c => c.Statement.IsEmpty ? null : Statement(c.Statement),
        OpenSession c => c.Passkey.IsEmpty ? null : Passkey(c.Passkey) ?? Counter(c.PasskeyCounter),
        Close c => c.Statement.IsEmpty ? null : Statement(c.Statement),
        CreateInvitation c => c.PublicKey.IsEmpty ? null : InvitationKey(c.PublicKey.Span),
        _ => null,
    };

    public static Failure? InvitationKey(ReadOnlySpan<byte> key) => SignedStatement.IsPublicKey(key)
        ? null
        : Invalid("the key of an invitation is a public key on P-256, SubjectPublicKeyInfo in DER of 91 bytes");

    public static Failure? Cap(long cap) => cap > 0 ? null : Invalid("a delegate may spend 1 micro-credit at least; give a cap");

    /// <summary>A text of one line. What could move a cursor, or hide what stands there, is refused.</summary>
    public static Failure? Text(string what, string text, int bytesMax, bool mayBeEmpty = false)
    {
        if (text.Length == 0)
        {
            return mayBeEmpty ? null : Invalid($"the {what} is empty; give one");
        }

        // Compared with its cleaned form: that is a name's own rule, and it knows lone surrogates, controls and overrides of direction.
        if (EntryName.Show(text).Contains('\uFFFD', StringComparison.Ordinal))
        {
            return Invalid($"the {what} '{Short(text)}' holds a control, hidden or broken character; take it out");
        }

        var bytes = Encoding.UTF8.GetByteCount(text);
        return bytes > bytesMax ? TooLarge($"the {what} '{Short(text)}' has {bytes} bytes; {bytesMax} is the most") : null;
    }

    /// <summary>A device with its keys; only the first administrator's key file comes without a certificate.</summary>
    public static Failure? Device(NewDevice device, KeyId community, bool mayLackCertificate = false)
    {
        if (Text("label of the device", device.Label, AccountsLimits.NoteBytesMax, mayBeEmpty: true) is { } failure)
        {
            return failure;
        }

        if (!SignedStatement.IsPublicKey(device.SigningKey.Span) || (!device.ExchangeKey.IsEmpty && !SignedStatement.IsPublicKey(device.ExchangeKey.Span)))
        {
            return Invalid("the keys of a device are on P-256, given as SubjectPublicKeyInfo in DER of 91 bytes");
        }

        if (device.ExchangeKey.Span.SequenceEqual(device.SigningKey.Span))
        {
            return Invalid("the device signs and exchanges with one key; it needs two");
        }

        var isBare = mayLackCertificate && device.ExchangeKey.IsEmpty && device.Certificate.IsEmpty;
        return isBare || DeviceCertificate.IsRight(device.Certificate, device.SigningKey, community, device.ExchangeKey)
            ? null
            : new Failure(FailureKind.Forbidden, "the device's certificate was not made with its signing key for this community");
    }

    /// <summary>Rights of a role or a token: each known by its text.</summary>
    public static Failure? Grants(IReadOnlyList<string> grants, int countMax)
    {
        if (grants.Count > countMax)
        {
            return TooLarge($"{grants.Count} rights; {countMax} is the most");
        }

        foreach (var text in grants)
        {
            var grant = Grant.Parse(text);
            if (!grant.Succeeded)
            {
                return grant.Failure;
            }

            if (grant.Value.Text != text)
            {
                return Invalid($"the right '{Short(text)}' is written '{Short(grant.Value.Text)}'");
            }
        }

        return grants.Distinct(StringComparer.Ordinal).Count() == grants.Count ? null : Invalid("a right is listed twice");
    }

    /// <summary>Names of roles, for an account or an invitation.</summary>
    public static Failure? RoleNames(IReadOnlyList<string> roles) =>
        roles.Count > AccountsLimits.AccountRolesMax ? TooLarge($"{roles.Count} roles; {AccountsLimits.AccountRolesMax} is the most")
        : roles.FirstOrDefault(role => !RoleSet.IsName(role)) is { } wrong ? Invalid($"'{Short(wrong)}' is no name of a role")
        : roles.Contains(RoleDefinition.Guest) ? Invalid($"'{RoleDefinition.Guest}' is what everybody is; it is given to no account")
        : null;

    public static Failure? Uses(int uses) => uses is > 0 and <= AccountsLimits.InvitationUsesMax
        ? null
        : Invalid($"an invitation lets in 1 to {AccountsLimits.InvitationUsesMax} accounts");

    /// <summary>A moment that calendars know, so that whoever shows it need not think.</summary>
    public static Failure? Moment(string what, long microseconds) =>
        microseconds > 0 && microseconds <= Instant.From(DateTimeOffset.MaxValue).Microseconds
            ? null
            : Invalid($"{what} lies before 1970 or after the year 9999");

    public static Failure? RecoveryKeys(IReadOnlyList<ByteString> keys) =>
        keys.Count > AccountsLimits.RecoveryKeysMax ? TooLarge($"{keys.Count} recovery keys; {AccountsLimits.RecoveryKeysMax} is the most")
        : keys.Any(key => !SignedStatement.IsPublicKey(key.Span)) ? Invalid("a recovery key is a public key on P-256, SubjectPublicKeyInfo in DER of 91 bytes")
        : keys.Distinct().Count() != keys.Count ? Invalid("a recovery key is listed twice")
        : null;

    public static string Short(string text) => EntryName.Show(text.Length > 40 ? text[..40] + "..." : text);

    private static Failure? Passkey(ByteString id) => Bytes("id of the passkey", id, AccountsLimits.PasskeyIdBytesMax);

    private static Failure? PasskeyKey(ByteString key) => Bytes("key of the passkey", key, AccountsLimits.PasskeyKeyBytesMax)
        ?? (Passkeys.CoseKey.Parse(key.Memory) is { Succeeded: false, Failure: var failure } ? failure : null);

    private static Failure? Counter(long counter) => counter is >= 0 and <= uint.MaxValue ? null : Invalid("the counter of a passkey has 32 bits");

    private static Failure? Label(string label) => Text("label of the passkey", label, AccountsLimits.NoteBytesMax, mayBeEmpty: true);

    private static Failure? Transports(IReadOnlyList<string> transports) =>
        transports.Count > AccountsLimits.TransportsMax || transports.Any(name => !RoleSet.IsName(name))
            ? Invalid($"up to {AccountsLimits.TransportsMax} ways to a passkey, each of a-z, 0-9 and '-'")
            : null;

    private static Failure? Entry(NewEntry? entry) => entry is null
        ? Invalid("the account is missing")
        : Account(entry.Account) ?? Name(entry.Name) ?? (entry.Credential is null ? null : Password(entry.Credential)) ?? RecoveryKeys(entry.RecoveryKeys)
            ?? Personal(entry.Personal) ?? Sizes(entry.Device);

    /// <summary>What can be said of a device before it is known for which community it is.</summary>
    private static Failure? Sizes(ProtoDevice? device) => device is null
        ? null
        : Bytes("signing key", device.SigningKey, AccountsLimits.NoteBytesMax)
            ?? (device.ExchangeKey.IsEmpty ? null : Bytes("exchange key", device.ExchangeKey, AccountsLimits.NoteBytesMax))
            ?? (device.Certificate.IsEmpty ? null : Bytes("certificate", device.Certificate, AccountsLimits.NoteBytesMax));

    private static Failure? Name(Name? name) => name is null
        ? Invalid("the account's name is missing")
        : Text("account's name", name.Text, AccountsLimits.NameBytesMax) ?? Text("folded name", name.Key, AccountsLimits.NameBytesMax)
            ?? Text("skeleton of the name", name.Skeleton, AccountsLimits.NameBytesMax);

    private static Failure? Personal(Sealed? personal) => personal is null
        ? Invalid("the personal text is missing")
        : Length("key of the personal text", personal.Key, PersonalText.KeySize) ?? Bytes("sealed text", personal.Text, AccountsLimits.SealedBytesMax);

    private static Failure? Password(Credential? credential) => credential is null || credential.Algorithm != PasswordHash.Pbkdf2Sha256
        ? Invalid("the password is hashed in a way that is not known here")
        : credential.Iterations is <= 0 or > AccountsLimits.IterationsMax
            ? Invalid($"the password is hashed in 1 to {AccountsLimits.IterationsMax} rounds")
            : Length("salt", credential.Salt, AccountsLimits.SaltBytes) ?? Length("hash of the password", credential.Hash, AccountsLimits.PasswordHashBytes);

    private static Failure? Session(OpenSession c) =>
        SessionId(c.Session) ?? Account(c.Account) ?? Hash(c.SecretHash) ?? Kind<SessionKind>("kind of session", c.Kind)
        ?? Text("label of the session", c.Label, AccountsLimits.NoteBytesMax, mayBeEmpty: true)
        ?? (c.Device.IsEmpty ? null : Length("id of the device", c.Device, KeyId.Size))
        ?? Grants(c.Grants, AccountsLimits.SessionGrantsMax) ?? Moment("a session's end", c.ExpiresAt)
        ?? (c.Step < 0 ? Step(c.Step) : null);

    private static Failure? Roles(IReadOnlyList<Role> roles)
    {
        if (roles.Count > AccountsLimits.RolesMax)
        {
            return TooLarge($"{roles.Count} roles; {AccountsLimits.RolesMax} is the most");
        }

        string[] needed = [RoleDefinition.Guest, RoleDefinition.Member, RoleDefinition.Administrator];
        if (needed.Any(name => roles.Count(role => role.Name == name) != 1) || roles.DistinctBy(role => role.Name).Count() != roles.Count)
        {
            return Invalid($"a community begins with the roles {string.Join(", ", needed)}, each role named once");
        }

        return roles
            .Select(role => RoleSet.IsName(role.Name)
                ? Grants(role.Grants, AccountsLimits.RoleGrantsMax)
                : Invalid($"'{Short(role.Name)}' is no name of a role"))
            .FirstOrDefault(failure => failure is not null);
    }

    private static Failure? Kind<T>(string what, int number)
        where T : struct, Enum =>
        number >= 0 && number < Enum.GetValues<T>().Length ? null : Invalid($"there is no {what} {number}");

    private static Failure? Account(ByteString id) => Length("id of the account", id, AccountId.Size);

    private static Failure? SessionId(ByteString id) => Length("id of the session", id, IdSize);

    private static Failure? Invitation(ByteString id) => Length("id of the invitation", id, IdSize);

    private static Failure? Hash(ByteString hash) => Length("hash of the secret", hash, Hash256.Size);

    private static Failure? Statement(ByteString bytes) => Bytes("signed statement", bytes, SignedStatement.BytesMax);

    private static Failure? Step(long step) => step > 0 ? null : Invalid("the step of a second factor is a number from 1");

    private static Failure? Length(string what, ByteString bytes, int length) =>
        bytes.Length == length ? null : Invalid($"the {what} has {bytes.Length} bytes; {length} are needed");

    private static Failure? Bytes(string what, ByteString bytes, int lengthMax) =>
        bytes.IsEmpty ? Invalid($"the {what} is missing")
        : bytes.Length > lengthMax ? TooLarge($"the {what} has {bytes.Length} bytes; {lengthMax} is the most")
        : null;

    private static Failure Invalid(string why) => new(FailureKind.Invalid, why);

    private static Failure TooLarge(string why) => new(FailureKind.TooLarge, why);
}
