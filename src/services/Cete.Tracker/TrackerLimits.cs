using Cete.Core;

namespace Cete.Tracker;

/// <summary>The bounds of a roster, each with its reason.</summary>
public static class TrackerLimits
{
    /// <summary>Nodes that a roster lists, removed ones included: keeps it within <see cref="RosterBytesMax"/>.</summary>
    public const int NodesMax = 10_000;

    /// <summary>Tokens that are usable at one time: far more than people keep an eye on.</summary>
    public const int TokensMax = 10_000;

    /// <summary>Issuing certificates: a tracker's voters are five at most, the others are on their way out.</summary>
    public const int IssuersMax = 64;

    /// <summary>Groups that are noted: each has a role of its name, and a community has a few dozen of those.</summary>
    public const int GroupsMax = 256;

    /// <summary>Bytes of the name of a community: those of a name anywhere.</summary>
    public const int CommunityNameBytesMax = Limits.NameBytesMax;

    /// <summary>Bytes of the name of a node or an account: a line of a list.</summary>
    public const int NameBytesMax = 64;

    /// <summary>Bytes of a token's note, or of the reason why a node was removed: a sentence or two.</summary>
    public const int NoteBytesMax = 200;

    /// <summary>Roles of a node or token.</summary>
    public const int RolesMax = 32;

    /// <summary>Characters of a role's name.</summary>
    public const int RoleLengthMax = 32;

    /// <summary>Bytes of a certificate in DER: one with a key of P-256 has less than a thousand.</summary>
    public const int CertificateBytesMax = 4_096;

    /// <summary>Bytes of a certificate's serial number (RFC 5280 §4.1.2.2).</summary>
    public const int SerialBytesMax = 20;

    /// <summary>Bytes of a public key in DER: one of P-256 has 91, one of RSA with 3,072 bits 422.</summary>
    public const int PublicKeyBytesMax = 512;

    /// <summary>Nodes that one token lets in.</summary>
    public const int TokenUsesMax = 1_000;

    /// <summary>Nodes that the rule of a community may let an account have by itself: more run by one hand are an administrator's business.</summary>
    public const int OwnNodesMax = 100;

    /// <summary>Nodes that an account may have where nothing else is said.</summary>
    public const int OwnNodesDefault = 3;

    /// <summary>A token that is never used is forgotten by people too.</summary>
    public static readonly TimeSpan TokenLifeMax = TimeSpan.FromDays(365);

    /// <summary>For how long an ended token is listed.</summary>
    public static readonly TimeSpan EndedTokenKept = TimeSpan.FromDays(90);

    /// <summary>A removed node is listed so much longer than its certificates are valid: clocks differ.</summary>
    public static readonly TimeSpan RemovedNodeKept = TimeSpan.FromDays(30);

    /// <summary>A certificate ends within so much time: a removed node is listed until it does.</summary>
    public static readonly TimeSpan CertificateLifeMax = TimeSpan.FromDays(2 * 365);

    /// <summary>The greatest version of a roster: numbers that JSON's readers keep exactly (RFC 8259 §6), and more changes than a community makes.</summary>
    public const long VersionMax = 1L << 53;

    /// <summary>A roster of a greater version is not gone on from: it would have no versions left, and no community came so far by itself.</summary>
    public const long RecoverableVersionMax = VersionMax / 2;

    /// <summary>
    /// So far above the roster that it goes on from a recovered one begins: the last keeper may have told others of newer ones than the node had that
    /// recovers, and of two the greater version counts.
    /// </summary>
    public const int RecoveryVersions = 1_000;

    /// <summary>Tokens, and nodes, that one command forgets: their events are bounded.</summary>
    public const int PrunedMax = 500;

    /// <summary>Time from one look for what is to be forgotten to the next: what is kept is kept for months.</summary>
    public static readonly TimeSpan PruneInterval = TimeSpan.FromDays(1);

    /// <summary>Time until a look that failed is tried again.</summary>
    public static readonly TimeSpan PruneRetry = TimeSpan.FromMinutes(10);

    /// <summary>Bytes of a roster. A full one, with the longest texts and 32 roles a node, has 15 MB; one with the usual has one.</summary>
    public const int RosterBytesMax = 16 * 1024 * 1024;
}
