using System.CommandLine;
using System.Globalization;
using Cete.Api;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Core;
using Cete.Ledger;

namespace Cete.App.Verbs.Bank;

/// <summary>What one's own account has, and had.</summary>
internal static class OwnVerbs
{
    private const int PageSize = 200;

    public static Command MakeBalance() => AccountVerbs.Make("balance", "Show what your account has.", [], async (client, _, json, stop) =>
    {
        var found = await client.GetAsync(Routes.Balance, ApiJson.Default.BalanceInfo, stop);
        if (!found.Succeeded)
        {
            return ExitCodes.Say(found.Failure);
        }

        var has = found.Value;
        if (json)
        {
            JsonOut.Line(has, ApiJson.Default.BalanceInfo);
            return ExitCodes.Ok;
        }

        Say("own", has.Own, "earned or sent to you; yours to send on");
        Say("given", has.Granted, "spent first, on services only");
        Say("reserved", has.Reserved, "set aside for downloads: 'cete bank channels'");
        Say("pending", has.Pending, "held for others, who take it or leave it");
        return ExitCodes.Ok;
    });

    public static Command MakeStatement()
    {
        var count = new Option<int>("--count") { Description = "How many lines, 1 to 100000.", HelpName = "N", DefaultValueFactory = _ => 50 };
        var csv = new Option<bool>("--csv") { Description = "As a table (RFC 4180), for spreadsheets." };
        Common.MustBeWithin(count, 1, 100_000);
        return AccountVerbs.Make("statement", "Show what came and what went, the newest first.", [count, csv], async (client, parsed, json, stop) =>
        {
            var (left, next, isCsv) = (parsed.GetValue(count), (long?)null, parsed.GetValue(csv));
            if (isCsv)
            {
                Console.Write(StatementCsv.Header + StatementCsv.LineEnd);
            }

            do
            {
                var path = string.Create(CultureInfo.InvariantCulture, $"{Routes.Statement}?count={Math.Min(left, PageSize)}")
                    + (next is { } before ? string.Create(CultureInfo.InvariantCulture, $"&before={before}") : string.Empty);
                var page = await client.GetAsync(path, ApiJson.Default.StatementAnswer, stop);
                if (!page.Succeeded)
                {
                    return ExitCodes.Say(page.Failure);
                }

                foreach (var entry in page.Value.Entries)
                {
                    Say(entry, json, isCsv);
                }

                (left, next) = (left - page.Value.Entries.Count, page.Value.Next);
            }
            while (left > 0 && next is not null);

            return ExitCodes.Ok;
        });
    }

    public static Command MakeChannels() => AccountVerbs.Make("channels", "Show what is set aside for downloads.", [], async (client, _, json, stop) =>
    {
        var found = await client.GetAsync(Routes.Channels, ApiJson.Default.ChannelList, stop);
        if (!found.Succeeded)
        {
            return ExitCodes.Say(found.Failure);
        }

        foreach (var channel in found.Value.Channels)
        {
            if (json)
            {
                JsonOut.Line(channel, ApiJson.Default.ChannelInfo);
                continue;
            }

            var ends = channel.Settles is { } settles ? $"ends {AccountVerbs.Date(settles)}" : $"until {AccountVerbs.Date(channel.Expires)}";
            Console.WriteLine(
                $"{channel.Id}  {channel.State,-8}  {Credits.Show(channel.Redeemed)} of {Credits.Counted(channel.Reserve)}, "
                + $"{channel.Lanes.Count} lanes, {ends}");
        }

        return ExitCodes.Ok;
    });

    private static void Say(string name, long micro, string what) => Console.WriteLine($"{name,-9} {Credits.Show(micro),16}  {what}");

    private static void Say(LedgerEntryInfo entry, bool json, bool csv)
    {
        if (json)
        {
            JsonOut.Line(entry, ApiJson.Default.LedgerEntryInfo);
            return;
        }

        if (csv)
        {
            Console.Write(StatementCsv.LineOf(entry) + StatementCsv.LineEnd);
            return;
        }

        var with = entry.Other ?? (entry.IsDebit ? entry.Credit : entry.Debit);
        Console.WriteLine(
            $"{AccountVerbs.Date(entry.At)}  {(entry.IsDebit ? '-' : '+')}{Credits.Show(entry.Amount),-14} {Credits.Show(entry.Balance),14}  {entry.Kind,-8}  "
            + $"{EntryName.Show(with)}{(entry.Note.Length > 0 ? "  " + EntryName.Show(entry.Note) : string.Empty)}");
    }
}
