namespace Cete.Web;

/// <summary>What every page and answer may say of the node.</summary>
/// <param name="Community">Name of the community.</param>
/// <param name="Node">Id of the node.</param>
/// <param name="Version">Of the program.</param>
public sealed record NodeFacts(string Community, string Node, string Version);
