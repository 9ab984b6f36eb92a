using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Cete.Testing;

namespace Cete.Program.Tests.Terminals;

/// <summary>A run of <c>cete</c> in a terminal of its own, which .NET cannot make: a small helper in Python does.</summary>
internal sealed class PseudoTerminal : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly Process _helper;

    private PseudoTerminal(Process helper) => _helper = helper;

    /// <summary>What is on the screen, line by line.</summary>
    public IReadOnlyList<string> Screen { get; private set; } = [];

    /// <summary>The program has the screen for itself.</summary>
    public bool IsOther { get; private set; }

    /// <summary>The terminal takes keys as it did before.</summary>
    public bool IsAsBefore { get; private set; }

    public bool HasCursor { get; private set; }

    /// <summary>What it ended with, as waitpid(2) tells; null while it runs.</summary>
    public int? Ended { get; private set; }

    /// <summary>What the terminal was told that no text of others may tell it.</summary>
    public IReadOnlyList<string> Strange { get; private set; } = [];

    private string Text => string.Join('\n', Screen);

    /// <summary>Starts the program in a terminal of so many columns and lines.</summary>
    public static PseudoTerminal Start(
        IReadOnlyList<string> arguments, int columns = 80, int rows = 24, IReadOnlyDictionary<string, string>? variables = null)
    {
        Assert.SkipUnless(File.Exists(Python), $"a terminal cannot be made: there is no {Python}");
        var info = new ProcessStartInfo(Python)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var argument in (string[])
            [Path.Combine(AppContext.BaseDirectory, "Terminals", "terminal.py"), $"{columns}", $"{rows}", CeteProcess.Program, .. arguments])
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in CeteProcess.Variables.Concat(variables ?? new Dictionary<string, string>()))
        {
            info.Environment[name] = value;
        }

        info.Environment.Remove("CETE_NODE");
        info.Environment.Remove("NO_COLOR");
        info.Environment["TERM"] = variables?.GetValueOrDefault("TERM") ?? "xterm-256color";
        info.Environment["LC_ALL"] = "C.UTF-8";
        info.Environment["TZ"] = "UTC";
        return new PseudoTerminal(Process.Start(info)!);
    }

    /// <summary>Types keys.</summary>
    public Task TypeAsync(string keys) => AskAsync(new { keys });

    /// <summary>Makes it larger or smaller.</summary>
    public Task ResizeAsync(int columns, int rows) => AskAsync(new { size = (int[])[columns, rows] });

    /// <summary>Sends the program a signal.</summary>
    public Task SignalAsync(int signal) => AskAsync(new { signal });

    /// <summary>Waits until all of it is to be read.</summary>
    public async Task ShowsAsync(params string[] texts)
    {
        try
        {
            await UntilAsync(() => Ended is not null || texts.All(text => Text.Contains(text, StringComparison.Ordinal)), string.Join(" | ", texts));
        }
        finally
        {
            TestContext.Current.TestOutputHelper?.WriteLine(Text);
        }

        Assert.All(texts, text => Assert.Contains(text, Text, StringComparison.Ordinal));
    }

    /// <summary>Types keys, and waits until something is to be read.</summary>
    public async Task TypeAsync(string keys, params string[] texts)
    {
        await TypeAsync(keys);
        await ShowsAsync(texts);
    }

    /// <summary>Waits for the program's end; the terminal is as it was then.</summary>
    public async Task<int> EndAsync()
    {
        await UntilAsync(() => Ended is not null, "the program ended");
        Assert.True(IsAsBefore, "the terminal takes keys otherwise than before");
        Assert.False(IsOther, "the screen is still the program's");
        Assert.True(HasCursor, "there is no cursor");
        return Ended!.Value;
    }

    public async ValueTask DisposeAsync()
    {
        _helper.StandardInput.Close();
        await _helper.WaitForExitAsync();
        _helper.Dispose();
    }

    private Task UntilAsync(Func<bool> condition, string what) => Eventually.TrueAsync(
        async () =>
        {
            await AskAsync(new { });
            return condition();
        },
        what + " is shown");

    private async Task AskAsync(object asked)
    {
        await _helper.StandardInput.WriteLineAsync(JsonSerializer.Serialize(asked));
        await _helper.StandardInput.FlushAsync();
        var line = await _helper.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the helper of the terminal ended");
        using var told = JsonDocument.Parse(line);
        var root = told.RootElement;
        Screen = [.. root.GetProperty("screen").EnumerateArray().Select(each => each.GetString()!)];
        Strange = [.. root.GetProperty("strange").EnumerateArray().Select(each => each.GetString()!)];
        IsOther = root.GetProperty("other").GetBoolean();
        IsAsBefore = root.GetProperty("same").GetBoolean();
        HasCursor = root.GetProperty("cursor").GetBoolean();
        Ended = root.GetProperty("ended") is { ValueKind: JsonValueKind.Number } ended ? ended.GetInt32() : null;
    }
}
