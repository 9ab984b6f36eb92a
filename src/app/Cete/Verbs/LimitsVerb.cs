using System.CommandLine;
using System.Globalization;
using Cete.App.Agent;
using Cete.App.Output;
using Cete.Core;
using Cete.Net.Agent;
using Cete.Ports.Limits;
using Cete.Transfer.Limits;

namespace Cete.App.Verbs;

/// <summary><c>cete agent limits</c>: what a user's agent may use of his machine and his link.</summary>
internal static class LimitsVerb
{
    private const string On = "on";
    private const string Off = "off";

    public static Command Make()
    {
        var up = Rate("--up", "Bytes a second that it sends to all peers together, such as 500KiB; 'none' for no limit.");
        var down = Rate("--down", "Bytes a second that all downloads fetch together, such as 2MiB; 'none' for no limit.");
        var slots = new Option<string>("--slots") { Description = $"Parts that it sends at a time, 1 to {LimitChanges.SlotsMax}; 'none' for as many.", HelpName = "N" };
        var at = new Option<string>("--at")
        {
            Description = "Have --up and --down hold at these times alone, by the clock of this machine, such as 'mon-fri 08:00-18:00'; replaces a rule of the same time.",
            HelpName = "TIMES",
        };
        var remove = new Option<string>("--remove") { Description = "Remove the rule of that number.", HelpName = "N" };
        var clear = new Option<bool>("--clear-schedule") { Description = "Remove all rules." };
        var share = new Option<string>("--share") { Description = "Whether downloads are given back: on or off.", HelpName = "on|off" };
        var listen = new Option<string>("--listen")
        {
            Description = "Where peers reach it, and where its downloads come from: an address or an interface, with or without a port, or 'any'. From its next start on.",
            HelpName = "ADDRESS|INTERFACE[:PORT]",
        };
        var json = Common.Json();
        MustBeNumber(slots, LimitChanges.SlotsMax, mayBeNone: true);
        MustBeNumber(remove, LimitChanges.RulesMax, mayBeNone: false);
        share.AcceptOnlyFromAmong(On, Off);
        Common.MustNotBeEmpty(at);
        Common.MustNotBeEmpty(listen);
        var verb = new Command("limits", Common.WithExamples(
            "Show what your agent may use, or change it: at once, also for what runs, and kept for later.",
            "cete agent limits --up 2MiB --down 10MiB --slots 8",
            "cete agent limits --up none                                    no limit",
            "cete agent limits --at 'mon-fri 08:00-18:00' --up 500KiB       other limits at some times",
            "cete agent limits --at '22:00-06:00' --up none --down none     every night, over midnight",
            "cete agent limits --remove 1                                   or --clear-schedule",
            "cete agent limits --listen tun0                                by that interface alone",
            "cete agent limits --share off                                  what you fetch is not given back"))
        {
            up, down, slots, at, remove, clear, share, listen, json,
        };
        verb.SetAction((parsed, stop) => RunAsync(
            new LimitsChange(
                RateOf(parsed.GetValue(up)), RateOf(parsed.GetValue(down)), NumberOf(parsed.GetValue(slots)),
                parsed.GetValue(share) is { } word ? word == On : null,
                parsed.GetValue(listen), parsed.GetValue(at), NumberOf(parsed.GetValue(remove)), parsed.GetValue(clear)),
            parsed.GetValue(json), stop));
        return verb;
    }

    /// <summary>A limit in words.</summary>
    public static string Words(long rate) => rate == 0 ? "no limit" : Units.Bytes(rate) + "/s";

    private static Option<string> Rate(string name, string description)
    {
        var option = new Option<string>(name) { Description = description, HelpName = "RATE" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Select(token => RateText.Parse(token.Value).Failure).OfType<Failure>().FirstOrDefault() is { } failure)
            {
                result.AddError($"{name}: {failure.Message}");
            }
        });
        return option;
    }

    private static void MustBeNumber(Option<string> option, int max, bool mayBeNone) => option.Validators.Add(result =>
    {
        if (!result.Tokens.All(token => (mayBeNone && token.Value is "none" or "0")
            || (int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max)))
        {
            result.AddError($"{option.Name} is a number from 1 to {max}{(mayBeNone ? ", or 'none'" : string.Empty)}");
        }
    });

    private static long? RateOf(string? text) => text is null ? null : RateText.Parse(text).Value;

    private static int? NumberOf(string? text) => text switch
    {
        null => null,
        "none" or "0" => LimitChanges.SlotsMax,
        _ => int.Parse(text, CultureInfo.InvariantCulture),
    };

    private static async Task<int> RunAsync(LimitsChange change, bool json, CancellationToken stop)
    {
        if (AgentPlace.Find() is not { } place)
        {
            return ExitCodes.Say(AgentVerb.NoFolder);
        }

        var isChanged = change != new LimitsChange();
        using var agent = new AgentClient(place.Socket);
        var answer = isChanged ? await agent.ChangeLimitsAsync(change, stop) : await agent.LimitsAsync(stop);
        if (answer.Failure is { Kind: FailureKind.NotFound } && !(await agent.InfoAsync(stop)).Succeeded)
        {
            answer = await WithoutAgentAsync(place, isChanged ? change : null);
        }

        if (!answer.Succeeded)
        {
            return ExitCodes.Say(answer.Failure);
        }

        if (json)
        {
            JsonOut.Line(answer.Value, AgentJson.Default.LimitsAnswer);
        }
        else
        {
            Print(answer.Value, change.Listen is not null);
        }

        return ExitCodes.Ok;
    }

    /// <summary>None runs: what it will read when it starts is read, and written while none can start.</summary>
    private static async Task<Outcome<LimitsAnswer>> WithoutAgentAsync(AgentPlace place, LimitsChange? change)
    {
        var limits = AgentSettings.Read(place);
        if (!limits.Succeeded || change is null)
        {
            return limits.Succeeded ? Answer(limits.Value) : limits.Failure;
        }

        var held = AgentHost.Hold(place);
        if (!held.Succeeded)
        {
            return held.Failure.Kind == FailureKind.Conflict
                ? new Failure(FailureKind.Unavailable, "an agent starts or ends in this moment; try again")
                : held.Failure;
        }

        await using var alone = held.Value;
        var changed = AgentSettings.Change(limits.Value, change);
        return !changed.Succeeded ? changed.Failure
            : AgentSettings.Keep(place, changed.Value) is { } unkept ? unkept
            : Answer(changed.Value);
    }

    private static LimitsAnswer Answer(AgentLimits limits)
    {
        var (schedule, now) = (new LimitSchedule(limits, TimeZoneInfo.Local), TimeProvider.System.GetUtcNow());
        var at = schedule.At(now);
        return new LimitsAnswer(limits, at.Up, at.Down, schedule.NextChange(now), IsRunning: false);
    }

    private static void Print(LimitsAnswer answer, bool isMoved)
    {
        var limits = answer.Limits;
        var until = answer.Until is { } next ? $", until {next.ToLocalTime():ddd yyyy-MM-dd HH:mm}" : string.Empty;
        Console.WriteLine($"Up {Words(answer.Up)}, down {Words(answer.Down)}{until}.");
        var rules = limits.Rules ?? [];
        if (rules.Count > 0)
        {
            Console.WriteLine($"Usually up {Words(limits.Up)}, down {Words(limits.Down)}; of the rules for a time the last one counts:");
        }

        for (var i = 0; i < rules.Count; i++)
        {
            var (up, down) = (rules[i].Up is { } u ? Words(u) : "as usual", rules[i].Down is { } d ? Words(d) : "as usual");
            Console.WriteLine($"{i + 1,4}  {rules[i].At,-24}  up {up}, down {down}");
        }

        var given = limits.Share ? "given back" : "not given back";
        Console.WriteLine($"{limits.Slots} slots; downloads are {given}; it listens at {EntryName.Show(limits.Listen)}.");
        if (answer.IsRunning && isMoved)
        {
            Console.WriteLine("Where it listens changes when it starts the next time: 'cete agent stop' ends it, and what needs it starts it again.");
        }
        else if (!answer.IsRunning)
        {
            Console.WriteLine("No agent runs; the next one keeps to this.");
        }
    }
}
