using System.Globalization;
using System.Text;
using Cete.Core;
using Cete.Tracker.Proto;
using Google.Protobuf;

namespace Cete.Tracker;

/// <summary>
/// What can be said of a command without looking at any state. The service asks before it submits, every replica asks again; its texts are
/// remembered replies, so no culture has a say in them.
/// </summary>
internal static class Checks
{
    public static Failure? Of(IMessage command) => command switch
    {
        Found c => Key("community", c.Community) ?? Text("name of the community", c.Name, TrackerLimits.CommunityNameBytesMax)
            ?? Bytes("root certificate", c.RootCertificate, TrackerLimits.CertificateBytesMax)
            ?? Node(c.Node, c.NodeName) ?? Roles(c.Roles) ?? HasTracker(c.Roles) ?? Owner(c.Owner)
            ?? Key("issuer", c.Issuer) ?? Bytes("issuing certificate", c.IssuingCertificate, TrackerLimits.CertificateBytesMax)
            ?? Bytes("administrator's public key", c.Administrator, TrackerLimits.PublicKeyBytesMax),
        Recover c => Bytes("roster", c.Roster, TrackerLimits.RosterBytesMax)
            ?? Bytes("root certificate", c.RootCertificate, TrackerLimits.CertificateBytesMax) ?? Key("node", c.Node) ?? Roles(c.Roles) ?? HasTracker(c.Roles)
            ?? Key("issuer", c.Issuer) ?? Bytes("issuing certificate", c.IssuingCertificate, TrackerLimits.CertificateBytesMax)
            ?? Bytes("administrator's public key", c.Administrator, TrackerLimits.PublicKeyBytesMax),
        SetAdministrator c => Bytes("administrator's public key", c.Administrator, TrackerLimits.PublicKeyBytesMax),
        CreateToken c => Token(c.Token) ?? Hash(c.SecretHash) ?? Roles(c.Roles) ?? Owner(c.Owner) ?? Moment("a token's end", c.ExpiresAt)
            ?? Uses(c.Uses) ?? Text("note", c.Note, TrackerLimits.NoteBytesMax, mayBeEmpty: true),
        RevokeToken c => Token(c.Token),
        Admit c => Token(c.Token) ?? Hash(c.SecretHash) ?? Node(c.Node, c.NodeName),
        RecordCertificate c => Key("node", c.Node) ?? Bytes("serial number", c.Serial, TrackerLimits.SerialBytesMax) ?? Key("issuer", c.Issuer)
            ?? Moment("a certificate's end", c.NotAfter),
        SetRoles c => Key("node", c.Node) ?? Roles(c.Roles),
        Rename c => Node(c.Node, c.Name),
        RemoveNode c => Key("node", c.Node) ?? Text("reason", c.Reason, TrackerLimits.NoteBytesMax, mayBeEmpty: true),
        ReadmitNode c => Key("node", c.Node),
        AddIssuer c => Key("issuer", c.Issuer) ?? Bytes("issuing certificate", c.Certificate, TrackerLimits.CertificateBytesMax) ?? Key("node", c.Node),
        RemoveIssuer c => Key("issuer", c.Issuer),
        SetSelfService c => Roles(c.Roles) ?? Trusted(c.Roles) ?? PerAccount(c.PerAccount),
        FoundGroup c => Group(c.Group) ?? Key("node", c.Node) ?? Lineage(c.Lineage, mayBeNone: c.HasBegun),
        _ => null,
    };

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

        if (text[0] == ' ' || text[^1] == ' ')
        {
            return Invalid($"the {what} '{Short(text)}' begins or ends with a blank; take it out");
        }

        var bytes = Encoding.UTF8.GetByteCount(text);
        return bytes > bytesMax ? TooLarge($"the {what} '{Short(text)}' has {bytes} bytes; {bytesMax} is the most") : null;
    }

    public static Failure? Roles(IReadOnlyList<string> roles)
    {
        if (roles.Count > TrackerLimits.RolesMax)
        {
            return TooLarge($"{roles.Count} roles; {TrackerLimits.RolesMax} is the most");
        }

        for (var i = 0; i < roles.Count; i++)
        {
            if (!IsRole(roles[i]))
            {
                return Invalid($"'{Short(roles[i])}' is no role: a role is a small letter, then up to {TrackerLimits.RoleLengthMax - 1} of a-z, 0-9 and '-'");
            }

            if (i > 0 && string.CompareOrdinal(roles[i - 1], roles[i]) >= 0)
            {
                return Invalid($"the role '{roles[i]}' is out of order; give roles sorted, each once");
            }
        }

        return null;
    }

    public static Failure? Key(string what, ByteString id) =>
        id.Length == KeyId.Size ? null : Invalid($"the id of the {what} has {id.Length} bytes; {KeyId.Size} are needed");

    public static Failure? Bytes(string what, ByteString bytes, int lengthMax) =>
        bytes.IsEmpty ? Invalid($"the {what} is missing")
        : bytes.Length > lengthMax ? TooLarge($"the {what} has {bytes.Length} bytes; {lengthMax} is the most")
        : null;

    /// <summary>A moment that calendars know, so that whoever shows it need not think.</summary>
    public static Failure? Moment(string what, long microseconds) =>
        microseconds >= 0 && microseconds <= Instant.From(DateTimeOffset.MaxValue).Microseconds
            ? null
            : Invalid($"{what} lies before 1970 or after the year 9999");

    private static Failure? Node(ByteString id, string name) => Key("node", id) ?? Text("name of the node", name, TrackerLimits.NameBytesMax);

    /// <summary>The roster's own group begins with the community: whoever could be asked to begin it is not there.</summary>
    private static Failure? Group(string name) => IsRole(name) && name != TrackerMachine.TrackerRole
        ? null
        : Invalid($"'{Short(name)}' is no group that begins by itself: such a one is called as the role of its nodes");

    private static Failure? Lineage(ByteString lineage, bool mayBeNone) => Groups.Lineage.Read(lineage.Span) is { } known && (mayBeNone || !known.IsNone)
        ? null
        : Invalid($"the lineage of the group has {lineage.Length} bytes; {Groups.Lineage.Size} are needed, not all of them zero");

    private static Failure? Owner(string account) => Text("owner's account", account, TrackerLimits.NameBytesMax, mayBeEmpty: true);

    private static Failure? Token(ByteString id) =>
        id.Length == TokenId.Size ? null : Invalid($"the id of the token has {id.Length} bytes; {TokenId.Size} are needed");

    private static Failure? Hash(ByteString hash) =>
        hash.Length == Hash256.Size ? null : Invalid($"the hash of the secret has {hash.Length} bytes; {Hash256.Size} are needed (SHA-256)");

    private static Failure? Uses(int uses) => uses is > 0 and <= TrackerLimits.TokenUsesMax
        ? null
        : Invalid($"a token lets in 1 to {TrackerLimits.TokenUsesMax} nodes, not {uses.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>Nodes with these roles hold the keys of the community, or see its passwords: an administrator looks at each of them.</summary>
    private static Failure? Trusted(IReadOnlyList<string> roles) => roles.FirstOrDefault(role => role is TrackerMachine.TrackerRole or "accounts") is { } role
        ? Invalid($"nodes with the role '{role}' are trusted with the community itself; a member does not take that role by himself")
        : null;

    private static Failure? PerAccount(int nodes) => nodes is >= 0 and <= TrackerLimits.OwnNodesMax
        ? null
        : Invalid($"an account has 0 to {TrackerLimits.OwnNodesMax} nodes of its own, not {nodes.ToString(CultureInfo.InvariantCulture)}");

    private static Failure? HasTracker(IReadOnlyList<string> roles) => roles.Contains(TrackerMachine.TrackerRole)
        ? null
        : Invalid($"the node has no role '{TrackerMachine.TrackerRole}'; somebody has to keep the roster");

    private static bool IsRole(string text) =>
        text.Length is > 0 and <= TrackerLimits.RoleLengthMax
        && text[0] is >= 'a' and <= 'z'
        && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    private static string Short(string text) => EntryName.Show(text.Length > 40 ? text[..40] + "..." : text);

    private static Failure Invalid(string why) => new(FailureKind.Invalid, why);

    private static Failure TooLarge(string why) => new(FailureKind.TooLarge, why);
}
