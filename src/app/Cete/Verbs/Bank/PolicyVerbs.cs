using System.CommandLine;
using System.Globalization;
using Cete.Api;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Bank;
using Cete.Core;
using Cete.Ledger;
using Cete.Net;

namespace Cete.App.Verbs.Bank;

/// <summary>What the community decided about credits, and how many there are.</summary>
internal static class PolicyVerbs
{
    public static Command MakeSupply() => AccountVerbs.Make("supply", "Show how many credits there are, and where.", [], async (client, _, json, stop) =>
    {
        var found = await client.GetAsync(Routes.Supply, ApiJson.Default.SupplyInfo, stop);
        if (!found.Succeeded)
        {
            return ExitCodes.Say(found.Failure);
        }

        if (json)
        {
            JsonOut.Line(found.Value, ApiJson.Default.SupplyInfo);
            return ExitCodes.Ok;
        }

        Console.WriteLine($"supply     {Credits.Counted(found.Value.Supply)}");
        foreach (var kind in found.Value.Accounts)
        {
            Console.WriteLine($"{kind.Kind,-9}  {Credits.Show(kind.Balance),16}  in {kind.Count.ToString(CultureInfo.InvariantCulture)} accounts");
        }

        foreach (var day in found.Value.Days)
        {
            Console.WriteLine(
                $"{day.Day:yyyy-MM-dd}  {day.Transfers.ToString(CultureInfo.InvariantCulture),8} transfers  {Credits.Show(day.Spent)} spent  "
                + $"{Credits.Show(day.Made)} made");
        }

        await SayAlarmsAsync(client, stop);
        return ExitCodes.Ok;
    });

    /// <summary>What somebody should look at; nothing where the node does not know of it yet.</summary>
    private static async Task SayAlarmsAsync(NodeClient client, CancellationToken stop)
    {
        var figures = await client.GetAsync(Routes.Figures, ApiJson.Default.FiguresInfo, stop);
        if (!figures.Succeeded)
        {
            return;
        }

        foreach (var alarm in figures.Value.Alarms)
        {
            Console.WriteLine($"{alarm.Level,-9}  {EntryName.Show(alarm.Seen)}");
            Console.WriteLine($"{string.Empty,-9}  {EntryName.Show(alarm.Mend)}");
        }
    }

    public static Command Make()
    {
        var price = Amount("--price", "What a mebibyte costs whoever downloads it; 0 for nothing.");
        var grant = Amount("--grant", "What newcomers are given at once.");
        var allowance = Amount("--allowance", "What given credits are filled up to once a day.");
        var author = new Option<int?>("--author") { Description = "Thousandths of what is paid that the author gets.", HelpName = "N" };
        var community = new Option<int?>("--community") { Description = "Thousandths of it that the community gets.", HelpName = "N" };
        var delay = new Option<long?>("--close-delay") { Description = "Seconds in which providers redeem when a channel closes.", HelpName = "SECONDS" };
        var without = new Option<string?>("--out-of-credits") { Description = "Who has not enough is refused, or comes last.", HelpName = "refuse|last" };
        without.AcceptOnlyFromAmong(BankPolicy.Refuse, BankPolicy.Last);
        return AccountVerbs.Make(
            "policy", "Show what was decided about credits; decide something else, where you may, signed with this device's key.",
            [price, grant, allowance, author, community, delay, without],
            async (client, parsed, json, stop) =>
            {
                var found = await client.GetAsync(Routes.Bank, ApiJson.Default.BankInfo, stop);
                if (!found.Succeeded)
                {
                    return ExitCodes.Say(found.Failure);
                }

                var now = Of(found.Value.Policy);
                var amounts = new[] { price, grant, allowance }.Select(parsed.GetValue)
                    .Select(text => text is null ? (Outcome<long>?)null : Credits.Parse(text)).ToList();
                if (amounts.FirstOrDefault(amount => amount is { Succeeded: false }) is { Failure: { } wrong })
                {
                    return ExitCodes.Say(wrong);
                }

                var next = now with
                {
                    PricePerMebibyte = amounts[0]?.Value ?? now.PricePerMebibyte,
                    Grants = amounts[1] is { } given
                        ? [.. now.Grants.Where(stage => stage.AfterDays != 0).Prepend(new GrantStage(0, given.Value))]
                        : now.Grants,
                    DailyAllowance = amounts[2]?.Value ?? now.DailyAllowance,
                    AuthorPermille = parsed.GetValue(author) ?? now.AuthorPermille,
                    CommunityPermille = parsed.GetValue(community) ?? now.CommunityPermille,
                    CloseDelaySeconds = parsed.GetValue(delay) ?? now.CloseDelaySeconds,
                    OutOfCredits = parsed.GetValue(without) ?? now.OutOfCredits,
                };
                return next == now ? Show(found.Value, json) : await DecideAsync(client, next with { Version = now.Version + 1 }, json, stop);
            });
    }

    private static Option<string?> Amount(string name, string description) => new(name) { Description = description, HelpName = "CREDITS" };

    private static BankPolicy Of(PolicyInfo info) => new(info.Version)
    {
        PricePerMebibyte = info.PricePerMebibyte,
        AuthorPermille = info.AuthorPermille,
        CommunityPermille = info.CommunityPermille,
        DailyAllowance = info.DailyAllowance,
        OutOfCredits = info.OutOfCredits,
        CloseDelaySeconds = info.CloseDelaySeconds,
        Grants = [.. info.Grants.Select(stage => new GrantStage(stage.AfterDays, stage.Amount))],
        Prices = [.. info.Prices.Select(price => new ActionPrice(price.Service, price.Action, price.Price))],
    };

    private static int Show(BankInfo bank, bool json)
    {
        if (json)
        {
            JsonOut.Line(bank, ApiJson.Default.BankInfo);
            return ExitCodes.Ok;
        }

        var (policy, culture) = (bank.Policy, CultureInfo.InvariantCulture);
        Console.WriteLine($"a mebibyte costs   {Credits.Counted(policy.PricePerMebibyte)}");
        Console.WriteLine($"authors get        {policy.AuthorPermille.ToString(culture)} of 1000, the community {policy.CommunityPermille.ToString(culture)}");
        foreach (var stage in policy.Grants)
        {
            var when = stage.AfterDays == 0 ? "at once" : $"after {stage.AfterDays.ToString(CultureInfo.InvariantCulture)} days";
            Console.WriteLine($"newcomers get      {Credits.Counted(stage.Amount)} {when}");
        }

        Console.WriteLine($"filled up daily to {Credits.Counted(policy.DailyAllowance)}");
        Console.WriteLine($"out of credits     {(policy.OutOfCredits == BankPolicy.Refuse ? "refused" : "comes last")}");
        Console.WriteLine($"channels end       {policy.CloseDelaySeconds.ToString(CultureInfo.InvariantCulture)} s after they were closed");
        Console.WriteLine($"journal            {bank.Entries.ToString(culture)} entries, {bank.UnderHead.ToString(culture)} under a signed head");
        return ExitCodes.Ok;
    }

    private static Task<int> DecideAsync(NodeClient client, BankPolicy policy, bool json, CancellationToken stop) =>
        policy.Check() is { } wrong ? Task.FromResult(ExitCodes.Say(wrong)) : OwnDevice.UseAsync(
            client,
            async device =>
            {
                var body = new StatementRequest(device.Sign(BankPolicy.Purpose, policy.ToPayload()));
                var done = await client.PutAsync(Routes.Bank, body, ApiJson.Default.StatementRequest, ApiJson.Default.ChangeAnswer, stop);
                if (!done.Succeeded)
                {
                    return ExitCodes.Say(done.Failure);
                }

                if (json)
                {
                    JsonOut.Line(done.Value, ApiJson.Default.ChangeAnswer);
                }
                else
                {
                    Console.WriteLine("Decided. It counts from now on; channels that are open keep what they began with.");
                }

                return ExitCodes.Ok;
            },
            stop);
}
