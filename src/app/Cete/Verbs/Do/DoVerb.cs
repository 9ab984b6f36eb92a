using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.App.Verbs.Open;
using Cete.App.Verbs.Open.Model;
using Cete.App.Verbs.Open.Running;
using Cete.Core;
using Cete.Ledger;
using Cete.Net;

namespace Cete.App.Verbs.Do;

/// <summary><c>cete do</c>: what forms and buttons of a described service do, for scripts.</summary>
internal static class DoVerb
{
    /// <summary>More than any field takes.</summary>
    private const int FileBytesMax = 512 * 1024;

    public static Command Make()
    {
        var service = ServiceFinder.NameArgument();
        var words = new Argument<string[]>("WHAT")
        {
            Description = "KIND create, KIND ID update, delete, restore or an action; or an action, and the record that it is done to. Then FIELD=VALUE: '@FILE' for "
                + "what stands in a file, '@-' for the standard input, '@@' for a text that begins with '@'.",
            HelpName = "WORDS",
            Arity = ArgumentArity.OneOrMore,
        };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask before what cannot easily be undone." };
        var pay = new Option<string>("--max-price")
        {
            Description = "Credits that may be paid for it, such as 2.5; without it the price is shown and you are asked.",
            HelpName = "CREDITS",
        };
        Common.MustBeAmount(pay);
        return AccountVerbs.Make(
            "do",
            Common.WithExamples(
                "Add, change, delete records of a described service, bring them back, or do what it offers. Values are written as in its forms; what is wrong is told by field.",
                "cete do forum topics create board=1 title=\"Two words\" text=@post.md",
                "cete do forum topics 3 update title=Better",
                "cete do forum topics 3 delete --yes",
                "cete do forum topics 3 restore",
                "cete do polls choices 7 vote",
                "cete do polls vote 7                      # the name of an action is enough",
                "cete do library books 2 borrow weeks=3 --json",
                "cete do library loans 2 pay --max-price 1.5"),
            [service, words, yes, pay],
            async (client, parsed, json, stop) =>
            {
                var scene = await ServiceFinder.FindAsync(client, parsed.GetRequiredValue(service), stop);
                var plan = scene.Succeeded ? DoPlan.Read(scene.Value.Service, parsed.GetRequiredValue(words)) : scene.Failure;
                var command = plan.Succeeded ? DoFields.Read(plan.Value, scene.Value.Zone, ReadFile) : plan.Failure;
                if (!command.Succeeded)
                {
                    return Say(command.Failure);
                }

                var most = parsed.GetValue(pay) is { } credits ? Credits.Parse(credits).Value : (long?)null;
                return await RunAsync(client, scene.Value, plan.Value, command.Value, (parsed.GetValue(yes), most, json), stop);
            });
    }

    private static async Task<int> RunAsync(
        NodeClient client, Scene scene, DoPlan plan, RecordCommand command, (bool Yes, long? Pay, bool Json) how, CancellationToken stop)
    {
        var (yes, most, json) = how;
        var question = plan.What == CommandKind.Delete ? $"Shall {plan.Kind!.Name} {plan.Id} be deleted?"
            : plan.Action is { } action ? scene.Say(action.Confirm)
            : string.Empty;
        if (question.Length > 0 && !yes)
        {
            if (Console.IsInputRedirected)
            {
                return ExitCodes.Say(new Failure(FailureKind.Invalid, $"{question} There is nobody to ask; --yes says so"));
            }

            if (Typed.Line($"{question} Type yes: ") is not { Succeeded: true, Value: "yes" })
            {
                return ExitCodes.Say(new Failure(FailureKind.Cancelled, "nothing was done"));
            }
        }

        var desk = new ServiceDesk(client, scene.Service.Name);
        var hasPrice = plan.Action is { } deed ? deed.Price is not null : plan.What == CommandKind.Create && plan.Kind!.Price is not null;
        var voucher = hasPrice ? await new DoPayment(client, desk).PayAsync(command, most, stop) : (string?)null;
        var done = voucher.Succeeded ? await desk.WriteAsync(command, stop, voucher.Value) : voucher.Failure;
        if (!done.Succeeded)
        {
            return Say(done.Failure);
        }

        if (json)
        {
            JsonOut.Line(done.Value, ServicesJson.Default.WrittenAnswer);
        }
        else
        {
            Console.WriteLine(plan.What switch
            {
                CommandKind.Create => $"{command.Name} {done.Value.Id} is added.",
                CommandKind.Update => $"{command.Name} {command.Id} is changed.",
                CommandKind.Delete => $"{command.Name} {command.Id} is deleted; 'cete do {scene.Service.Name} {command.Name} {command.Id} restore' brings it back.",
                CommandKind.Restore => $"{command.Name} {command.Id} is back.",
                _ => $"Done: {scene.Say(plan.Action!.Title)}.",
            });
        }

        return ExitCodes.Ok;
    }

    /// <summary>What is wrong with each field stands on a line of its own.</summary>
    private static int Say(Failure failure)
    {
        foreach (var line in failure.Message.Split('\n'))
        {
            ExitCodes.Say(failure with { Message = line });
        }

        return ExitCodes.Of(failure);
    }

    private static Outcome<string> ReadFile(string file)
    {
        try
        {
            using var stream = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
            using var read = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (stream.Read(buffer) is > 0 and var count)
            {
                read.Write(buffer.AsSpan(0, count));
                if (read.Length > FileBytesMax)
                {
                    return new Failure(FailureKind.TooLarge, $"the file has more than {FileBytesMax / 1024} KiB");
                }
            }

            return new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetString(read.GetBuffer(), 0, (int)read.Length).TrimStart('\uFEFF');
        }
        catch (System.Text.DecoderFallbackException)
        {
            return new Failure(FailureKind.Invalid, "the file holds no text in UTF-8");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return new Failure(FailureKind.NotFound, $"the file cannot be read: {error.Message}");
        }
    }
}
