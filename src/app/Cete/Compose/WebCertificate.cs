using System.Text;
using Cete.Actors;
using Cete.App.Compose.Community;
using Cete.Configuration;
using Cete.Core;
using Cete.Net.Tls;
using Cete.Storage;

namespace Cete.App.Compose;

/// <summary>What the actor that keeps the certificate understands.</summary>
internal enum CertificateMessage
{
    /// <summary>Take it up if its files have changed and are at rest.</summary>
    Look,

    /// <summary>Take it up if its files have changed.</summary>
    Reload,
}

/// <summary>The certificate of the web door as its files have it, also when they change while the node runs.</summary>
internal sealed class WebCertificate
{
    /// <summary>A new certificate counts after twice this at most, since its files have to stay the same between two looks.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private const string Settings = "cete.http.tls";

    private readonly ActorRef<CertificateMessage> _actor;

    private WebCertificate(WebTlsDoor door, ActorRef<CertificateMessage> actor) => (Door, _actor) = (door, actor);

    /// <summary>Shows it.</summary>
    public WebTlsDoor Door { get; }

    /// <summary>Reads the files and looks after them from then on; null where none are set.</summary>
    /// <param name="system">Where the actor lives that does so.</param>
    /// <param name="data">The folder from which paths count.</param>
    /// <param name="settings">Names the files.</param>
    /// <param name="say">Takes lines for the people who run the node.</param>
    public static Outcome<WebCertificate?> Open(ActorSystem system, string data, TlsSettings settings, Action<string> say)
    {
        if (settings.Certificate.Length == 0)
        {
            return Outcome.Of<WebCertificate?>(null);
        }

        var isGenerated = settings.Certificate == GeneratedCertificate.Setting;
        var certificate = Path.Combine(data, isGenerated ? "web-certificate.pem" : settings.Certificate);
        if (isGenerated && !File.Exists(certificate)
            && PrivateFile.Write(certificate, Encoding.ASCII.GetBytes(GeneratedCertificate.Make(OwnNames(), TimeProvider.System))) is { } unwritten)
        {
            return unwritten;
        }

        var files = TlsFiles.Read(certificate, settings.Key.Length == 0 ? certificate : Path.Combine(data, settings.Key));
        var first = TlsCertificate.Of(files);
        if (!first.Succeeded)
        {
            return first.Failure with { Message = $"{Settings}: {first.Failure.Message}" };
        }

        SayWarnings(first.Value, say);
        var door = new WebTlsDoor(first.Value);
        var options = new ActorOptions
        {
            Dispatcher = system.Blocking,
            MailboxCapacity = 16,
            Overflow = MailboxOverflow.DropNewest,
            Supervision = SupervisionStrategy.Restart,
        };
        return new WebCertificate(door, system.Spawn("node.certificate", () => new CertificateActor(files, door, say), options));
    }

    /// <summary>When the one that is shown now ends.</summary>
    public Instant Ends => Door.Ends;

    /// <summary>Has the files read again now.</summary>
    public void Reload() => _actor.Tell(CertificateMessage.Reload);

    private static IEnumerable<string> OwnNames() =>
        ["localhost", "127.0.0.1", "::1", Environment.MachineName, .. LocalAddresses.All().Select(address => address.ToString())];

    private static void SayWarnings(TlsCertificate certificate, Action<string> say)
    {
        foreach (var warning in certificate.Warnings(TimeProvider.System.GetUtcNow()))
        {
            say($"{Settings}: warning: {warning}");
        }
    }

    private sealed class CertificateActor(TlsFiles first, WebTlsDoor door, Action<string> say) : Actor<CertificateMessage>
    {
        private TlsFiles _taken = first;
        private TlsFiles? _changed;

        protected override void Started() => Context.Timers.StartPeriodic(nameof(CertificateMessage.Look), CertificateMessage.Look, Interval);

        protected override void Receive(CertificateMessage message)
        {
            var now = TlsFiles.Read(_taken.CertificatePath, _taken.KeyPath);
            if (now == _taken)
            {
                _changed = null;
            }
            else if (message == CertificateMessage.Reload || now == _changed)
            {
                Take(now);
            }
            else
            {
                // Who renews a certificate writes two files: between them they do not fit.
                _changed = now;
            }
        }

        private void Take(TlsFiles files)
        {
            (_taken, _changed) = (files, null);
            var certificate = TlsCertificate.Of(files);
            if (!certificate.Succeeded)
            {
                say($"{Settings}: {certificate.Failure.Message}; the certificate in use stays");
                return;
            }

            door.Show(certificate.Value);
            say($"{Settings}: the certificate is now {certificate.Value}");
            SayWarnings(certificate.Value, say);
        }
    }
}
