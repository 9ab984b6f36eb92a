using Cete.Core;

namespace Cete.Trust;

/// <summary>What TLS calls a node: a DNS name that no server on the internet can have (RFC 6761 §6.4).</summary>
public static class NodeName
{
    /// <summary><c>NODE.COMMUNITY.invalid</c>: two labels of 32 characters, where 63 are allowed (RFC 1035 §2.3.4).</summary>
    public static string Of(KeyId node, KeyId community) => $"{node}.{community}.invalid";
}
