using System.Diagnostics;

namespace Cete.Tidy.Tests;

public sealed class CheckoutTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cete-tidy-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void TheTreeIsFoundFromBelow()
    {
        Plant("Cete.sln", "src/core/Cete.A/A.cs");
        Assert.Equal(_root, Checkout.FindRoot(Path.Combine(_root, "src", "core", "Cete.A")));
    }

    [Fact]
    public void WithoutGitTheFoldersAreWalked()
    {
        Plant("Cete.sln", "src/a.cs", "src/obj/b.cs", "src/bin/c.cs", "artifacts/d.cs", ".git/HEAD", ".editorconfig");
        Assert.Equal([".editorconfig", "Cete.sln", "src/a.cs"], Checkout.ListByWalk(_root).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void WithGitItsIgnoredAndDeletedFilesAreLeftOut()
    {
        Plant("Cete.sln", "src/ä.cs", "src/deleted.cs", "src/ignored.user", ".gitignore");
        File.WriteAllText(Path.Combine(_root, ".gitignore"), "*.user\n");
        if (!Git("init", "--quiet") || !Git("add", "src/deleted.cs"))
        {
            Assert.Skip("git is not installed");
        }

        File.Delete(Path.Combine(_root, "src", "deleted.cs"));
        Assert.Equal([".gitignore", "Cete.sln", "src/ä.cs"], Checkout.At(_root).Files);
    }

    [Fact]
    public void FilesAreFoundByFolderAndEnding()
    {
        var planted = Checkout.Planted(("src/a.cs", ""), ("src/b/c.cs", ""), ("src/b/d.md", ""), ("srcs/e.cs", ""));
        Assert.Equal(["src/a.cs", "src/b/c.cs"], planted.Under("src", ".cs"));
        Assert.Equal(["src/b/c.cs", "src/b/d.md"], planted.Under("src/b"));
        Assert.True(planted.Exists("src/b") && planted.Exists("src/b/d.md") && !planted.Exists("src/d.md"));
    }

    [Theory]
    [InlineData("src/a", "../b/./c.cs", "src/b/c.cs")]
    [InlineData("src/a", @"..\..\c.cs", "c.cs")]
    [InlineData("", "c/", "c")]
    [InlineData("src", "../../c.cs", null)]
    public void RelativePathsAreResolved(string folder, string relative, string? expected) =>
        Assert.Equal(expected, Checkout.Resolve(folder, relative));

    private void Plant(params string[] files)
    {
        foreach (var file in files.Select(file => Path.Combine(_root, file)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, string.Empty);
        }
    }

    private bool Git(params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = _root })!;
            git.WaitForExit();
            return git.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
