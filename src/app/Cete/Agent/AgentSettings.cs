using System.Net;

namespace Cete.App.Agent;

/// <summary>How an agent serves others.</summary>
/// <param name="Listen">Where; port 0 for any that is free.</param>
/// <param name="Slots">Parts of contents that it sends at a time.</param>
/// <param name="Up">Bytes a second that it may send; 0 for all that it can.</param>
internal sealed record AgentSettings(IPEndPoint Listen, int Slots, long Up)
{
    /// <summary>Enough to fill an uplink, and few enough that each part is there soon.</summary>
    public static AgentSettings Default { get; } = new(new IPEndPoint(IPAddress.Any, 0), Slots: 8, Up: 0);
}
