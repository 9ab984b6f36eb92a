using Cete.Actors;
using Cete.Core;
using Cete.Hocon;

namespace Cete.Configuration;

/// <summary>What the actor that reads settings again understands.</summary>
internal enum ReloadMessage
{
    /// <summary>Read them again if the files have changed.</summary>
    Look,

    /// <summary>Read them again.</summary>
    Reload,
}

/// <summary>Reads the files of a running node again when they change or when it is told to. Runs where actors may block.</summary>
internal sealed class ReloadActor(SettingsLoader loader, LiveSettings<EffectiveSettings> live, TimeSpan interval, Action<string> say)
    : Actor<ReloadMessage>
{
    protected override void Started() => Context.Timers.StartPeriodic(nameof(ReloadMessage.Look), ReloadMessage.Look, interval);

    protected override void Receive(ReloadMessage message)
    {
        if (message == ReloadMessage.Reload || loader.HaveFilesChanged())
        {
            Load(message == ReloadMessage.Reload);
        }
    }

    private void Load(bool wasAsked)
    {
        var before = live.Current;
        var load = loader.Load(before);
        Say(load.Problems.Concat(load.Warnings));
        if (load.Settings is not { } settings)
        {
            say("settings: nothing is changed, because of the mistakes above");
            return;
        }

        live.Change(settings);
        var changes = Changes(before, settings).ToList();
        changes.ForEach(say);
        if (wasAsked && changes.Count == 0)
        {
            say("settings: read again, nothing has changed");
        }
    }

    private void Say(IEnumerable<HoconError> errors)
    {
        foreach (var error in errors)
        {
            say($"settings: {EntryName.Show(SettingsLoad.Describe(error))}");
        }
    }

    private static IEnumerable<string> Changes(EffectiveSettings before, EffectiveSettings after)
    {
        foreach (var (old, now) in before.List.Zip(after.List))
        {
            if (old.Text != now.Text)
            {
                yield return $"settings: {now.Setting.Path} is now {now.Text} ({EntryName.Show(now.Origin)})";
            }

            if (old.Next?.Text != now.Next?.Text)
            {
                yield return now.Next is { } next
                    ? $"settings: {now.Setting.Path} will be {next.Text} ({EntryName.Show(next.Origin)}) after a restart; until then it is {now.Text}"
                    : $"settings: {now.Setting.Path} is {now.Text} again; no restart is needed";
            }
        }
    }
}

/// <summary>Keeps the settings of a running node as its files have them.</summary>
public sealed class SettingsReload
{
    /// <summary>Editing is slow and looking is cheap: a change counts after twice this, since a file has to stay the same between two looks.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly ActorRef<ReloadMessage> _actor;

    private SettingsReload(ActorRef<ReloadMessage> actor) => _actor = actor;

    /// <summary>Starts to look after the files that <paramref name="loader"/> has loaded; it is used by this alone from now on.</summary>
    /// <param name="system">Where the actor lives that does so.</param>
    /// <param name="loader">What reads the files.</param>
    /// <param name="live">What changes with them.</param>
    /// <param name="say">Takes lines for the people who run the node.</param>
    public static SettingsReload Start(ActorSystem system, SettingsLoader loader, LiveSettings<EffectiveSettings> live, Action<string> say)
    {
        var options = new ActorOptions
        {
            Dispatcher = system.Blocking,
            MailboxCapacity = 16,
            Overflow = MailboxOverflow.DropNewest,
            Supervision = SupervisionStrategy.Restart,
        };
        return new SettingsReload(system.Spawn("node.settings", () => new ReloadActor(loader, live, Interval, say), options));
    }

    /// <summary>Has the files read again now, whether they have changed or not.</summary>
    public void Reload() => _actor.Tell(ReloadMessage.Reload);
}
