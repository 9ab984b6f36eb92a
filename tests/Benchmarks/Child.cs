using System.Diagnostics;
using System.Globalization;

namespace Cete.Benchmarks;

/// <summary>Programs that measure themselves: for what needs a process that has done nothing yet.</summary>
internal static class Child
{
    /// <summary>This program.</summary>
    public static string Own { get; } = Path.Combine(AppContext.BaseDirectory, "Cete.Benchmarks.dll");

    /// <summary>Runs a program and gives the number that it prints.</summary>
    public static double Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? double.Parse(text, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    /// <summary>Starts a program to speak with: it reads what is written to it and ends when that ends.</summary>
    public static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    /// <summary>Prints it.</summary>
    public static void Answer(double figure) => Console.WriteLine(figure.ToString(CultureInfo.InvariantCulture));
}
