using Cete.Hocon;

namespace Cete.Configuration;

/// <summary>The settings in effect: typed, one by one with where each comes from, and the tree that they were read from.</summary>
/// <param name="Values">Typed.</param>
/// <param name="List">One by one, in the order of <see cref="NodeSettings.All"/>.</param>
/// <param name="Tree">All that was read, other people's keys included.</param>
public sealed record EffectiveSettings(NodeSettings Values, IReadOnlyList<SettingValue> List, HoconObject Tree);
