using System.Diagnostics;
using Cete.Core;
using Cete.Groups.Tests.Support;
using Cete.Testing;

namespace Cete.Groups.Tests.Real;

/// <summary>A disk that is full indeed: a small file system in memory, where it may be mounted.</summary>
public sealed class TmpfsTests : IDisposable
{
    private const string Size = "8m";
    private readonly Workspace _folder = new();
    private readonly bool _mounted;

    public TmpfsTests() => _mounted = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={Size}", "tmpfs", _folder.Path);

    public void Dispose()
    {
        if (_mounted)
        {
            Run("umount", "-l", _folder.Path);
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task A_full_disk_refuses_and_with_room_everything_accepted_is_there()
    {
        Assert.SkipUnless(_mounted, "a file system in memory cannot be mounted here (it needs root)");
        var ballast = _folder.In("ballast");
        var settings = new GroupSettings { RetryDelay = TimeSpan.FromMilliseconds(20), CheckpointBytes = 256 * 1024, AnswerDeadline = TimeSpan.FromSeconds(3) };
        List<string> accepted = [];
        HashSet<string> unknown = [];
        await using (var host = GroupHost.Open(_folder.Path, new HostParts { Settings = settings }))
        {
            for (var round = 0; round < 3; round++)
            {
                var refused = 0;
                Fill(ballast, leave: 300_000);
                for (var i = 0; i < 400 && refused < 20; i++)
                {
                    var text = $"w{round} {i} {new string('x', 1_000)}";
                    var reply = await host.SendAsync("add", text);
                    if (reply.Succeeded)
                    {
                        accepted.Add(text);
                    }
                    else if (reply.Failure.Kind == FailureKind.Full)
                    {
                        refused++;
                    }
                    else
                    {
                        Assert.Equal(FailureKind.Unavailable, reply.Failure.Kind);
                        unknown.Add(text);
                    }
                }

                Assert.True(refused > 0, "the disk was to be full");
                File.Delete(ballast);
                await GoesOnAsync(host);
                var after = $"after {round}";
                Assert.True((await host.SendAsync("add", after)).Succeeded);
                accepted.Add(after);
            }

            Assert.Empty(host.Failures);
            AssertAllThere(accepted, unknown, await host.NotesAsync());
        }

        await using var again = GroupHost.Open(_folder.Path, new HostParts { Settings = settings });
        AssertAllThere(accepted, unknown, await again.NotesAsync());
    }

    private static async Task GoesOnAsync(GroupHost host)
    {
        try
        {
            await Eventually.TrueAsync(() => host.Group.Status is { Failure: null } status && status.Applied == status.Committed, "it goes on");
        }
        catch (Xunit.Sdk.XunitException late)
        {
            throw new InvalidOperationException($"{late.Message}; the group stands at {host.Group.Status}, failures: {string.Join("; ", host.Failures)}", late);
        }
    }

    private static void AssertAllThere(List<string> accepted, HashSet<string> unknown, List<string> notes)
    {
        Assert.Equal(notes.Count, notes.Distinct().Count());
        Assert.Equal(accepted, notes.Where(note => !unknown.Contains(note)));
    }

    /// <summary>Takes all room but some, which must be found to be so by writing: what a file system promises is no proof.</summary>
    private static void Fill(string path, int leave)
    {
        using (var file = File.Create(path))
        {
            try
            {
                var block = new byte[4_096];
                while (true)
                {
                    file.Write(block);
                    file.Flush();
                }
            }
            catch (IOException)
            {
                file.SetLength(Math.Max(0, file.Length - leave));
            }
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
