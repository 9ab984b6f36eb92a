using System.Formats.Tar;
using System.Text.Json;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;

namespace Cete.App.Verbs.Demo;

/// <summary>The steps of the demo, each by a process of its own as a user would run it, each checked.</summary>
internal sealed class DemoScript(DemoNodes nodes, string folder)
{
    private static readonly TimeSpan GroupsDeadline = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Real content that is on every machine that can run this: the shared frameworks of .NET.</summary>
    private static readonly string Frameworks =
        Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", ".."));

    private readonly string _own = Path.Combine(folder, "own");
    private readonly string _got = Path.Combine(folder, "got");

    /// <summary>Null when every step did what it should.</summary>
    public async Task<Failure?> RunAsync(CancellationToken stop)
    {
        Func<CancellationToken, Task<Failure?>>[] steps = [
            JoinAsync, PutFolderAsync, PutArchiveAsync, PutAgainAsync, SearchAsync, GetFileAsync, GetFolderAsync, new DemoAccounts(nodes, folder).RunAsync,
            new DemoSwarm(nodes, folder).RunAsync, new DemoBank(nodes, folder).RunAsync,
            new DemoServices(nodes, folder).RunAsync, LoseRootAsync,
        ];
        foreach (var step in steps)
        {
            try
            {
                if (await step(stop) is { } failure)
                {
                    return failure;
                }
            }
            catch (OperationCanceledException)
            {
                return new Failure(FailureKind.Cancelled, "stopped on request");
            }
        }

        return null;
    }

    private async Task<Failure?> JoinAsync(CancellationToken stop)
    {
        Say("join     two more nodes, each by a token; every service then has three replicas");
        var failure = await nodes.StartOthersAsync(() => TokenAsync(stop), stop);
        return failure ?? (await WaitForGroupsAsync(groups => groups.All(group => group.FailuresTolerated == 1), stop)).Failure;
    }

    private async Task<Outcome<string>> TokenAsync(CancellationToken stop)
    {
        var made = await OwnProgram.CallAsync(
            [
                "token", "create", "--node", nodes.Address.AbsoluteUri, "--key", nodes.Key, "--roles",
                "accounts,bank,cache,index,services,share,tracker", "--json",
            ],
            stop);
        return made.Then(text => JsonSerializer.Deserialize(text, ApiJson.Default.TokenAnswer)!.Token);
    }

    /// <summary>What users would notice of it: that the next write takes a moment.</summary>
    private async Task<Failure?> LoseRootAsync(CancellationToken stop)
    {
        var groups = await GroupsAsync(stop);
        if (!groups.Succeeded)
        {
            return groups.Failure;
        }

        var before = await ListAsync(stop);
        var root = groups.Value.First(group => group.Name == "index").Root ?? string.Empty;
        var name = nodes.Kill(root);
        Say($"kill     the {name} node, the root of the index, without a warning; then put in one more file");
        var began = TimeProvider.System.GetTimestamp();
        var file = Path.Combine(_own, "written-after-the-kill.txt");
        await File.WriteAllTextAsync(file, "The index has another root by now.\n", stop);
        var put = await RunAsync<PutSummary>(["put", file, "--to", "/after"], stop);
        if (!put.Succeeded)
        {
            return put.Failure;
        }

        var pause = TimeProvider.System.GetElapsedTime(began);
        var after = await ListAsync(stop);
        var isWhole = before.Succeeded && after.Succeeded && before.Value.All(after.Value.Contains);
        return Check(
            isWhole && put.Value.Problems.Count == 0, "not everything is there that was there before",
            $"written {Units.Seconds(pause)} after the kill, on a node that was a mirror; everything from before is there")
            ?? await StartAgainAsync(name!, stop);
    }

    private async Task<Failure?> StartAgainAsync(string name, CancellationToken stop)
    {
        Say($"start    the {name} node again: it catches up, and is a mirror now");
        return await nodes.StartAgainAsync(name, stop) ?? (await WaitForGroupsAsync(
            groups => groups.All(group => group.Root is not null && group.Replicas.All(replica => replica.IsPresent)), stop)).Failure;
    }

    private async Task<Outcome<List<string>>> ListAsync(CancellationToken stop)
    {
        var listed = await OwnProgram.CallAsync(["ls", "/", "--node", nodes.Address.AbsoluteUri, "--json"], stop);
        return listed.Then(text => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList());
    }

    private async Task<Outcome<List<GroupInfo>>> GroupsAsync(CancellationToken stop)
    {
        var listed = await OwnProgram.CallAsync(["group", "list", "--node", nodes.Address.AbsoluteUri, "--json"], stop);
        return listed.Then(text => text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize(line, ApiJson.Default.GroupInfo)!).ToList());
    }

    private async Task<Outcome<bool>> WaitForGroupsAsync(Predicate<List<GroupInfo>> isReached, CancellationToken stop)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var groups = await GroupsAsync(stop);
            if (groups is { Succeeded: true } && isReached(groups.Value))
            {
                return true;
            }

            if (TimeProvider.System.GetElapsedTime(began) > GroupsDeadline)
            {
                return groups.Failure ?? new Failure(FailureKind.Unavailable, $"the replicas were not ready in {GroupsDeadline.TotalSeconds:0} s");
            }

            await Task.Delay(LookInterval, TimeProvider.System, stop);
        }
    }

    private async Task<Failure?> PutFolderAsync(CancellationToken stop)
    {
        Say($"put      the folder {Frameworks}");
        var put = await RunAsync<PutSummary>(["put", Path.Combine(Frameworks, "Microsoft.NETCore.App"),
            Path.Combine(Frameworks, "Microsoft.AspNetCore.App"), "--to", "/dotnet", "--tag", "dotnet"], stop);
        return put.Failure ?? Check(put.Value.Files > 100 && put.Value.Problems.Count == 0, "not every file could be put in", Shown(put.Value));
    }

    private async Task<Failure?> PutArchiveAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(_own);
        var archive = Path.Combine(_own, "dotnet.tar");
        await TarFile.CreateFromDirectoryAsync(Frameworks, archive, includeBaseDirectory: false, stop);
        Say($"put      one large file, {Units.Bytes(new FileInfo(archive).Length)}");
        var put = await RunAsync<PutSummary>(["put", archive, "--to", "/archive", "--description", "All of it in one file"], stop);
        return put.Failure ?? Check(put.Value.Files == 1, "the archive could not be put in", Shown(put.Value));
    }

    private async Task<Failure?> PutAgainAsync(CancellationToken stop)
    {
        Say("put      the same file once more: its content is known, so it is not sent");
        var put = await RunAsync<PutSummary>(["put", Path.Combine(_own, "dotnet.tar"), "--to", "/archive"], stop);
        return put.Failure ?? Check(put.Value.SentBytes == 0, "known content was sent again", Shown(put.Value));
    }

    private async Task<Failure?> SearchAsync(CancellationToken stop)
    {
        Say("search   'system text json'");
        var found = await OwnProgram.CallAsync(["search", "system", "text", "json", "--node", nodes.Address.AbsoluteUri], stop);
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        var lines = found.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return Check(lines.Any(line => line.Contains("System.Text.Json.dll", StringComparison.Ordinal)), "System.Text.Json.dll was not found",
            lines.Length > 0 ? lines[0].Trim() : string.Empty);
    }

    private async Task<Failure?> GetFileAsync(CancellationToken stop)
    {
        Say("get      the large file, into another folder");
        var get = await RunAsync<GetSummary>(["get", "/archive/dotnet.tar", "--to", _got], stop);
        return get.Failure ?? Check(
            get.Value.Files == 1 && Same(Path.Combine(_own, "dotnet.tar"), Path.Combine(_got, "dotnet.tar")),
                "the file that came is not the one that was put in", Shown(get.Value));
    }

    private async Task<Failure?> GetFolderAsync(CancellationToken stop)
    {
        Say("get      a folder of hundreds of files");
        var get = await RunAsync<GetSummary>(["get", "/dotnet", "--to", _got], stop);
        if (!get.Succeeded)
        {
            return get.Failure;
        }

        var wrong = Directory.EnumerateFiles(Path.Combine(_got, "dotnet"), "*", SearchOption.AllDirectories)
            .Count(file => !Same(Path.Combine(Frameworks, Path.GetRelativePath(Path.Combine(_got, "dotnet"), file)), file));
        return Check(get.Value.Problems.Count == 0 && get.Value.Files > 100
            && wrong == 0, $"{wrong} files differ, {get.Value.Problems.Count} are missing", Shown(get.Value));
    }

    private async Task<Outcome<T>> RunAsync<T>(string[] arguments, CancellationToken stop)
    {
        var output = await OwnProgram.CallAsync([.. arguments, "--node", nodes.Address.AbsoluteUri, "--json"], stop);
        return output.Then(text => (T)JsonSerializer.Deserialize(text, OutputJson.Default.GetTypeInfo(typeof(T))!)!);
    }

    internal static bool Same(string one, string other)
    {
        using var a = File.OpenRead(one);
        using var b = File.OpenRead(other);
        return a.Length == b.Length && System.Security.Cryptography.SHA256.HashData(a).AsSpan().SequenceEqual(System.Security.Cryptography.SHA256.HashData(b));
    }

    internal static Failure? Check(bool holds, string problem, string shown)
    {
        Console.WriteLine($"           {shown}");
        return holds ? null : new Failure(FailureKind.Damaged, problem);
    }

    private static string Shown(PutSummary put)
    {
        var time = TimeSpan.FromSeconds(put.Seconds);
        return $"{put.Files} files, {Units.Bytes(put.Bytes)} in {Units.Seconds(time)} ({Units.Rate(put.Bytes, time)}), sent {Units.Bytes(put.SentBytes)}";
    }

    private static string Shown(GetSummary get)
    {
        var time = TimeSpan.FromSeconds(get.Seconds);
        return $"{get.Files} files, {Units.Bytes(get.Bytes)} in {Units.Seconds(time)} ({Units.Rate(get.Bytes, time)}), every piece verified, then compared with the original";
    }

    internal static void Say(string step) => Console.WriteLine($"  {step}");
}
