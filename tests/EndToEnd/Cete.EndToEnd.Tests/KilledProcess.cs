using System.Diagnostics;
using System.Globalization;
using Cete.Core;

namespace Cete.EndToEnd.Tests;

/// <summary>Starts Cete.CrashHost on one folder, takes note of what it acknowledges and kills it when a seed says so.</summary>
internal sealed class KilledProcess(int seed) : IDisposable
{
    private const int Loops = 8;
    private const int AcknowledgementsMax = 800;

    /// <summary>Small, so that checkpoints and replays happen all the time.</summary>
    private const string CheckpointBytes = "200000";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cete-kill-");
    private readonly Prng _chance = new((ulong)seed);
    private readonly long[] _acked = new long[Loops];
    private int _round;

    public long Acknowledged => _acked.Sum();

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>One life of the process. Some end while it replays or verifies, before it has acknowledged anything.</summary>
    public void Round()
    {
        if (_chance.Chance(1, 12))
        {
            Live(soon: TimeSpan.FromMilliseconds(_chance.Next(150)), killAfter: int.MaxValue);
        }
        else
        {
            Live(soon: null, killAfter: _chance.Next(AcknowledgementsMax));
        }
    }

    /// <summary>A last life, in which it only verifies.</summary>
    public void Verify() => Live(soon: null, killAfter: 0);

    private void Live(TimeSpan? soon, int killAfter)
    {
        _round++;
        using var process = Start();
        var errors = process.StandardError.ReadToEndAsync();
        if (soon is { } wait)
        {
            process.WaitForExit(wait);
            process.Kill();
        }

        var verified = Read(process, killAfter);
        process.WaitForExit();
        var fault = errors.GetAwaiter().GetResult();
        Assert.True(fault.Length == 0, $"{Where}: {fault}");
        Assert.True(verified || soon is not null, $"{Where}: it ended by itself with {process.ExitCode}");
    }

    private string Where => string.Create(CultureInfo.InvariantCulture, $"seed {seed}, round {_round}");

    /// <summary>Whether it found everything acknowledged before.</summary>
    private bool Read(Process process, int killAfter)
    {
        var (seen, verified) = (0, false);
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line == "verified")
            {
                verified = true;
            }
            else
            {
                Take(line);
                seen++;
            }

            if (verified && seen == killAfter)
            {
                // What it had written before it died is read to its end: that was acknowledged, too.
                process.Kill();
                killAfter = int.MaxValue;
            }
        }

        return verified;
    }

    private void Take(string line)
    {
        var words = line.Split(' ');
        var (loop, number) = (int.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture));
        Assert.True(number == _acked[loop] + 1, $"{Where}: loop {loop} acknowledged {number} after {_acked[loop]}");
        _acked[loop] = number;
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Cete.CrashHost.dll"));
        start.ArgumentList.Add(_folder.FullName);
        start.ArgumentList.Add(CheckpointBytes);
        foreach (var number in _acked)
        {
            start.ArgumentList.Add(number.ToString(CultureInfo.InvariantCulture));
        }

        return Process.Start(start)!;
    }
}
