using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Cete.Program.Tests;

/// <summary>How a run of the program ended.</summary>
internal sealed record Ran(int Code, string Out, string Error)
{
    /// <summary>The last line of the output as JSON.</summary>
    public JsonElement Json => Lines[^1];

    /// <summary>Every line of the output as JSON.</summary>
    public IReadOnlyList<JsonElement> Lines =>
        [.. Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.Clone())];

    public Ran Ended(int code)
    {
        Assert.True(Code == code, $"ended with {Code}, not {code}; out: {Out}; error: {Error}");
        return this;
    }

    public long Number(string name) => Json.GetProperty(name).GetInt64();

    /// <summary>Path and code of each problem.</summary>
    public IReadOnlyList<(string Path, string Code, string Message)> Problems =>
        [.. Json.GetProperty("problems").EnumerateArray().Select(p => (Text(p, "path"), Text(p, "code"), Text(p, "message")))];

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}

/// <summary>A run of <c>cete</c>; disposing ends it, however it stands.</summary>
internal sealed class CeteProcess : IAsyncDisposable
{
    public const int HangUp = 1;
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);
    private static readonly string Checkout = FindCheckout();
    private static readonly string Binary = Path.Combine(Checkout, Built());
    internal static readonly string Settings = NewSettings();

    /// <summary>The program, for whoever starts it otherwise.</summary>
    internal static string Program => Binary;

    /// <summary>What stands in its environment: its settings are none of the user's who runs the tests, and it keeps no agent.</summary>
    internal static IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>
    {
        ["XDG_CONFIG_HOME"] = Settings,
        ["CETE_AGENT"] = "off",
    };

    private readonly Process _process;
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();
    private readonly Task _outRead;
    private readonly Task _errorRead;
    private int _disposed;
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CeteProcess(Process process)
    {
        _process = process;
        _outRead = ReadOutAsync();
        _errorRead = ReadErrorAsync();
    }

    /// <summary>The program as it landed last time; null where it was not built.</summary>
    public static string? Previous { get; } = FindPrevious();

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The first line of the output; empty when it ended without one.</summary>
    public Task<string> FirstLine => _firstLine.Task;

    /// <summary>What it has said on the error stream.</summary>
    public string ErrorSoFar
    {
        get
        {
            lock (_error)
            {
                return _error.ToString();
            }
        }
    }

    /// <summary>What it has said on the output.</summary>
    public string OutputSoFar
    {
        get
        {
            lock (_out)
            {
                return _out.ToString();
            }
        }
    }

    /// <param name="arguments">Its command line.</param>
    /// <param name="folder">Where it is to run.</param>
    /// <param name="variable">Stands in its environment.</param>
    /// <param name="network">A network namespace to run in (ip-netns(8)).</param>
    /// <param name="variables">Stand in its environment too.</param>
    /// <param name="program">Another build of it.</param>
    public static CeteProcess Start(
        IReadOnlyList<string> arguments, string? folder = null, (string Name, string Value)? variable = null, string? network = null,
        IReadOnlyDictionary<string, string>? variables = null, string? program = null)
    {
        // 'ip netns exec' becomes the program, so signals reach it.
        var info = new ProcessStartInfo(network is null ? program ?? Binary : "ip")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var argument in (IEnumerable<string>)(network is null ? arguments : ["netns", "exec", network, Binary, .. arguments]))
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var ours in (string[])["CETE_NODE", "CETE_ROUNDS", "CETE_SEED"])
        {
            info.Environment.Remove(ours);
        }

        info.Environment["XDG_CONFIG_HOME"] = Settings;

        // What is tested is one process; AgentTests want the agent.
        info.Environment["CETE_AGENT"] = "off";

        // Most runs live for a second: a fifth of their processor time is compiling again, better, what soon ends.
        info.Environment["DOTNET_TC_CallCountingDelayMs"] = "1000";
        if (variable is { } set)
        {
            info.Environment[set.Name] = set.Value;
        }

        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            info.Environment[name] = value;
        }

        return new CeteProcess(Process.Start(info)!);
    }

    public static async Task<Ran> RunAsync(
        IReadOnlyList<string> arguments, string? folder = null, (string Name, string Value)? variable = null, string? network = null,
        IReadOnlyDictionary<string, string>? variables = null)
    {
        await using var run = Start(arguments, folder, variable, network, variables);
        return await run.EndAsync();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<Ran> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Bound, TimeProvider.System);
        await _outRead;
        await _errorRead;
        return new Ran(_process.ExitCode, _out.ToString(), ErrorSoFar);
    }

    /// <summary>Sends a signal to this very process.</summary>
    public void Signal(int signal)
    {
        if (!_process.HasExited)
        {
            Signals.Send(_process.Id, signal);
        }
    }

    /// <summary>Kilobytes of memory that it had at most so far.</summary>
    public long PeakMemory()
    {
        try
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan(6).Trim().TrimEnd("kB").Trim(), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ReadOutAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_out)
            {
                _out.Append(line).Append('\n');
            }

            _firstLine.TrySetResult(line);
        }

        _firstLine.TrySetResult(string.Empty);
    }

    private async Task ReadErrorAsync()
    {
        var buffer = new char[4096];
        for (var count = await _process.StandardError.ReadAsync(buffer); count > 0; count = await _process.StandardError.ReadAsync(buffer))
        {
            lock (_error)
            {
                _error.Append(buffer, 0, count);
            }
        }
    }

    /// <summary>A folder for what the program remembers of a user, so that it is not the user's who runs the tests.</summary>
    private static string NewSettings()
    {
        var folder = Directory.CreateTempSubdirectory("cete-settings-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }

    private static string Built() =>
        Path.Combine("artifacts", "bin", "Cete", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "cete");

    private static string? FindPrevious()
    {
        var commit = File.ReadAllText(Path.Combine(Checkout, "tests", "EndToEnd", "Previous", "commit")).Trim();
        var path = Path.Combine(Checkout, "artifacts", "previous", commit, "artifacts", "bin", "Cete", "release", "cete");
        return File.Exists(path) ? path : null;
    }

    private static string FindCheckout()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Cete.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("the tests run within the checkout");
    }
}

/// <summary>Signals to processes by their ids.</summary>
internal static partial class Signals
{
    /// <summary>Sends one.</summary>
    public static void Send(int process, int signal) => _ = Kill(process, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
