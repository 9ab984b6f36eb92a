using Cete.App.Verbs;
using Cete.Core;
using Cete.Net.Agent;

namespace Cete.App.Agent;

/// <summary>Where a user's agent is found, and how it is started when it is needed.</summary>
/// <param name="folder">Its folder.</param>
internal sealed class AgentPlace(string folder)
{
    /// <summary><c>off</c> has verbs do their work themselves.</summary>
    public const string Variable = "CETE_AGENT";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>What sockets of Linux can be called is this long (unix(7)).</summary>
    private const int SocketLengthMax = 107;

    /// <summary>
    /// How an agent's runtime behaves: one is started for a download of seconds, in which compiling again what is compiled already costs five times what the
    /// download itself does, looking for work by spinning half of the rest, and handing each small message to another thread a part of that.
    /// </summary>
    private static readonly Dictionary<string, string> Runtime = new()
    {
        ["DOTNET_TieredCompilation"] = "0",
        ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
        ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
    };

    public string Folder { get; } = folder;

    public string Socket { get; } = Path.Combine(folder, "socket");

    public string Jobs { get; } = Path.Combine(folder, "jobs");

    public string Subscriptions { get; } = Path.Combine(folder, "subscriptions.db");

    public string Shares { get; } = Path.Combine(folder, "shares.db");

    public string Given { get; } = Path.Combine(folder, "given.db");

    public string Limits { get; } = Path.Combine(folder, "limits.json");

    public string Key { get; } = Path.Combine(folder, "key.pem");

    public string Log { get; } = Path.Combine(folder, "agent.log");

    public string Lock { get; } = Path.Combine(folder, "lock");

    /// <summary>The place of this user's; null where a user has no folder for settings.</summary>
    public static AgentPlace? Find() => Common.SettingsFolder() is { } settings ? new AgentPlace(Path.Combine(settings, "agent")) : null;

    /// <summary>Whether verbs use it.</summary>
    public static bool IsWanted => Environment.GetEnvironmentVariable(Variable) is not "off";

    /// <summary>An agent that runs, of this version of the program; it is started if there is none. The client is the caller's.</summary>
    public async Task<Outcome<AgentClient>> OpenAsync(CancellationToken stop)
    {
        if (Socket.Length > SocketLengthMax)
        {
            return new Failure(
                FailureKind.Invalid, $"{Socket} is too long for the name of a socket; name a folder with a shorter path by {Common.SettingsVariable}, or use --foreground");
        }

        var client = new AgentClient(Socket);
        var failure = await EnsureAsync(client, stop);
        if (failure is null)
        {
            return client;
        }

        client.Dispose();
        return failure;
    }

    private async Task<Failure?> EnsureAsync(AgentClient client, CancellationToken stop)
    {
        var running = await client.InfoAsync(stop);
        if (running is { Succeeded: true, Value.Version: var version } && version == Compose.NodeHost.Version)
        {
            return null;
        }

        if (running.Succeeded)
        {
            // Of an earlier version of the program: its downloads go on in the new one.
            await client.StopAsync(stop);
        }

        // What keeps it from starting is said here, not in its log.
        if (AgentSettings.Open(this).Failure is { } unsound)
        {
            return unsound;
        }

        using var process = OwnProgram.Start(["agent", "run"], variables: Runtime);
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < StartDeadline)
        {
            var info = await client.InfoAsync(stop);
            if (info is { Succeeded: true, Value.Version: var now } && now == Compose.NodeHost.Version)
            {
                return null;
            }

            if (process.HasExited && process.ExitCode != 0 && !info.Succeeded)
            {
                break;
            }

            await Task.Delay(LookInterval, TimeProvider.System, stop);
        }

        return new Failure(FailureKind.Unavailable, $"the agent does not start; {Log} says why. --foreground does without it");
    }
}
