using System.CommandLine;
using System.Globalization;
using Cete.Api;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Core;
using Cete.Net;

namespace Cete.App.Verbs.Services;

/// <summary><c>cete service feed</c> and <c>cete service import-records</c>: records in formats of other programs, out and in.</summary>
internal static class FeedVerbs
{
    public static Command Make()
    {
        var name = ShowVerb.NameArgument();
        var feed = new Argument<string?>("FEED") { Description = "The feed; all of them are listed when absent.", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<string?>("--output", "-o") { Description = "A file to write it to; to the output when absent.", HelpName = "FILE" };
        var address = new Option<bool>("--address") { Description = "Make a private address of it, for programs that cannot log in." };
        return AccountVerbs.Make(
            "feed",
            Common.WithExamples(
                "Records of a service for other programs: Atom, iCalendar, vCard, bookmarks, OPML or JSON Lines, as its description says.",
                "cete service feed calendar                          lists the feeds",
                "cete service feed calendar events -o events.ics",
                "cete service feed calendar events --address         for a calendar that subscribes to it"),
            [name, feed, output, address],
            async (client, parsed, json, stop) =>
            {
                var (service, wanted) = (parsed.GetRequiredValue(name), parsed.GetValue(feed));
                return wanted is null ? await ListAsync(client, service, json, stop)
                    : parsed.GetValue(address) ? await AddressAsync(client, service, wanted, json, stop)
                    : await FetchAsync(client, Routes.Feed(service, wanted), parsed.GetValue(output), stop);
            });
    }

    public static Command MakeImport()
    {
        var name = ShowVerb.NameArgument();
        var feed = new Argument<string>("FEED") { Description = "The feed by which the file is read." };
        var file = new Argument<FileInfo>("FILE") { Description = "The file." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Tell what would be; nothing is written." };
        var set = new Option<string[]>("--set") { Description = "What new records hold that the file says nothing of.", HelpName = "FIELD=VALUE" };
        return AccountVerbs.Make(
            "import-records",
            Common.WithExamples(
                "Take in a file of another program: what is there already is changed, what is new is made, entry by entry. The same file again changes nothing.",
                "cete service import-records calendar events holidays.ics --dry-run",
                "cete service import-records todo tasks phone.ics --set list=1",
                "cete service import-records links bookmarks bookmarks.html"),
            [name, feed, file, dryRun, set],
            async (client, parsed, json, stop) =>
            {
                var bytes = Read(parsed.GetRequiredValue(file));
                var address = Routes.FeedImport(parsed.GetRequiredValue(name), parsed.GetRequiredValue(feed));
                var query = Query(parsed.GetValue(dryRun), parsed.GetValue(set) ?? []);
                if ((bytes.Failure ?? query.Failure) is { } wrong)
                {
                    return ExitCodes.Say(wrong);
                }

                var report = await new ServicesClient(client).ImportAsync(address + query.Value, bytes.Value, stop);
                return report.Succeeded ? Tell(report.Value, json) : ExitCodes.Say(report.Failure);
            });
    }

    private static async Task<int> ListAsync(NodeClient client, string service, bool json, CancellationToken stop)
    {
        var feeds = await client.GetAsync(Routes.Feeds(service), ServicesJson.Default.FeedList, stop);
        if (!feeds.Succeeded)
        {
            return ExitCodes.Say(feeds.Failure);
        }

        foreach (var one in feeds.Value.Feeds)
        {
            if (json)
            {
                JsonOut.Line(one, ServicesJson.Default.FeedSummary);
            }
            else
            {
                Console.WriteLine($"{one.Name}: {one.Format} of {one.Kind}{(one.Imports ? ", imported too" : string.Empty)} ({one.Title})");
            }
        }

        return ExitCodes.Ok;
    }

    private static async Task<int> AddressAsync(NodeClient client, string service, string feed, bool json, CancellationToken stop)
    {
        var made = await client.PostAsync(Routes.FeedKey(service, feed), ServicesJson.Default.FeedAddress, stop);
        if (!made.Succeeded)
        {
            return ExitCodes.Say(made.Failure);
        }

        if (json)
        {
            JsonOut.Line(made.Value, ServicesJson.Default.FeedAddress);
        }
        else
        {
            Console.WriteLine(made.Value.Address);
            Console.Error.WriteLine($"Whoever has it reads this feed as you, until {AccountVerbs.Date(made.Value.Until)}.");
        }

        return ExitCodes.Ok;
    }

    private static async Task<int> FetchAsync(NodeClient client, string address, string? path, CancellationToken stop)
    {
        using var bytes = new MemoryStream();
        var fetched = await client.DownloadAsync(address, bytes, stop);
        if (!fetched.Succeeded)
        {
            return ExitCodes.Say(fetched.Failure);
        }

        bytes.Position = 0;
        if (path is null)
        {
            await using var output = Console.OpenStandardOutput();
            await bytes.CopyToAsync(output, stop);
            return ExitCodes.Ok;
        }

        using var text = new StreamReader(bytes);
        return NewFile.Write(path, await text.ReadToEndAsync(stop)) is { } failure ? ExitCodes.Say(failure) : ExitCodes.Ok;
    }

    private static Outcome<ReadOnlyMemory<byte>> Read(FileInfo file)
    {
        const int BytesMax = 8 * 1024 * 1024;
        try
        {
            return !file.Exists ? new Failure(FailureKind.NotFound, $"there is no file {file}")
                : file.Length > BytesMax ? new Failure(FailureKind.TooLarge, $"{file} has {file.Length} bytes; {BytesMax} is the most: cut it into several")
                : (ReadOnlyMemory<byte>)File.ReadAllBytes(file.FullName);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Failure(FailureKind.Forbidden, $"{file} cannot be read: {error.Message}");
        }
    }

    private static Outcome<string> Query(bool isDryRun, string[] set)
    {
        List<string> parts = isDryRun ? ["dry-run=true"] : [];
        foreach (var one in set)
        {
            if (one.Split('=', 2) is not [{ Length: > 0 } field, var value])
            {
                return new Failure(FailureKind.Invalid, $"--set takes FIELD=VALUE, not '{EntryName.Show(one)}'");
            }

            parts.Add($"set.{Uri.EscapeDataString(field)}={Uri.EscapeDataString(value)}");
        }

        return parts.Count == 0 ? string.Empty : "?" + string.Join('&', parts);
    }

    private static int Tell(ImportReport report, bool json)
    {
        if (json)
        {
            JsonOut.Line(report, ServicesJson.Default.ImportReport);
        }
        else
        {
            foreach (var note in report.Notes)
            {
                Console.WriteLine($"note: {note}");
            }

            foreach (var line in report.Entries.Where(line => line.What != "same"))
            {
                var id = line.Id is { } number ? string.Create(CultureInfo.InvariantCulture, $" (record {number})") : string.Empty;
                Console.WriteLine($"line {line.Line}: {line.What}: {line.Name}{id}{(line.Why is { } why ? $": {why}" : string.Empty)}");
                foreach (var note in line.Notes ?? [])
                {
                    Console.WriteLine($"  {note}");
                }
            }

            Console.WriteLine(
                $"{(report.DryRun ? "would be: " : string.Empty)}{report.Made} made, {report.Changed} changed, {report.Same} as they were, {report.Refused} refused");
        }

        return report.Refused == 0 ? ExitCodes.Ok : ExitCodes.Partly;
    }
}
