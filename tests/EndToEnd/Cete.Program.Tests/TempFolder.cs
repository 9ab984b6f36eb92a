using System.Diagnostics;
using System.Numerics;
using Cete.Core;
using Cete.Swarm;

namespace Cete.Program.Tests;

/// <summary>A folder of a test's own, removed at its end.</summary>
internal sealed class TempFolder : IDisposable
{
    public TempFolder() => Path = Directory.CreateTempSubdirectory("cete-program-").FullName;

    public string Path { get; }

    public string At(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    /// <summary>Writes a file of pseudo-random bytes, making the folders above it.</summary>
    public string Write(string name, long length, ulong seed)
    {
        var chance = new Prng(seed);
        var path = At(name.Split('/'));
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        using var stream = File.Create(path);
        var buffer = new byte[1 << 16];
        for (var left = length; left > 0; left -= buffer.Length)
        {
            chance.Fill(buffer);
            stream.Write(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)));
        }

        return path;
    }

    public string WriteText(string name, string text)
    {
        var path = At(name.Split('/'));
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // A name that is not valid UTF-8 is one that .NET cannot name.
            using var rm = Process.Start("rm", ["-rf", Path]);
            rm.WaitForExit();
        }
    }
}

/// <summary>What tests do with files beside the program.</summary>
internal static class Disk
{
    private const int HeaderSize = 64;

    public static void Flip(string path, long offset)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Position = offset;
        var value = stream.ReadByte();
        stream.Position = offset;
        stream.WriteByte((byte)(value ^ 0x55));
    }

    /// <summary>Pieces that the one unfinished content in a folder has by its own account; 0 without one.</summary>
    public static int PiecesIn(string folder, long length)
    {
        var count = Manifest.CountPieces(length, PieceLengths.For(length));
        try
        {
            var hidden = new EnumerationOptions { AttributesToSkip = 0 };
            var sidecar = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.have", hidden).SingleOrDefault() : null;
            var bytes = sidecar is null ? [] : File.ReadAllBytes(sidecar);

            // Header, hashes, map, hashes of leaves; the header is written last, and without it the rest is not there yet.
            var map = HeaderSize + (count * Hash256.Size);
            var isWritten = bytes.Length >= map + ((count + 7) / 8) && bytes.AsSpan().StartsWith("CETEHAVE"u8);
            return isWritten ? bytes.Skip(map).Take((count + 7) / 8).Sum(b => BitOperations.PopCount(b)) : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    public static void AssertSame(string expected, string actual)
    {
        using var a = File.OpenRead(expected);
        using var b = File.OpenRead(actual);
        Assert.Equal(a.Length, b.Length);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(a), System.Security.Cryptography.SHA256.HashData(b));
    }

    /// <summary>Names below a folder with hashes of the contents.</summary>
    public static IReadOnlyList<string> List(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(path => $"{Path.GetRelativePath(folder, path)} {Hash256.Of(File.ReadAllBytes(path))}").Order(StringComparer.Ordinal)];

    /// <summary>Runs another program; its exit code.</summary>
    public static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        try
        {
            await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return process.ExitCode;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
