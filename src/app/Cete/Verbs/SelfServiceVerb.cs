using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Core;

namespace Cete.App.Verbs;

/// <summary><c>cete community self-service</c>: which node roles members take by themselves.</summary>
internal static class SelfServiceVerb
{
    public static Command Make()
    {
        var roles = new Argument<string?>("ROLES")
        {
            Description = "Roles that members take by themselves, separated by commas; without it the rule is shown, with what you have.",
            HelpName = "ROLE,ROLE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var nodes = new Option<int?>("--per-account") { Description = "Nodes of one account at most, 0 to 100; 3 when absent.", HelpName = "N" };
        Common.MustBeWithin(nodes, 0, 100);
        return AccountVerbs.Make(
            "self-service",
            "Say which roles members give nodes of their own, by tokens that they make themselves: members with the right 'tracker.own-node' "
            + "('cete account role grant member tracker.own-node'). It takes the right 'tracker.govern'.",
            [roles, nodes],
            async (client, parsed, json, stop) =>
            {
                if (parsed.GetValue(roles) is not { } named)
                {
                    return parsed.GetValue(nodes) is null
                        ? Show(await client.GetAsync(Routes.SelfService, ApiJson.Default.SelfServiceAnswer, stop), json)
                        : ExitCodes.Say(new Failure(FailureKind.Invalid, "name the roles too, as in 'cete community self-service cache,share --per-account 3'"));
                }

                var request = new SelfServiceRequest(
                    named.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), parsed.GetValue(nodes));
                var set = await client.CommandAsync(
                    HttpMethod.Put, Routes.SelfService, request, ApiJson.Default.SelfServiceRequest, ApiJson.Default.ChangeAnswer, stop);
                return Changes.Say(set, json, "Done. Accounts need the right 'tracker.own-node' for it.", "It was so already.");
            });
    }

    private static int Show(Outcome<SelfServiceAnswer> told, bool json)
    {
        if (!told.Succeeded)
        {
            return ExitCodes.Say(told.Failure);
        }

        var rule = told.Value;
        if (json)
        {
            JsonOut.Line(rule, ApiJson.Default.SelfServiceAnswer);
        }
        else if (rule.PerAccount == 0)
        {
            Console.WriteLine("Members take no node roles by themselves.");
        }
        else
        {
            Console.WriteLine($"Members take by themselves: {string.Join(", ", rule.Roles)}; an account has {rule.PerAccount} nodes at most.");
            Console.WriteLine($"Yours has {rule.Nodes}, and its tokens would let in {rule.Awaited}.");
        }

        return ExitCodes.Ok;
    }
}
