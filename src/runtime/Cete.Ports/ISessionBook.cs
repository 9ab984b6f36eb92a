namespace Cete.Ports;

/// <summary>
/// What a user of this machine is logged in to. Its secrets are worth what the user's password is worth: whoever keeps them keeps them from others.
/// </summary>
public interface ISessionBook
{
    /// <summary>Nobody is logged in to anything: no node need be asked which community it is of.</summary>
    bool IsEmpty { get; }

    /// <summary>The session with a community; null when there is none.</summary>
    /// <param name="community">The community's id.</param>
    KnownSession? Find(string community);

    /// <summary>All of them, by community.</summary>
    IReadOnlyList<KnownSession> All();

    /// <summary>Keeps a session in the place of an earlier one with its community; null, or why that failed.</summary>
    Core.Failure? Keep(KnownSession session);

    /// <summary>Forgets the session with a community.</summary>
    void Forget(string community);
}

/// <summary>A session as a user's machine keeps it.</summary>
/// <param name="Community">Id of the community.</param>
/// <param name="CommunityName">What that calls itself.</param>
/// <param name="Account">Id of the account.</param>
/// <param name="Name">Its name.</param>
/// <param name="Secret">Shows who asks; empty when logged out, while the key stays.</param>
/// <param name="Expires">When it ends by itself.</param>
/// <param name="DeviceKey">This device's signing key, in PEM; null when it has none in that community.</param>
/// <param name="ExchangeKey">This device's key that others seal for, in PEM; null when it has none there.</param>
public sealed record KnownSession(
    string Community, string CommunityName, string Account, string Name, string Secret, DateTimeOffset Expires, string? DeviceKey,
    string? ExchangeKey = null);
