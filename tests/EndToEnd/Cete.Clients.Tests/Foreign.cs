using System.Diagnostics;
using System.Text.Json;

namespace Cete.Clients.Tests;

/// <summary>Runs programs of others; a test whose program is not there is skipped and says so.</summary>
internal static class Foreign
{
    private const string Python = "/usr/bin/python3";
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    /// <summary>Runs a program to its end, which must be a good one; its output.</summary>
    public static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        var (code, output, error) = await TryAsync(folder, program, arguments);
        Assert.True(code == 0, $"{program} ended with {code}; out: {output}; error: {error}");
        return output;
    }

    public static async Task<(int Code, string Out, string Error)> TryAsync(string folder, string program, params string[] arguments)
    {
        Need(program);
        using var process = Start(folder, program, arguments);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Bound, TimeProvider.System);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            End(process);
        }
    }

    /// <summary>Runs a script of this project that needs a module; the JSON it prints.</summary>
    public static async Task<JsonElement> ScriptAsync(string module, string script, params string[] arguments)
    {
        await NeedModuleAsync(module);
        var output = await RunAsync(Path.GetTempPath(), Python, [PathOf(script), .. arguments]);
        return JsonDocument.Parse(output).RootElement.Clone();
    }

    /// <summary>Starts a script that stays until it is disposed; returns when it has printed its first line.</summary>
    public static async Task<IAsyncDisposable> StayAsync(string module, string script, params string[] arguments)
    {
        await NeedModuleAsync(module);
        var process = Start(Path.GetTempPath(), Python, [PathOf(script), .. arguments]);
        var running = new Running(process);
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Bound, TimeProvider.System);
        if (string.IsNullOrEmpty(line))
        {
            var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await running.DisposeAsync();
            Assert.Fail($"{script} ended: {error}");
        }

        return running;
    }

    private static void Need(string program) => Assert.SkipUnless(
        File.Exists(program) || (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Any(f => File.Exists(Path.Combine(f, program))),
        $"{program} is not installed; .ci/run installs it");

    private static async Task NeedModuleAsync(string module)
    {
        Need(Python);
        var (code, _, _) = await TryAsync(Path.GetTempPath(), Python, "-c", $"import {module}");
        Assert.SkipUnless(code == 0, $"the Python module {module} is not installed; .ci/run installs it");
    }

    private static string PathOf(string script) => Path.Combine(AppContext.BaseDirectory, "scripts", script);

    private static Process Start(string folder, string program, IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["no_proxy"] = "*", ["http_proxy"] = string.Empty, ["HOME"] = folder },
    })!;

    private static void End(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    private sealed class Running(Process process) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            End(process);
            process.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
