using System.CommandLine;
using System.Globalization;
using Cete.Api;
using Cete.App.Output;
using Cete.Bank;
using Cete.Core;
using Cete.Ledger;

namespace Cete.App.Verbs.Bank;

/// <summary><c>cete bank audit</c>: looks at the whole journal, without believing anybody.</summary>
internal static class AuditVerb
{
    public static Command Make()
    {
        var (node, trust, json) = (Common.Node(), Common.Trust(), Common.Json());
        var from = new Option<FileInfo?>("--from") { Description = "A journal that was saved; no node is asked.", HelpName = "FILE" };
        var save = new Option<FileInfo?>("--save") { Description = "Keep the journal in a file, for later or for others.", HelpName = "FILE" };
        var verb = new Command(
            "audit", "Look at the whole journal: that it is one chain, that all balances together are 0, and that whoever gave had signed it.")
        {
            from, save, node, trust, json,
        };
        verb.SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(from) is { } file)
            {
                var audited = await AuditAsync(file.FullName, stop);
                return Show(audited.Succeeded ? audited : Of(file.FullName, audited.Failure), parsed.GetValue(json));
            }

            // Looked at from a file: what is being sent is not to break off because signatures take their time.
            var kept = parsed.GetValue(save)?.FullName;
            var path = kept ?? Path.GetTempFileName();
            try
            {
                await using var client = Common.Connect(parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));
                Outcome<long> fetched;
                await using (var target = new FileStream(path, FileMode.Create, FileAccess.Write))
                {
                    fetched = await client.DownloadAsync(Routes.Journal, target, stop);
                }

                return fetched.Succeeded ? Show(await AuditAsync(path, stop), parsed.GetValue(json)) : ExitCodes.Say(fetched.Failure);
            }
            finally
            {
                if (kept is null)
                {
                    File.Delete(path);
                }
            }
        });
        return verb;
    }

    private static async Task<Outcome<AuditReport>> AuditAsync(string path, CancellationToken stop)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
            return await JournalReader.AuditAsync(file, stop);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Failure(FailureKind.NotFound, $"the file cannot be read: {error.Message}");
        }
    }

    private static Failure Of(string path, Failure failure) => failure with { Message = $"{path}: {failure.Message}" };

    private static int Show(Outcome<AuditReport> audited, bool json)
    {
        if (!audited.Succeeded)
        {
            return ExitCodes.Say(audited.Failure);
        }

        var report = audited.Value;
        if (json)
        {
            JsonOut.Line(
                new AuditAnswer(
                    report.Community.ToString(), report.Ledger.ToString(), report.Entries, report.Hash.ToString(), report.Supply, report.Sum, report.Accounts,
                    report.Signatures, report.Heads),
                ApiJson.Default.AuditAnswer);
            return ExitCodes.Ok;
        }

        var culture = CultureInfo.InvariantCulture;
        Console.WriteLine($"{report.Entries.ToString(culture)} entries are one chain, to {report.Hash}");
        Console.WriteLine(
            $"{report.Accounts.ToString(culture)} accounts; all balances together are {Credits.Show(report.Sum)}; there are {Credits.Counted(report.Supply)}");
        Console.WriteLine($"{report.Signatures.ToString(culture)} signatures are right; {report.Heads.ToString(culture)} signed heads name this journal");
        return ExitCodes.Ok;
    }
}
