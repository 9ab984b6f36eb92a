using System.Diagnostics;

namespace Cete.Actors;

/// <summary>What travels beside a message if somebody listens.</summary>
/// <param name="Trace">The sender's activity, or null.</param>
/// <param name="Stamp">When it was sent, for a message whose latency is measured; else 0.</param>
internal sealed record Note(Activity? Trace, long Stamp);
