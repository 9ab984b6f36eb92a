using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;
using Cete.Trust.Certificates;
using Cete.Trust.Tests.Support;

namespace Cete.Trust.Tests;

/// <summary>Mutations of what is good, from fixed seeds: nothing is thrown, and nothing changed is believed.</summary>
public sealed class HostileTests : IDisposable
{
    private const int Rounds = 500;
    private const string Phrase = "a long passphrase";
    private readonly Community _community = new();
    private readonly NodeIdentity _node;

    public HostileTests() => _node = _community.Admit("index", "bank");

    public void Dispose()
    {
        _node.Dispose();
        _community.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Changed_certificates_are_never_believed(ulong seed)
    {
        var prng = new Prng(seed);
        var (leaf, issuing) = (_node.Issued.Node.ToArray(), _node.Issued.Issuing.ToArray());
        for (var i = 0; i < Rounds; i++)
        {
            Assert.False(new CertificateVerifier(_community.Root.Id, _community.Clock).Verify(Changed(prng, leaf), [issuing]).Succeeded);
            Assert.False(new CertificateVerifier(_community.Root.Id, _community.Clock).Verify(leaf, [Changed(prng, issuing)]).Succeeded);
        }
    }

    /// <summary>What an issuer of the community may sign by carelessness or malice: the signature holds, the content is anything.</summary>
    [Theory]
    [InlineData(8)]
    public void Signed_noise_names_no_other_node(ulong seed)
    {
        var prng = new Prng(seed);
        using var forge = new Forge(Community.Founded);
        for (var i = 0; i < Rounds; i++)
        {
            var leaf = forge.Leaf(request =>
            {
                var at = prng.Next(request.CertificateExtensions.Count);
                var extension = request.CertificateExtensions[at];
                request.CertificateExtensions[at] = new X509Extension(extension.Oid!, Changed(prng, extension.RawData), extension.Critical);
            });
            var peer = forge.Verify(leaf, forge.Issuing);
            Assert.True(!peer.Succeeded || peer.Value.Node == forge.Node);

            var carrier = new CertificateRequest("CN=carrier", forge.NodeKey, HashAlgorithmName.SHA256);
            carrier.CertificateExtensions.Add(new X509Extension(Oids.Root, Changed(prng, forge.Issuing.Extensions[Oids.Root]!.RawData), false));
            using var made = carrier.CreateSelfSigned(forge.Issuing.NotBefore, forge.Issuing.NotAfter);
            Assert.False(forge.Verify(leaf, made).Succeeded);
        }
    }

    [Theory]
    [InlineData(3)]
    public void Noise_is_no_certificate_request_or_key(ulong seed)
    {
        var prng = new Prng(seed);
        for (var i = 0; i < Rounds; i++)
        {
            var noise = new byte[prng.Next(600)];
            prng.Fill(noise);
            if (noise.Length > 0 && prng.Chance(1, 2))
            {
                noise[0] = 0x30;
            }

            Assert.False(_community.Verifier.Verify(noise, [noise]).Succeeded);
            Assert.False(_community.Verifier.Verify(_node.Issued.Node[..^1], [noise]).Succeeded);
            Assert.False(_community.Authority.Issue(noise, RoleSet.Empty, Community.Founded).Succeeded);
            Assert.False(NodeKey.FromPem(Pem.Write(Pem.PrivateKey, noise)).Succeeded);
        }
    }

    [Theory]
    [InlineData(4)]
    public void Changed_requests_give_no_certificate(ulong seed)
    {
        var prng = new Prng(seed);
        var request = _node.Key.CreateSigningRequest();
        for (var i = 0; i < Rounds; i++)
        {
            Assert.False(_community.Authority.Issue(Changed(prng, request), RoleSet.Empty, Community.Founded).Succeeded);
        }
    }

    [Theory]
    [InlineData(5)]
    public void Changed_files_never_make_another_node_or_community(ulong seed)
    {
        var prng = new Prng(seed);
        var (identity, authority, root) = (_node.ToPem(), _community.Authority.ToPem(), _community.Root.Export(Phrase, 10).Value);
        for (var i = 0; i < Rounds; i++)
        {
            var node = NodeIdentity.FromPem(Changed(prng, identity), _community.Root.Id);
            Assert.True(!node.Succeeded || node.Value.Id == _node.Id);
            var issuing = IssuingAuthority.FromPem(Changed(prng, authority), _community.Root.Id);
            Assert.True(!issuing.Succeeded || issuing.Value.Id == _community.Authority.Id);
            var opened = CommunityKey.Open(Changed(prng, root), Phrase);
            Assert.True(!opened.Succeeded || opened.Value.Id == _community.Root.Id);
        }
    }

    [Theory]
    [InlineData(6)]
    public void Changed_bytes_in_files_that_look_whole_are_told_as_failures(ulong seed)
    {
        var prng = new Prng(seed);
        var blocks = Pem.Read(_community.Root.Export(Phrase, 10).Value, string.Empty).Value;
        for (var i = 0; i < Rounds; i++)
        {
            var text = Pem.Write(Pem.EncryptedKey, Changed(prng, blocks[0].Data)) + Pem.Write(Pem.Certificate, blocks[1].Data);
            var opened = CommunityKey.Open(text, Phrase);
            Assert.True(!opened.Succeeded || opened.Value.Id == _community.Root.Id);
            var mixed = Pem.Write(Pem.EncryptedKey, blocks[0].Data) + Pem.Write(Pem.Certificate, Changed(prng, blocks[1].Data));
            var other = CommunityKey.Open(mixed, Phrase);
            Assert.True(!other.Succeeded || other.Value.Id == _community.Root.Id);
        }
    }

    [Theory]
    [InlineData(7)]
    public void Changed_and_random_lines_are_no_tokens(ulong seed)
    {
        var prng = new Prng(seed);
        var address = NodeAddress.Parse("a.org:1").Value;
        var line = JoinToken.Create(_community.Root.Id, Community.Founded, [address], "ada", Community.Roles("bank")).Value.ToLine();
        for (var i = 0; i < 10 * Rounds; i++)
        {
            var changed = Changed(prng, line);
            var read = JoinToken.Parse(changed);
            Assert.True(!read.Succeeded || read.Value.ToLine() == line);
            var letters = new string([.. Enumerable.Range(0, prng.Next(300)).Select(_ => (char)prng.Next(prng.Chance(1, 20) ? 0x10000 : 128))]);
            Assert.False(JoinToken.Parse("cete1" + letters).Succeeded);
            Assert.False(NodeAddress.Parse("[" + letters).Succeeded);
        }
    }

    /// <summary>One to three changes: a bit, a byte, a piece cut out, doubled or filled with noise. Never the same as before.</summary>
    private static byte[] Changed(Prng prng, byte[] good)
    {
        while (true)
        {
            var bytes = good.ToList();
            for (var times = prng.Next(3); times >= 0 && bytes.Count > 0; times--)
            {
                var at = prng.Next(bytes.Count);
                var length = Math.Min(prng.Next(12) + 1, bytes.Count - at);
                switch (prng.Next(5))
                {
                    case 0: bytes[at] ^= (byte)(1 << prng.Next(8)); break;
                    case 1: bytes[at] = (byte)prng.Next(256); break;
                    case 2: bytes.RemoveRange(at, length); break;
                    case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                    default: bytes.RemoveRange(at, bytes.Count - at); break;
                }
            }

            if (!bytes.SequenceEqual(good))
            {
                return [.. bytes];
            }
        }
    }

    private static string Changed(Prng prng, string good) =>
        System.Text.Encoding.Latin1.GetString(Changed(prng, System.Text.Encoding.Latin1.GetBytes(good)));
}
