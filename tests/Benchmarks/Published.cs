using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Cete.Benchmarks;

/// <summary>The published program, as users have it.</summary>
internal static class Published
{
    /// <summary>Names a program that is published already.</summary>
    private const string Variable = "BENCH_PROGRAM";

    private static string? _made;

    /// <summary>Publishes the program, once a run; its path.</summary>
    public static string Make()
    {
        if (_made is null && Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } program)
        {
            _made = program;
        }

        if (_made is null)
        {
            var root = Tree.FindRoot();
            _made = Path.Combine(root, "artifacts", "cete", "cete");
            Call("/bin/bash", Path.Combine(root, "deploy", "publish.sh"), Path.GetDirectoryName(_made)!);
        }

        return _made;
    }

    /// <summary>Runs a program to its end; what it wrote.</summary>
    public static string Call(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}

/// <summary>A node of the published program. Disposing kills it.</summary>
internal sealed partial class PublishedNode : IDisposable
{
    private readonly Process _process;

    private PublishedNode(Process process, string address, string fabric) => (_process, Address, Fabric) = (process, address, fabric);

    public string Address { get; }

    /// <summary>Where other nodes meet it.</summary>
    public string Fabric { get; }

    public static async Task<PublishedNode> StartAsync(string data, bool create, params string[] more)
    {
        string[] arguments = ["node", "--data", data, "--http", "127.0.0.1:0", "--json", .. create ? ["--create", "bench"] : Array.Empty<string>(), .. more];
        var process = Process.Start(new ProcessStartInfo(Published.Make(), arguments) { RedirectStandardOutput = true })!;
        var line = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException($"{string.Join(' ', arguments)} ended before it was ready");
        return new PublishedNode(process, AddressPattern().Match(line).Value, FabricPattern().Match(line).Groups[1].Value);
    }

    /// <summary>Processor time that it has used so far.</summary>
    public TimeSpan Processor()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <summary>A field of what the system says of its memory, in MiB.</summary>
    public double Memory(string field)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(field + ":", StringComparison.Ordinal));
        return double.Parse(NumberPattern().Match(line).Value, CultureInfo.InvariantCulture) / 1024;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    [GeneratedRegex("https?://[^\"]+")]
    private static partial Regex AddressPattern();

    [GeneratedRegex("\"fabric\":\"([^\"]+)\"")]
    private static partial Regex FabricPattern();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex NumberPattern();
}
