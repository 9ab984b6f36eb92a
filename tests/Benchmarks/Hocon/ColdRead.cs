using System.Diagnostics;

namespace Cete.Benchmarks.Hocon;

/// <summary>The first text that a process reads, compiled ahead of time as the published program is.</summary>
internal static class ColdRead
{
    private const int Processes = 21;

    public static double Milliseconds()
    {
        var root = Tree.FindRoot();
        var folder = Path.Combine(root, "artifacts", "cold-start");
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        var runtime = $"{system}-{System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        Console.Error.WriteLine("publishing tests/ColdStart ...");
        using (var publish = Process.Start(new ProcessStartInfo("dotnet",
            ["publish", Path.Combine(root, "tests", "ColdStart"), "-c", "Release", "-r", runtime, "--self-contained", "false",
                "-p:PublishReadyToRun=true", "-o", folder, "--nologo", "-v", "quiet"])
        { RedirectStandardOutput = true })!)
        {
            publish.StandardOutput.ReadToEnd();
            publish.WaitForExit();
        }

        var program = Path.Combine(folder, "Cete.ColdStart.dll");
        return Enumerable.Range(0, Processes).Min(_ => Child.Run(program, HoconTexts.ReferencePath));
    }
}
