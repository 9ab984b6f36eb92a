using System.Diagnostics;
using System.Security.Cryptography;
using Cete.Testing;

namespace Cete.Benchmarks.Transfer;

/// <summary>
/// The same gibibyte over TLS, verified and written, in memory: against nginx and curl with SHA-256 over what came, either while it comes or
/// afterwards. Both servers show the same kind of certificate; version and cipher are what each pair agrees on by itself. Rounds go in turn.
/// </summary>
internal static class OneToOneTls
{
    public static async Task RunAsync(Report report)
    {
        var program = Published.Make();
        var work = Memory.NewFolder();
        try
        {
            var file = Path.Combine(work, "data.bin");
            OneToOne.WriteRandom(file, OneToOne.Mebibytes);
            var pair = WriteCertificate(work);
            using var node = await PublishedNode.StartAsync(
                Path.Combine(work, "node"), create: true, "-D", $"cete.http.tls.certificate={pair.Certificate}", "-D", $"cete.http.tls.key={pair.Key}");
            Published.Call(program, "put", file, "--node", node.Address, "--ca", pair.Certificate, "--json");
            using var nginx = Nginx.TryStart(work, work, pair);
            List<double> ours = [];
            List<double> plain = [];
            Dictionary<string, List<double>> peers = [];
            for (var round = 0; round < OneToOne.Rounds; round++)
            {
                ours.Add(OneToOne.Get(program, node.Address, work, "--ca", pair.Certificate));
                plain.Add(OneToOne.Get(program, node.Address.Replace("https:", "http:", StringComparison.Ordinal), work));
                if (nginx is not null)
                {
                    MeasurePeers(peers, $"curl -sSf --cacert {pair.Certificate} {nginx.Address}data.bin", work, file);
                }
            }

            Tell(report, ours, plain, peers);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static void MeasurePeers(Dictionary<string, List<double>> peers, string curl, string work, string file)
    {
        var output = Path.Combine(work, "out");
        foreach (var (name, command) in new[]
        {
            ("nginx and curl, SHA-256 while it comes", $"{curl} | tee {output} | openssl dgst -sha256 -r"),
            ("nginx and curl, SHA-256 afterwards", $"{curl} -o {output} && openssl dgst -sha256 -r {output}"),
        })
        {
            var start = Stopwatch.GetTimestamp();
            var hash = Published.Call("/bin/sh", "-c", command);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            File.Delete(output);
            using var original = File.OpenRead(file);
            if (!hash.StartsWith(Convert.ToHexStringLower(SHA256.HashData(original)), StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"{name}: something else came");
            }

            peers.TryAdd(name, []);
            peers[name].Add(seconds);
        }
    }

    private static void Tell(Report report, List<double> ours, List<double> plain, Dictionary<string, List<double>> peers)
    {
        report.Note("1 GiB one to one with TLS: cete get", Report.Median(ours), "s");
        foreach (var (name, seconds) in peers)
        {
            report.Note($"1 GiB one to one with TLS: {name}", Report.Median(seconds), "s");
        }

        if (peers.Count > 0)
        {
            report.AtLeast("1 GiB one to one with TLS: fastest peer / cete", peers.Values.Min(Report.Median) / Report.Median(ours), 1);
        }

        report.Note("1 GiB one to one: with TLS / without", Report.Median(ours) / Report.Median(plain), "");
    }

    private static (string Certificate, string Key) WriteCertificate(string work)
    {
        var made = Certificates.SelfSigned("127.0.0.1");
        var pair = (Certificate: Path.Combine(work, "cert.pem"), Key: Path.Combine(work, "key.pem"));
        File.WriteAllText(pair.Certificate, made.Certificate);
        File.WriteAllText(pair.Key, made.Key);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(pair.Key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return pair;
    }
}
