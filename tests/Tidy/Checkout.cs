using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace Cete.Tidy.Tests;

/// <summary>The files of a source tree, named from its root with forward slashes. A planted one lives in memory only.</summary>
internal sealed class Checkout
{
    private static readonly Lazy<Checkout> Found = new(() => At(FindRoot(AppContext.BaseDirectory)));
    private static readonly string[] NotSource = ["artifacts", "bin", "obj", ".git"];

    private readonly ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CSharpText> _sources = new(StringComparer.Ordinal);
    private readonly HashSet<string> _entries = new(StringComparer.Ordinal);
    private readonly Func<string, string> _read;

    private Checkout(IEnumerable<string> files, Func<string, string> read)
    {
        Files = [.. files.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        _read = read;
        foreach (var file in Files)
        {
            for (var entry = file; entry.Length > 0; entry = FolderOf(entry))
            {
                _entries.Add(entry);
            }
        }
    }

    /// <summary>The tree these tests were built from.</summary>
    public static Checkout Here => Found.Value;

    public IReadOnlyList<string> Files { get; }

    public static Checkout At(string root) =>
        new(ListByGit(root) ?? ListByWalk(root), file => File.ReadAllText(Path.Combine(root, file)));

    public static Checkout Planted(params (string Path, string Text)[] files)
    {
        var texts = files.ToDictionary(f => f.Path, f => f.Text, StringComparer.Ordinal);
        return new(texts.Keys, file => texts[file]);
    }

    /// <summary>Files in a folder (all for an empty one), at any depth, whose names end in one of the endings (any for none).</summary>
    public IEnumerable<string> Under(string folder, params string[] endings) =>
        Files.Where(file => (folder.Length == 0 || file.StartsWith(folder + "/", StringComparison.Ordinal))
            && (endings.Length == 0 || endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal))));

    /// <summary>Whether there is such a file, or a folder with files.</summary>
    public bool Exists(string entry) => entry.Length == 0 || _entries.Contains(entry);

    public string Text(string file) => _texts.GetOrAdd(file, _read);

    public string[] Lines(string file) => Text(file).Split('\n');

    public CSharpText CSharp(string file) => _sources.GetOrAdd(file, path => new CSharpText(Text(path)));

    public bool IsBinary(string file) => Text(file).Contains('\0');

    public static string FolderOf(string file) => file.LastIndexOf('/') is var slash and >= 0 ? file[..slash] : string.Empty;

    /// <summary>A path as written in a file of <paramref name="folder"/>, named from the root; null if it leaves the tree.</summary>
    public static string? Resolve(string folder, string relative)
    {
        var parts = new List<string>(folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var part in relative.Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count == 0)
            {
                return null;
            }

            if (part == "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    public static string FindRoot(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Cete.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no Cete.sln in {from} or above it: run these tests from a checkout");
    }

    /// <summary>For a tree that came without its history, such as a tarball.</summary>
    internal static IEnumerable<string> ListByWalk(string root)
    {
        var folders = new Stack<string>([root]);
        while (folders.TryPop(out var folder))
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(e => !NotSource.Contains(e.Name)))
            {
                if (entry is FileInfo)
                {
                    yield return Path.GetRelativePath(root, entry.FullName).Replace('\\', '/');
                }
                else if (entry.LinkTarget is null)
                {
                    folders.Push(entry.FullName);
                }
            }
        }
    }

    /// <summary>Null if there is no git or no repository. Without files deleted but not yet committed so.</summary>
    internal static List<string>? ListByGit(string root)
    {
        string[] arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments)
            {
                WorkingDirectory = root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            git.BeginErrorReadLine();
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            var files = output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
            return git.ExitCode != 0 || files.Length == 0 ? null : [.. files.Where(file => File.Exists(Path.Combine(root, file)))];
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
