using Cete.Core;

namespace Cete.Accounts;

/// <summary>What accounts may do, by what roles mean at one moment.</summary>
internal sealed class Standings(IReadOnlyList<RoleDefinition> roles)
{
    private static readonly string[] GuestOnly = [RoleDefinition.Guest];

    private readonly Dictionary<string, IReadOnlyList<Grant>> _grants = roles.ToDictionary(role => role.Name, role => role.Grants, StringComparer.Ordinal);

    /// <summary>What everybody may do.</summary>
    public IReadOnlyList<Grant> Guest => GrantsOf(GuestOnly);

    public AccountStanding Of(AccountRow account)
    {
        var names = account.IsActive ? account.Roles : GuestOnly;
        return new AccountStanding(
            account.Id, account.Name, names, account.IsActive ? GrantsOf([RoleDefinition.Guest, .. names]) : Guest, account.SuspendedAt is not null,
            account.ClosedAt is not null, account.Version);
    }

    /// <summary>What an account may do once it is not suspended: whoever governs it must be able to do as much.</summary>
    public IReadOnlyList<Grant> FullGrantsOf(AccountRow account) => GrantsOf([RoleDefinition.Guest, .. account.Roles]);

    /// <summary>Rights of several roles, each once, in the order in which they come. Roles that are no more give none.</summary>
    public IReadOnlyList<Grant> GrantsOf(IEnumerable<string> names) =>
        [.. names.SelectMany(name => _grants.GetValueOrDefault(name, [])).DistinctBy(grant => grant.Text, StringComparer.Ordinal)];

    /// <summary>
    /// Whether each of the rights is covered by one of the own: the action by an equal or wider one, what is about one's own by any, a folder by itself
    /// or one above. That several narrow ones might cover a wide one together is not looked for.
    /// </summary>
    public static bool Covers(IReadOnlyList<Grant> own, IEnumerable<Grant> others) =>
        others.All(other => own.Any(grant => grant.Covers(other.Action, other.IsOwnOnly, other.Folder)));
}
