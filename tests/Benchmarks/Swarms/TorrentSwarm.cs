using System.Diagnostics;

namespace Cete.Benchmarks.Swarms;

/// <summary>BitTorrent by aria2 or libtorrent: an HTTP tracker, TCP, no DHT, pieces of 256 KiB.</summary>
internal sealed class TorrentSwarm(bool isAria, string folder) : ISwarmProgram
{
    private const int Port = 6881;
    private const int PieceLength = 256 * 1024;
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Swarms", "torrents.py");
    private readonly List<Process> _processes = [];
    private readonly Dictionary<int, Process> _waiting = [];
    private string _torrent = string.Empty;
    private string _name = string.Empty;
    private int _sources;
    private int _downloaders;

    public string Name => isAria ? "aria2" : "libtorrent";

    /// <summary>Why it cannot be measured here; null where it can.</summary>
    public static string? Missing(bool isAria)
    {
        try
        {
            Published.Call(isAria ? "aria2c" : "/usr/bin/python3", isAria ? ["--version"] : ["-c", "import libtorrent"]);
            return null;
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return isAria ? "aria2 is not installed" : "python3-libtorrent is not installed";
        }
    }

    public async Task PrepareAsync(string file, int sources, int downloaders)
    {
        (_sources, _downloaders, _name) = (sources, downloaders, Path.GetFileName(file));
        _torrent = Path.Combine(folder, "file.torrent");
        Published.Call("/usr/bin/python3", Script, "make", file, _torrent, $"http://{ShapedHosts.HubAddress}:6969/announce", $"{PieceLength}");
        _processes.Add(ShapedHosts.Start(-1, "/usr/bin/python3", [Script, "tracker", ShapedHosts.HubAddress, "6969"]));
        for (var host = 0; host < sources + downloaders; host++)
        {
            Directory.CreateDirectory(FolderOf(host));
            if (host < sources)
            {
                File.Copy(file, ResultOf(host));
            }

            if (host < sources || !isAria)
            {
                Start(host);
            }
        }

        await Pause.ForAsync(TimeSpan.FromSeconds(3));
    }

    public Task BeginAsync()
    {
        for (var host = _sources; host < _sources + _downloaders; host++)
        {
            if (isAria)
            {
                Start(host);
            }
            else
            {
                _waiting[host].StandardInput.WriteLine("go");
                _waiting[host].StandardInput.Flush();
            }
        }

        return Task.CompletedTask;
    }

    public string DoneOf(int host) => Path.Combine(FolderOf(host), "done");

    public string ResultOf(int host) => Path.Combine(FolderOf(host), _name);

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
    }

    private string FolderOf(int host) => Path.Combine(folder, $"{Name}-{host}");

    private void Start(int host)
    {
        var process = isAria
            ? ShapedHosts.Start(host, "aria2c",
            [
                "-q", "--no-conf", "-d", FolderOf(host), "--file-allocation=none", "--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false",
                "--disable-ipv6=true", "--seed-ratio=0.0", $"--listen-port={Port}", "--bt-max-peers=0", "--bt-request-peer-speed-limit=1024M",
                "--bt-tracker-interval=5", "--check-integrity=true", "--allow-overwrite=true", $"--on-bt-download-complete={DoneScript(host)}", _torrent,
            ])
            : ShapedHosts.Start(host, "/usr/bin/python3", [Script, "peer", host < _sources ? "seed" : "leech", _torrent, FolderOf(host), $"{Port}"]);
        _waiting[host] = process;
        _processes.Add(process);
    }

    private string DoneScript(int host)
    {
        var path = Path.Combine(FolderOf(host), "done.sh");
        File.WriteAllText(path, $"#!/bin/sh\n: > {DoneOf(host)}\n");
        Published.Call("chmod", "700", path);
        return path;
    }
}
