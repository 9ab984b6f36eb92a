namespace Cete.Cluster.Membership;

/// <summary>Bounds of what a node may say of itself and what members tell each other.</summary>
internal static class MembershipLimits
{
    /// <summary>Bytes of a signed record: the certificate with the most roles, four addresses, 32 groups.</summary>
    public const int RecordBytesMax = 8 * 1024;

    public const int NameMax = 64;

    public const int AddressesMax = 4;

    public const int AddressMax = 260;

    public const int ViaMax = 3;

    public const int VersionMax = 32;

    public const int GroupsMax = 32;

    /// <summary>News in one message: a part of a view has at most so many of the shortest records.</summary>
    public const int UpdatesMax = 1_024;

    /// <summary>Records whose signature was verified and is remembered: a few of each member.</summary>
    public const int VerifiedKept = 16_384;
}
