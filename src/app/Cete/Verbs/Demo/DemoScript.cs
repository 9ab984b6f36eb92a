using System.Diagnostics;
using System.Formats.Tar;
using System.Text.Json;
using Cete.App.Output;
using Cete.Core;

namespace Cete.App.Verbs.Demo;

/// <summary>The steps of the demo, each by a process of its own as a user would run it, each checked.</summary>
internal sealed class DemoScript(Uri node, string folder)
{
    /// <summary>Real content that is on every machine that can run this: the shared frameworks of .NET.</summary>
    private static readonly string Frameworks =
        Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", ".."));

    private readonly string _own = Path.Combine(folder, "own");
    private readonly string _got = Path.Combine(folder, "got");

    /// <summary>Null when every step did what it should.</summary>
    public async Task<Failure?> RunAsync(CancellationToken stop)
    {
        Func<CancellationToken, Task<Failure?>>[] steps = [PutFolderAsync, PutArchiveAsync, PutAgainAsync, SearchAsync, GetFileAsync, GetFolderAsync];
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
        var found = await CallAsync(["search", "system", "text", "json", "--node", node.AbsoluteUri], stop);
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
        var output = await CallAsync([.. arguments, "--node", node.AbsoluteUri, "--json"], stop);
        return output.Then(text => (T)JsonSerializer.Deserialize(text, OutputJson.Default.GetTypeInfo(typeof(T))!)!);
    }

    private static async Task<Outcome<string>> CallAsync(string[] arguments, CancellationToken stop)
    {
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in isHost ? [Path.Combine(AppContext.BaseDirectory, "cete.dll"), .. arguments] : arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(stop);
            var errors = process.StandardError.ReadToEndAsync(stop);
            await process.WaitForExitAsync(stop);
            return process.ExitCode == ExitCodes.Ok
                ? await output
                : new Failure(FailureKind.Unavailable, $"'cete {string.Join(' ', arguments)}' ended with {process.ExitCode}: {await errors}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static bool Same(string one, string other)
    {
        using var a = File.OpenRead(one);
        using var b = File.OpenRead(other);
        return a.Length == b.Length && System.Security.Cryptography.SHA256.HashData(a).AsSpan().SequenceEqual(System.Security.Cryptography.SHA256.HashData(b));
    }

    private static Failure? Check(bool holds, string problem, string shown)
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

    private static void Say(string step) => Console.WriteLine($"  {step}");
}
