namespace Cete.Core;

/// <summary>A role of accounts (not of nodes): a name for rights.</summary>
/// <param name="Name">Small letters, digits and '-'.</param>
/// <param name="Grants">What whoever has it may do.</param>
public sealed record RoleDefinition(string Name, IReadOnlyList<Grant> Grants)
{
    /// <summary>What everybody may do, with an account or without.</summary>
    public const string Guest = "guest";

    /// <summary>What every account may do that is not suspended.</summary>
    public const string Member = "member";

    /// <summary>Keeps order.</summary>
    public const string Moderator = "moderator";

    /// <summary>May do everything.</summary>
    public const string Administrator = "administrator";

    /// <summary>What a new community begins with; all but the administrator's can be changed by it.</summary>
    public static IReadOnlyList<RoleDefinition> Defaults { get; } =
    [
        Of(Guest, Actions.IndexRead),
        Of(
            Member, Actions.IndexRead, Actions.IndexFile, Actions.IndexMakeFolder + ":own", Actions.IndexDescribe + ":own", Actions.IndexMove + ":own",
            Actions.IndexRemove + ":own", Actions.IndexLend, Actions.AccountsRead, Actions.BankRead),
        Of(
            Moderator, "index.*", Actions.AccountsRead, Actions.AccountsInvite, Actions.AccountsSuspend, Actions.AccountsAudit, Actions.BankRead,
            Actions.ServicesModerate),
        Of(Administrator, "*"),
    ];

    private static RoleDefinition Of(string name, params IEnumerable<string> grants) => new(name, [.. grants.Select(Grant.Of)]);
}
