namespace Cete.Ports;

/// <summary>
/// What a client remembers of the communities that it has been to, so that it finds one again when the node that it knows is gone. It is a
/// convenience: what cannot be read or written counts as not known.
/// </summary>
public interface IServerBook
{
    /// <summary>Whether the list of this version is kept, and the node at this address belongs to it.</summary>
    bool Knows(Uri asked, string version);

    /// <summary>The community that the node at an address belonged to when it was last asked.</summary>
    KnownCommunity? Of(Uri asked);

    /// <summary>A community by its id.</summary>
    KnownCommunity? Find(string id);

    /// <summary>Keeps what is known of a community; an address belongs to the community that was kept with it last.</summary>
    void Keep(KnownCommunity community);
}

/// <summary>A community as a client remembers it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it calls itself.</param>
/// <param name="Version">Of its server list.</param>
/// <param name="Asked">Addresses at which this client found it, the last first.</param>
/// <param name="Nodes">Its nodes: those of the list in the list's order, then those of earlier lists, the last seen first.</param>
public sealed record KnownCommunity(string Id, string Name, string Version, IReadOnlyList<string> Asked, IReadOnlyList<KnownNode> Nodes);

/// <summary>A node as a client remembers it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Addresses">Base addresses of its http port, the best first.</param>
/// <param name="Seen">When a list last named it.</param>
public sealed record KnownNode(string Id, string Name, IReadOnlyList<string> Addresses, DateTimeOffset Seen);
