using Cete.Core;

namespace Cete.Ledger.Channels;

/// <summary>
/// Lanes by which described services are paid. No node provides there what is paid for: the group that keeps the services does, and it has no key. So the
/// provider of such a lane is named by whom the lane pays, and whoever opens one cannot have it pay somebody else, such as himself.
/// </summary>
public static class ServiceLane
{
    private static ReadOnlySpan<byte> Start => "cete-service-lane-1\0"u8;

    /// <summary>The provider of lanes that pay an account or the treasury for what a service does; no key has this name.</summary>
    public static KeyId ProviderOf(LedgerAddress payee)
    {
        Span<byte> bytes = stackalloc byte[Start.Length + LedgerAddress.Size];
        Start.CopyTo(bytes);
        payee.CopyTo(bytes[Start.Length..]);
        return KeyId.Of(bytes);
    }
}
