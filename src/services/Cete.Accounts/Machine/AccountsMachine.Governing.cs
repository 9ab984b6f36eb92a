using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Trust;

namespace Cete.Accounts;

/// <summary>
/// Acts that change rights. Whether they may be done is decided by the statement's signature and these tables alone; nobody gives or takes what he may
/// not do himself.
/// </summary>
public sealed partial class AccountsMachine
{
    private static Outcome<ReadOnlyMemory<byte>> Rule(Govern command, AccountRules rules, Change change)
    {
        var statement = Verified(command.Statement, GovernAct.Purpose, rules, change);
        if (!statement.Succeeded)
        {
            return statement.Failure;
        }

        // From here on a refusal is an answer: it must not undo that the statement is used up, or it could be tried again when it would be allowed.
        var outcome = Carry(statement.Value, change);
        return Answer(outcome.Succeeded
            ? new Governed { Changed = outcome.Value }
            : new Governed { FailureKind = outcome.Failure.Kind.ToString(), Failure = outcome.Failure.Message });
    }

    /// <summary>Whether anything changed. All is looked at before the first row is written.</summary>
    private static Outcome<bool> Carry(SignedStatement statement, Change change)
    {
        var act = GovernAct.Parse(statement.Payload.Span);
        if (!act.Succeeded)
        {
            return act.Failure;
        }

        if (act.Value is GovernAct.Invite { PublicKey: not null } && !change.TellsAll)
        {
            return ActsJson.Malformed("act of governing");
        }

        var actor = Present(statement.Account, change);
        if (!actor.Succeeded)
        {
            return actor.Failure;
        }

        var standings = new Standings(change.Roles.All());
        var standing = change.Statements.StandingOf(standings.Of(actor.Value), change.Asker);
        var action = act.Value is GovernAct.Suspend or GovernAct.Resume ? Actions.AccountsSuspend : Actions.AccountsGovern;
        if (!standing.May(action) && !standing.May(Actions.AccountsGovern))
        {
            return new Failure(FailureKind.Forbidden, $"the account {actor.Value.Id} has no right to '{action}'");
        }

        var ruler = new Ruler(actor.Value.Id, standing.Grants, standings);
        return act.Value switch
        {
            GovernAct.SetRoles a => Entrust(a, ruler, change),
            GovernAct.Suspend a => Suspend(a, ruler, change),
            GovernAct.Resume a => Resume(a, ruler, change),
            GovernAct.DefineRole a => Define(a, ruler, change),
            GovernAct.RemoveRole a => Abolish(a, ruler, change),
            GovernAct.SetRegistration a => Admit(a, ruler, change),
            GovernAct.CloseAccount a => Expel(a, ruler, change),
            _ => Invite((GovernAct.Invite)act.Value, ruler, change),
        };
    }

    private static Outcome<bool> Entrust(GovernAct.SetRoles act, Ruler ruler, Change change)
    {
        var found = Target(act.Account, change);
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        var account = found.Value;
        IReadOnlyList<string> roles =
            [.. act.Roles.Append(RoleDefinition.Member).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if ((Checks.RoleNames(roles) ?? Unknown(roles, change)) is { } failure)
        {
            return failure;
        }

        if (roles.SequenceEqual(account.Roles))
        {
            return false;
        }

        // What somebody has and keeps needs nobody's leave.
        var moved = roles.Except(account.Roles, StringComparer.Ordinal).Concat(account.Roles.Except(roles, StringComparer.Ordinal));
        if (ruler.MayNot(ruler.Standings.GrantsOf(moved), "roles that may do what it may not") is { } above)
        {
            return above;
        }

        if (!roles.Contains(RoleDefinition.Administrator) && IsLastAdministrator(account, change))
        {
            return LastAdministrator(account);
        }

        var version = change.Rules.Touch();
        change.Accounts.SetRoles(account, roles, version);
        EmitAccount("account-roles", account.Id, version, change);
        ruler.Note(act, account.Id.ToString(), AccountTable.Join(roles), change);
        return true;
    }

    private static Outcome<bool> Suspend(GovernAct.Suspend act, Ruler ruler, Change change)
    {
        var found = Governed(act.Account, act.Reason, ruler, change);
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        var account = found.Value;
        if (account.SuspendedAt is not null)
        {
            return false;
        }

        if (IsLastAdministrator(account, change))
        {
            return LastAdministrator(account);
        }

        var version = change.Rules.Touch();
        change.Accounts.Suspend(account.Id, change.At, act.Reason, version);
        EmitAccount("account-suspended", account.Id, version, change);
        ruler.Note(act, account.Id.ToString(), act.Reason, change);
        return true;
    }

    private static Outcome<bool> Resume(GovernAct.Resume act, Ruler ruler, Change change)
    {
        var found = Governed(act.Account, string.Empty, ruler, change);
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        if (found.Value.SuspendedAt is null)
        {
            return false;
        }

        var version = change.Rules.Touch();
        change.Accounts.Resume(found.Value.Id, version);
        EmitAccount("account-resumed", found.Value.Id, version, change);
        ruler.Note(act, found.Value.Id.ToString(), string.Empty, change);
        return true;
    }

    private static Outcome<bool> Define(GovernAct.DefineRole act, Ruler ruler, Change change)
    {
        if (!RoleSet.IsName(act.Name))
        {
            return new Failure(FailureKind.Invalid, $"'{Checks.Short(act.Name)}' is no name of a role");
        }

        if (act.Name == RoleDefinition.Administrator)
        {
            return new Failure(FailureKind.Conflict, $"what '{RoleDefinition.Administrator}' means cannot be changed");
        }

        if (Checks.Grants(act.Grants, AccountsLimits.RoleGrantsMax) is { } failure)
        {
            return failure;
        }

        var known = change.Roles.Find(act.Name);
        if (known is not null && known.Grants.Select(grant => grant.Text).SequenceEqual(act.Grants, StringComparer.Ordinal))
        {
            return false;
        }

        var grants = act.Grants.Select(Grant.Of).Concat(known?.Grants ?? []);
        if (ruler.MayNot(grants, "rights that it has not itself") is { } above)
        {
            return above;
        }

        if (known is null && change.Roles.Count() >= AccountsLimits.RolesMax)
        {
            return new Failure(FailureKind.TooLarge, $"there are {AccountsLimits.RolesMax} roles, which is the most; remove some");
        }

        change.Roles.Put(act.Name, act.Grants);
        change.Emit("role-defined", new RulesEvent { Version = change.Rules.TouchRoles() });
        ruler.Note(act, act.Name, string.Join(' ', act.Grants), change);
        return true;
    }

    private static Outcome<bool> Abolish(GovernAct.RemoveRole act, Ruler ruler, Change change)
    {
        if (act.Name is RoleDefinition.Guest or RoleDefinition.Member or RoleDefinition.Administrator)
        {
            return new Failure(FailureKind.Conflict, $"the role '{act.Name}' is always there");
        }

        if (change.Roles.Find(act.Name) is not { } known)
        {
            return false;
        }

        if (ruler.MayNot(known.Grants, "rights that it has not itself") is { } above)
        {
            return above;
        }

        if (change.Accounts.HasAny(act.Name))
        {
            return new Failure(FailureKind.Conflict, $"accounts have the role '{act.Name}'; take it from them first");
        }

        change.Roles.Remove(act.Name);
        change.Emit("role-removed", new RulesEvent { Version = change.Rules.TouchRoles() });
        ruler.Note(act, act.Name, string.Empty, change);
        return true;
    }

    private static Outcome<bool> Admit(GovernAct.SetRegistration act, Ruler ruler, Change change)
    {
        Registration? registration = act.Registration switch
        {
            "open" => Registration.Open,
            "invited" => Registration.Invited,
            "closed" => Registration.Closed,
            _ => null,
        };
        if (registration is not { } chosen)
        {
            return new Failure(FailureKind.Invalid, $"registration is 'open', 'invited' or 'closed', not '{Checks.Short(act.Registration)}'");
        }

        if (change.Rules.Find()!.Registration == chosen)
        {
            return false;
        }

        change.Rules.SetRegistration(chosen);
        change.Emit("registration-set", new RulesEvent());
        ruler.Note(act, string.Empty, act.Registration, change);
        return true;
    }

    private static Outcome<bool> Expel(GovernAct.CloseAccount act, Ruler ruler, Change change)
    {
        var found = Governed(act.Account, act.Reason, ruler, change);
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        if (CloseAccount(found.Value, change) is { } failure)
        {
            return failure;
        }

        ruler.Note(act, found.Value.Id.ToString(), act.Reason, change);
        return true;
    }

    private static Outcome<bool> Invite(GovernAct.Invite act, Ruler ruler, Change change)
    {
        IReadOnlyList<string> roles = [.. act.Roles.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var secretHash = act.PublicKey is null ? act.SecretHash : InvitationText.HashFor(act.PublicKey).ToArray();
        var sizes = act.Id.Length == InvitationText.IdSize && secretHash.Length == Hash256.Size && (act.PublicKey is null || act.SecretHash.Length == 0)
            ? null
            : new Failure(FailureKind.Invalid, "the id of an invitation has 8 bytes, the hash of its secret 32");
        sizes ??= act.PublicKey is { } key ? Checks.InvitationKey(key) : null;
        if ((sizes ?? Checks.RoleNames([.. roles.Append(RoleDefinition.Member).Distinct(StringComparer.Ordinal)]) ?? Unknown(roles, change)
            ?? Checks.Uses(act.Uses) ?? Checks.Moment("an invitation's end", act.ExpiresAt)
            ?? Checks.Text("note", act.Note, AccountsLimits.NoteBytesMax, mayBeEmpty: true)
            ?? ruler.MayNot(ruler.Standings.GrantsOf(roles), "roles that may do what it may not")) is { } failure)
        {
            return failure;
        }

        var added = AddInvitation(
            new NewInvitation(act.Id, ruler.Account, secretHash, roles, act.Uses, new Instant(act.ExpiresAt), act.Note) { PublicKey = act.PublicKey }, change);
        if (added is { Succeeded: true, Value: true })
        {
            ruler.Note(act, Convert.ToHexStringLower(act.Id), AccountTable.Join(roles), change);
        }

        return added;
    }

    private static Outcome<AccountRow> Target(string text, Change change) => AccountId.TryParse(text, out var id)
        ? Present(id, change)
        : new Failure(FailureKind.Invalid, $"'{Checks.Short(text)}' is no id of an account");

    /// <summary>An account over which somebody may rule: one that may not do more than he.</summary>
    private static Outcome<AccountRow> Governed(string text, string reason, Ruler ruler, Change change)
    {
        if (Checks.Text("reason", reason, AccountsLimits.NoteBytesMax, mayBeEmpty: true) is { } failure)
        {
            return failure;
        }

        var found = Target(text, change);
        return found.Succeeded && ruler.MayNot(ruler.Standings.FullGrantsOf(found.Value), "an account that may do what it may not") is { } above
            ? above
            : found;
    }

    private static Failure? Unknown(IReadOnlyList<string> roles, Change change) =>
        roles.FirstOrDefault(role => change.Roles.Find(role) is null) is { } unknown
            ? new Failure(FailureKind.NotFound, $"there is no role '{unknown}'; define it first")
            : null;

    /// <summary>Whoever governs, with what he may do himself.</summary>
    private sealed record Ruler(AccountId Account, IReadOnlyList<Grant> Grants, Standings Standings)
    {
        /// <summary>Null when he may do as much himself.</summary>
        public Failure? MayNot(IEnumerable<Grant> grants, string what) => Standings.Covers(Grants, grants)
            ? null
            : new Failure(FailureKind.Forbidden, $"the account {Account} cannot govern {what}; ask an administrator");

        public void Note(GovernAct act, string about, string note, Change change) =>
            change.Audit.Add(new AuditEntry(change.Index, change.At, Account, NameOf(act), about, note));

        private static string NameOf(GovernAct act) => act switch
        {
            GovernAct.SetRoles => "set-roles",
            GovernAct.Suspend => "suspend",
            GovernAct.Resume => "resume",
            GovernAct.DefineRole => "define-role",
            GovernAct.RemoveRole => "remove-role",
            GovernAct.SetRegistration => "set-registration",
            GovernAct.CloseAccount => "close-account",
            _ => "invite",
        };
    }
}
