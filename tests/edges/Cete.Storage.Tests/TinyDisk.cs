using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Cete.Storage.Tests;

/// <summary>A real disk of 2 MiB, where mounting one is permitted.</summary>
internal sealed class TinyDisk : IDisposable
{
    private readonly string _folder;

    private TinyDisk(string folder) => _folder = folder;

    /// <summary>Mounts it over a folder; false, and why, where that is not possible.</summary>
    public static bool TryMount(string folder, [NotNullWhen(true)] out TinyDisk? disk, out string why)
    {
        disk = null;
        why = "a small disk can be mounted on Linux alone";
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        why = Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder);
        disk = why.Length == 0 ? new TinyDisk(folder) : null;
        return disk is not null;
    }

    public void Dispose() => Run("umount", _folder);

    private static string Run(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? string.Empty : $"{program} is not permitted here: {error}";
        }
        catch (Win32Exception error)
        {
            return $"{program} cannot be run here: {error.Message}";
        }
    }
}
