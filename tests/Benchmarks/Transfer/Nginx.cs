using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Cete.Benchmarks.Transfer;

/// <summary>An nginx that serves a folder on a loopback port. Disposing ends it.</summary>
internal sealed class Nginx : IDisposable
{
    private readonly Process _process;

    private Nginx(Process process, string address) => (_process, Address) = (process, address);

    /// <summary>Ends with '/'.</summary>
    public string Address { get; }

    /// <summary>Null where there is none.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="work">Where it keeps its own files.</param>
    /// <param name="pair">A certificate and its key, for TLS 1.3.</param>
    public static Nginx? TryStart(string root, string work, (string Certificate, string Key)? pair = null)
    {
        const string Program = "/usr/sbin/nginx";
        if (!File.Exists(Program))
        {
            return null;
        }

        var port = FreePort();
        var tls = pair is { } files ? $"ssl_certificate {files.Certificate}; ssl_certificate_key {files.Key}; ssl_protocols TLSv1.3;" : string.Empty;
        var configuration = Path.Combine(work, "nginx.conf");
        File.WriteAllText(configuration, $$"""
            user root; daemon off; worker_processes 2; pid {{work}}/nginx.pid; error_log {{work}}/nginx.log;
            events { worker_connections 1024; }
            http {
                access_log off; sendfile on; client_body_temp_path {{work}}; proxy_temp_path {{work}}; fastcgi_temp_path {{work}};
                uwsgi_temp_path {{work}}; scgi_temp_path {{work}};
                server { listen 127.0.0.1:{{port}}{{(pair is null ? string.Empty : " ssl")}}; {{tls}} root {{root}}; keepalive_requests 100000; }
            }
            """);
        var process = Process.Start(new ProcessStartInfo(Program, ["-c", configuration]))!;
        while (!IsListening(port))
        {
        }

        return new Nginx(process, $"{(pair is null ? "http" : "https")}://127.0.0.1:{port}/");
    }

    public void Dispose()
    {
        // SIGTERM ends the workers too; a killed master would leave them.
        using (var end = Process.Start("kill", $"{_process.Id}"))
        {
            end.WaitForExit();
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool IsListening(int port)
    {
        try
        {
            using var probe = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
