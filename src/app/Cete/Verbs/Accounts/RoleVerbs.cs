using System.CommandLine;
using Cete.Accounts;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;

namespace Cete.App.Verbs.Accounts;

/// <summary><c>cete account role</c>: what the roles of accounts mean.</summary>
internal static class RoleVerbs
{
    public static Command Make() => new("role", Common.WithExamples(
        "Say what the roles of accounts mean; 'cete account roles NAME ROLE' gives them.",
        "cete account role list",
        "cete account role grant member tracker.own-node    every member may run nodes of his own",
        "cete account role grant librarian index.*@/books   makes the role where there is none of that name",
        "cete account role deny librarian index.*@/books",
        "cete account role remove librarian")) { MakeList(), MakeGrant(), MakeDeny(), MakeRemove() };

    private static Command MakeList() => AccountVerbs.Make("list", "List the roles, and what each lets accounts do.", [], async (client, _, json, stop) =>
    {
        var roles = await client.GetAsync(Routes.AccountRoles, ApiJson.Default.RolesAnswer, stop);
        if (!roles.Succeeded)
        {
            return ExitCodes.Say(roles.Failure);
        }

        foreach (var role in roles.Value.Roles)
        {
            if (json)
            {
                JsonOut.Line(role, ApiJson.Default.RoleInfo);
                continue;
            }

            Console.WriteLine($"{role.Name,-16}  {string.Join(' ', role.Rights.Select(EntryName.Show))}");
        }

        return ExitCodes.Ok;
    });

    private static Command MakeGrant() => MakeChange(
        "grant", "Let whoever has a role do more; signed with this device's key.", (known, named) => [.. known.Union(named, StringComparer.Ordinal)]);

    private static Command MakeDeny() => MakeChange(
        "deny", "Let whoever has a role do this no longer; signed with this device's key.", (known, named) => [.. known.Except(named, StringComparer.Ordinal)]);

    private static Command MakeRemove()
    {
        var name = new Argument<string>("ROLE") { Description = "Which; no account may have it." };
        return AccountVerbs.Make("remove", "Remove a role that no account has; signed with this device's key.", [name], (client, parsed, json, stop) =>
            GovernVerbs.ActAsync(client, null, _ => new GovernAct.RemoveRole(parsed.GetRequiredValue(name)), "Removed.", json, stop));
    }

    private static Command MakeChange(string verb, string description, Func<IReadOnlyList<string>, IReadOnlyList<string>, List<string>> change)
    {
        var name = new Argument<string>("ROLE") { Description = "Which." };
        var rights = new Argument<string[]>("RIGHT") { Description = "As 'cete account role list' shows them.", Arity = ArgumentArity.OneOrMore };
        return AccountVerbs.Make(verb, description, [name, rights], async (client, parsed, json, stop) =>
        {
            var roles = await client.GetAsync(Routes.AccountRoles, ApiJson.Default.RolesAnswer, stop);
            if (!roles.Succeeded)
            {
                return ExitCodes.Say(roles.Failure);
            }

            var role = parsed.GetRequiredValue(name);
            var known = roles.Value.Roles.FirstOrDefault(one => one.Name == role)?.Rights ?? [];
            var act = new GovernAct.DefineRole(role, change(known, parsed.GetRequiredValue(rights)));
            return await GovernVerbs.ActAsync(client, null, _ => act, "Done.", json, stop);
        });
    }
}
