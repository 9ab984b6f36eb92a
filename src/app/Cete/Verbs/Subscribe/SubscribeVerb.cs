using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;
using Cete.Index;
using Cete.Ledger;
using Cete.Net.Agent;
using Cete.Ports.Folders;

namespace Cete.App.Verbs.Subscribe;

/// <summary><c>cete subscribe</c>: has the agent follow a folder, or a search.</summary>
internal static class SubscribeVerb
{
    private static readonly string[] WhatMax = ["FOLDER", "DIR"];

    public static Command Make()
    {
        var what = new Argument<string[]>("what")
        {
            Description = "A folder of the index, and the folder to save in; with --search the latter is enough.",
            HelpName = string.Join(' ', WhatMax),
            Arity = new ArgumentArity(1, WhatMax.Length),
        };
        var options = new SubscribeOptions();
        var (node, trust, json) = (Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("subscribe", Common.WithExamples(
            "Follow a folder: what is filed there from now on arrives by itself, within seconds, and again after a restart. Your agent sees to it.",
            "cete subscribe /podcasts ~/podcasts --below",
            "cete subscribe /films ~/films --match '*.mkv' --max-size 8GiB --since 7d",
            "cete subscribe /papers ~/papers --since all --on-delete trash",
            "cete subscribe --search 'sour dough' ~/recipes --notify      only take note of it",
            "cete subscribe /music ~/music --then 'mpv --no-video {}'     run without a shell, the file for {}")) { what };
        options.AddTo(verb);
        verb.Options.Add(node);
        verb.Options.Add(trust);
        verb.Options.Add(json);
        verb.SetAction(async (parsed, stop) =>
        {
            var arguments = parsed.GetRequiredValue(what);
            var words = parsed.GetValue(options.Search);
            if (arguments.Length < WhatMax.Length && words is null)
            {
                return ExitCodes.Say(new Failure(FailureKind.Invalid, "name a folder of the index and one to save in: cete subscribe /videos ~/videos"));
            }

            await using var client = Common.Connect(parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));
            var folder = await FindAsync(client, arguments.Length < WhatMax.Length ? "/" : arguments[0], stop);
            if (!folder.Succeeded)
            {
                return ExitCodes.Say(folder.Failure);
            }

            var request = new SubscriptionRequest(
                folder.Value, Path.GetFullPath(arguments[^1]), parsed.GetRequiredValue(node).AbsoluteUri, Common.TrustText(parsed, trust));
            return await DownloadsVerb.WithAgentAsync(
                async agent => Say(await agent.SubscribeAsync(options.Read(parsed, request), stop), parsed.GetValue(json)), stop);
        });
        return verb;
    }

    /// <summary>The folder's path as the index has it.</summary>
    private static async Task<Outcome<string>> FindAsync(Net.NodeClient client, string text, CancellationToken stop)
    {
        var path = EntryPath.Parse(text);
        var found = path.Succeeded
            ? await client.GetAsync($"{Routes.Folders}?path={Uri.EscapeDataString(path.Value.ToString())}&limit=1", ApiJson.Default.FolderPage, stop)
            : path.Failure;
        return found.Then(page => page.Folder.Path);
    }

    private static int Say(Outcome<SubscriptionInfo> added, bool json)
    {
        if (!added.Succeeded)
        {
            return ExitCodes.Say(added.Failure);
        }

        var one = added.Value;
        if (json)
        {
            JsonOut.Line(one, AgentJson.Default.SubscriptionInfo);
        }
        else
        {
            var from = one.Request.Since is null ? "what is new from now on" : "what is there, and what comes";
            var place = one.Request.IsNoticeOnly ? "is noted" : $"goes to {EntryName.Show(one.To)}";
            Console.WriteLine($"Subscription {one.Id} follows {EntryName.Show(one.Folder)}: {from} {place}. 'cete subscriptions' tells how it stands.");
        }

        return ExitCodes.Ok;
    }
}

/// <summary>What one may say of a subscription.</summary>
internal sealed class SubscribeOptions
{
    private readonly Option<bool> _below = new("--below") { Description = "Also what is in folders below; their tree is made here too." };

    private readonly Option<string[]> _match = new("--match")
    {
        Description = "Only names like this, with * and ?; with a slash the path in the folder counts. May be repeated.",
        HelpName = "GLOB",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> _kind = new("--kind")
    {
        Description = "Only files of this kind: image, audio, video, document, text, archive, disk, code, link or file. May be repeated.",
        HelpName = "KIND",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _since = new("--since")
    {
        Description = "Also what was filed since: now, all, within 12h, 7d, 3mo, 1y, or a date.",
        HelpName = "TIME",
        DefaultValueFactory = _ => "now",
    };

    private readonly Option<bool> _notify = new("--notify") { Description = "Fetch nothing, only take note: 'cete subscriptions files' lists it." };
    private readonly Option<bool> _byKind = new("--by-kind") { Description = "Put files of each kind into a folder of its own, such as video." };
    private readonly Option<bool> _hidden = new("--hidden") { Description = "Take names too that begin with a dot." };
    private readonly Option<string> _minSize = new("--min-size") { Description = "Only files of so many bytes or more, such as 10MB or 1.5GiB.", HelpName = "SIZE" };
    private readonly Option<string> _maxSize = new("--max-size") { Description = "Only files of so many bytes or fewer.", HelpName = "SIZE" };

    private readonly Option<string> _onDelete = new("--on-delete")
    {
        Description = "What happens here to files whose entries are gone: keep, or trash (moved to .cete-trash in the folder).",
        DefaultValueFactory = _ => "keep",
    };

    private readonly Option<string> _onMove = new("--on-move")
    {
        Description = "What happens here when entries or the folder are moved: follow, or keep.",
        DefaultValueFactory = _ => "follow",
    };

    private readonly Option<string> _then = new("--then")
    {
        Description = "A program to run for each file that came, with its arguments; {} stands for the file. No shell reads it.",
        HelpName = "COMMAND",
    };

    private readonly Option<string> _maxPrice = new("--max-price")
    {
        Description = "Credits that may be spent on one file, such as 0.5.",
        HelpName = "CREDITS",
    };

    /// <summary>Words of a search to follow.</summary>
    public Option<string> Search { get; } = new("--search")
    {
        Description = "Only what is found by these words, in the folder and below.",
        HelpName = "WORDS",
    };

    public void AddTo(Command verb)
    {
        _onDelete.AcceptOnlyFromAmong("keep", "trash");
        _onMove.AcceptOnlyFromAmong("follow", "keep");
        _kind.AcceptOnlyFromAmong([.. EntryKind.All]);
        Texts.MustBe(_since, text => Texts.Moment(text, TimeProvider.System.GetUtcNow()));
        Texts.MustBe(_minSize, Texts.Size);
        Texts.MustBe(_maxSize, Texts.Size);
        Texts.MustBe(_then, Texts.Command);
        Texts.MustBe(_maxPrice, text => Credits.Parse(text));
        foreach (var option in (Option[])
            [_below, _match, _kind, _since, Search, _notify, _byKind, _hidden, _minSize, _maxSize, _onDelete, _onMove, _then, _maxPrice])
        {
            Common.MustNotBeEmpty(option);
            verb.Options.Add(option);
        }
    }

    /// <summary>A request with all that was said.</summary>
    public SubscriptionRequest Read(ParseResult parsed, SubscriptionRequest request) => request with
    {
        Below = parsed.GetValue(_below) || parsed.GetValue(Search) is not null,
        Match = parsed.GetRequiredValue(_match),
        Kinds = parsed.GetRequiredValue(_kind),
        Words = parsed.GetValue(Search),
        Since = Texts.Moment(parsed.GetRequiredValue(_since), TimeProvider.System.GetUtcNow()).Value,
        IsNoticeOnly = parsed.GetValue(_notify),
        IsByKind = parsed.GetValue(_byKind),
        TakesHidden = parsed.GetValue(_hidden),
        MinSize = parsed.GetValue(_minSize) is { } least ? Texts.Size(least).Value : 0,
        MaxSize = parsed.GetValue(_maxSize) is { } most ? Texts.Size(most).Value : long.MaxValue,
        OnDelete = parsed.GetValue(_onDelete) == "trash" ? WhenGone.Trash : WhenGone.Keep,
        OnMove = parsed.GetValue(_onMove) == "keep" ? WhenMoved.Keep : WhenMoved.Follow,
        Then = parsed.GetValue(_then) is { } then ? Texts.Command(then).Value : [],
        MaxPrice = parsed.GetValue(_maxPrice) is { } price ? Credits.Parse(price).Value : 0,
    };
}
