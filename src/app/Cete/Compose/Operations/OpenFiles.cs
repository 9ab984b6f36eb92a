using System.Globalization;
using Cete.Cluster.Health;

namespace Cete.App.Compose.Operations;

/// <summary>File descriptors of this process, as Linux tells them.</summary>
internal static class OpenFiles
{
    private const string Folder = "/proc/self/fd";
    private const string Limits = "/proc/self/limits";
    private const string LimitName = "Max open files";

    /// <summary>Null where the system does not tell.</summary>
    public static OpenFilesFacts? Read()
    {
        try
        {
            return Directory.Exists(Folder) && LimitIn(File.ReadAllText(Limits)) is { } limit
                ? new OpenFilesFacts(Directory.EnumerateFileSystemEntries(Folder).LongCount(), limit)
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The soft limit in a table of limits; null when it is not in it.</summary>
    public static long? LimitIn(string table)
    {
        var line = table.Split('\n').FirstOrDefault(line => line.StartsWith(LimitName, StringComparison.Ordinal));
        var soft = line?[LimitName.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return soft == "unlimited" ? long.MaxValue
            : long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit
            : null;
    }
}
