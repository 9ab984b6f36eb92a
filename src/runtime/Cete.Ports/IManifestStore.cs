using Cete.Core;
using Cete.Swarm;

namespace Cete.Ports;

/// <summary>
/// Manifests of contents that a node does not hold: by them it gives ID files of what agents share. It is bounded; those go first that nobody has asked for,
/// or offered again, for the longest time. For several callers at once.
/// </summary>
public interface IManifestStore
{
    /// <summary>The manifest of a content; null where it is not known.</summary>
    Manifest? Find(in Hash256 root);

    /// <summary>Keeps one. False when it was known.</summary>
    Outcome<bool> Keep(Manifest manifest);
}
