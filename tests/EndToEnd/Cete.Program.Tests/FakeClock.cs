namespace Cete.Program.Tests;

/// <summary>A clock that is wrong for one process: libfaketime stands between it and the C library.</summary>
internal static class FakeClock
{
    private static readonly string? Library = new[] { "/usr/lib", "/usr/lib64", "/usr/local/lib" }
        .Where(Directory.Exists)
        .SelectMany(root => Directory.EnumerateDirectories(root, "*", SearchOption.TopDirectoryOnly).Prepend(root))
        .SelectMany(folder => new[] { Path.Combine(folder, "faketime", "libfaketime.so.1"), Path.Combine(folder, "libfaketime.so.1") })
        .FirstOrDefault(File.Exists);

    /// <summary>Skips the test where the library is missing.</summary>
    public static void Needed() => Assert.SkipWhen(Library is null, "clocks that are wrong need libfaketime: apt-get install faketime");

    /// <summary>The environment of a process whose clocks are off by so much from its start on.</summary>
    public static IReadOnlyDictionary<string, string> Off(string by) => new Dictionary<string, string> { ["LD_PRELOAD"] = Library!, ["FAKETIME"] = by };

    /// <summary>
    /// The environment of a process whose clock jumps when the file says so; its monotonic clock goes on, as on a machine whose clock is set. Without
    /// the last line waits by the monotonic clock come back at once (libfaketime 0.9.10).
    /// </summary>
    public static IReadOnlyDictionary<string, string> ByFile(string path) => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Library!,
        ["FAKETIME_TIMESTAMP_FILE"] = path,
        ["FAKETIME_NO_CACHE"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };
}
