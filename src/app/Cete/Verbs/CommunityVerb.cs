using System.CommandLine;
using Cete.Api;
using Cete.App.Output;

namespace Cete.App.Verbs;

/// <summary><c>cete community</c>: who belongs to it.</summary>
internal static class CommunityVerb
{
    public static Command Make() => new("community", Common.WithExamples(
        "Say who belongs to the community, and bring it back when the nodes are gone that could let others in.",
        "cete community remove 4due3egc67x2ccop6n3weh6thozqbgoq --reason \"sold\"",
        "cete community readmit 4due3egc67x2ccop6n3weh6thozqbgoq",
        "cete community roles 4due3egc67x2ccop6n3weh6thozqbgoq cache,index,share",
        "cete community self-service cache,share --per-account 3",
        "cete community recover-ca --data ~/cete --root-key community-root-key.pem"))
    {
        MakeRemove(), MakeReadmit(), MakeRoles(), SelfServiceVerb.Make(), MakeIssuers(), MakeRevokeIssuer(), RecoverVerb.Make(), RecoverVerb.MakeRebuild(),
    };

    /// <summary>Stands below <c>cete node</c> too.</summary>
    public static Command MakeRemove()
    {
        var reason = new Option<string?>("--reason") { Description = "Why; the node and all others are told.", HelpName = "TEXT" };
        var (id, key, node, trust, json) = (Id(), Common.Key(), Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("remove", "Remove a node: all others refuse it within seconds, whatever certificate it has. 'readmit' undoes it.")
        {
            id, reason, key, node, trust, json,
        };
        verb.SetAction((parsed, stop) => Common.AdministerAsync(parsed, key, node, trust, async client =>
        {
            var removed = await client.CommandAsync(
                HttpMethod.Post, Removal(parsed.GetRequiredValue(id)), new RemoveNodeRequest(parsed.GetValue(reason)),
                ApiJson.Default.RemoveNodeRequest, ApiJson.Default.ChangeAnswer, stop);
            return Changes.Say(removed, parsed.GetValue(json), "The node is removed.", "It was removed already.");
        }));
        return verb;
    }

    private static Command MakeReadmit()
    {
        var (id, key, node, trust, json) = (Id(), Common.Key(), Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("readmit", "Let a removed node in again.") { id, key, node, trust, json };
        verb.SetAction((parsed, stop) => Common.AdministerAsync(parsed, key, node, trust, async client =>
        {
            var back = await client.DeleteAsync(Removal(parsed.GetRequiredValue(id)), ApiJson.Default.ChangeAnswer, stop);
            return Changes.Say(back, parsed.GetValue(json), "The node may come back.", "It was not removed.");
        }));
        return verb;
    }

    private static Command MakeRoles()
    {
        var roles = new Argument<string>("ROLES") { Description = "All that the node may host from now on, names separated by commas.", HelpName = "ROLE,ROLE" };
        var (id, key, node, trust, json) = (Id(), Common.Key(), Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command(
            "roles",
            "Give a node these roles and no others. It gets a certificate with them by itself within seconds, and hosts the services of new ones from its "
            + "next start on. A service that no node had before begins then.")
        {
            id, roles, key, node, trust, json,
        };
        verb.SetAction((parsed, stop) => Common.AdministerAsync(parsed, key, node, trust, async client =>
        {
            var request = new RolesRequest(
                parsed.GetRequiredValue(roles).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            var changed = await client.CommandAsync(
                HttpMethod.Put, $"{Routes.Nodes}/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/roles", request,
                ApiJson.Default.RolesRequest, ApiJson.Default.ChangeAnswer, stop);
            return Changes.Say(
                changed, parsed.GetValue(json), "The node has these roles; it hosts services that are new to it from its next start on.", "It had these roles already.");
        }));
        return verb;
    }

    private static Command MakeIssuers()
    {
        var (key, node, trust, json) = (Common.Key(), Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("issuers", "List the keys that issue certificates to nodes, and those that did.") { key, node, trust, json };
        verb.SetAction((parsed, stop) => Common.AdministerAsync(parsed, key, node, trust, async client =>
        {
            var issuers = await client.GetAsync(Routes.Issuers, ApiJson.Default.IssuerList, stop);
            if (!issuers.Succeeded)
            {
                return ExitCodes.Say(issuers.Failure);
            }

            foreach (var issuer in issuers.Value.Issuers)
            {
                if (parsed.GetValue(json))
                {
                    JsonOut.Line(issuer, ApiJson.Default.IssuerInfo);
                }
                else
                {
                    Console.WriteLine($"{issuer.Id}  on node {issuer.Node}  {(issuer.Removed is { } removed ? $"revoked {removed.ToLocalTime():yyyy-MM-dd HH:mm}" : "issues")}");
                }
            }

            return ExitCodes.Ok;
        }));
        return verb;
    }

    private static Command MakeRevokeIssuer()
    {
        var id = new Argument<string>("ID") { Description = "Its name, as 'cete community issuers' shows it." };
        var (key, node, trust, json) = (Common.Key(), Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command(
            "revoke-issuer",
            "Have certificates by a key count no longer, for good: for one that may be in wrong hands. Nodes that have such a certificate get another by themselves.")
        {
            id, key, node, trust, json,
        };
        verb.SetAction((parsed, stop) => Common.AdministerAsync(parsed, key, node, trust, async client =>
        {
            var revoked = await client.DeleteAsync(
                $"{Routes.Issuers}/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", ApiJson.Default.ChangeAnswer, stop);
            return Changes.Say(revoked, parsed.GetValue(json), "Certificates by this key count no longer.", "It was revoked already, or never issued here.");
        }));
        return verb;
    }

    private static Argument<string> Id() => new("ID") { Description = "Id of the node, as 'cete servers' shows it." };

    private static string Removal(string node) => $"{Routes.Nodes}/{Uri.EscapeDataString(node)}/removal";
}
