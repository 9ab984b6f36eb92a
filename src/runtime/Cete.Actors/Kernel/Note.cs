using System.Diagnostics;

namespace Cete.Actors;

/// <summary>What travels beside a message if somebody listens or waits.</summary>
/// <param name="Trace">The sender's activity, or null.</param>
/// <param name="Stamp">When it was sent, for a message whose latency is measured; else 0.</param>
/// <param name="Asker">Who waits for a reply to it, or null: whoever loses the message says so.</param>
internal sealed record Note(Activity? Trace, long Stamp, IAsker? Asker);
