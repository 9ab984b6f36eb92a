using System.Security.Cryptography.X509Certificates;
using Cete.Core;
using Cete.Trust.Certificates;
using Cete.Trust.Tests.Support;

namespace Cete.Trust.Tests;

public sealed class RootTests : IDisposable
{
    private const int FewRounds = 10;
    private readonly Community _community = new();

    public void Dispose() => _community.Dispose();

    [Theory]
    [InlineData("cooks")]
    [InlineData(" a, b=c + \"d\" \\ #<x>; CN=root ")]
    [InlineData("-----BEGIN CERTIFICATE-----")]
    [InlineData("été 漢字 🦡")]
    [InlineData("#0401")]
    public void Any_name_comes_back_as_it_was(string name)
    {
        using var root = CommunityKey.Create(name, Community.Founded).Value;
        Assert.Equal(name, root.Name);
        using var opened = CommunityKey.Open(root.Export("a long passphrase", FewRounds).Value, "a long passphrase").Value;
        Assert.Equal(name, opened.Name);
        Assert.Equal(root.Id, opened.Id);
    }

    [Fact]
    public void The_longest_name_works_and_a_longer_one_is_refused()
    {
        var longest = new string('é', Limits.NameBytesMax / 2) + "x";
        using var root = CommunityKey.Create(longest, Community.Founded).Value;
        Assert.Equal(longest, CommunityKey.Open(root.Export("a long passphrase", FewRounds).Value, "a long passphrase").Value.Name);
        foreach (var bad in new[] { longest + "x", "", "  ", "a/b", "a\nb", "\uD800" })
        {
            Refused.With(CommunityKey.Create(bad, Community.Founded), "cannot be the name of a community");
        }
    }

    [Fact]
    public void A_community_is_named_by_its_key()
    {
        using var same = new Community();
        Assert.NotEqual(_community.Root.Id, same.Root.Id);
        using var root = RootCertificate(_community.Root);
        Assert.Equal(_community.Root.Id, KeyId.Of(root.PublicKey.ExportSubjectPublicKeyInfo()));
        var constraints = root.Extensions.OfType<X509BasicConstraintsExtension>().Single();
        Assert.True(constraints is { CertificateAuthority: true, HasPathLengthConstraint: true, PathLengthConstraint: 1, Critical: true });
        Assert.Equal(X509KeyUsageFlags.KeyCertSign, root.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.Equal(Community.Founded.ToDateTimeOffset().AddYears(20), root.NotAfter.ToUniversalTime());
    }

    [Fact]
    public void A_made_passphrase_opens_it_however_people_type_it()
    {
        var passphrase = Passphrase.Create();
        Assert.Matches("^([a-z2-7]{5}-){5}[a-z2-7]{5}$", passphrase);
        Assert.NotEqual(passphrase, Passphrase.Create());
        var text = _community.Root.Export(passphrase, FewRounds).Value;
        Assert.Contains(_community.Root.Id.ToString(), text, StringComparison.Ordinal);
        var bare = passphrase.Replace("-", string.Empty, StringComparison.Ordinal);
        foreach (var typed in new[] { passphrase, passphrase.ToUpperInvariant(), " " + passphrase.Replace('-', ' '), bare })
        {
            using var opened = CommunityKey.Open(text, typed).Value;
            Assert.Equal(_community.Root.Id, opened.Id);
        }
    }

    [Fact]
    public void It_is_encrypted_with_AES_256_and_many_rounds_of_PBKDF2()
    {
        var encrypted = Pem.Read(_community.Root.Export(Passphrase.Create()).Value, "").Value[0].Data;
        var hex = Convert.ToHexString(encrypted);
        Assert.Contains("06092A864886F70D01050D", hex, StringComparison.Ordinal); // PBES2
        Assert.Contains("06096086480165030401" + "2A", hex, StringComparison.Ordinal); // AES-256-CBC
        Assert.Contains("06082A864886F70D0209", hex, StringComparison.Ordinal); // HMAC-SHA256
        Assert.Contains($"0203{TrustLimits.PassphraseRounds:X6}", hex, StringComparison.Ordinal);
    }

    [Fact]
    public void Passphrases_have_a_length()
    {
        Refused.With(_community.Root.Export("short"), "12 to 256 characters");
        Refused.With(_community.Root.Export(new string('x', 257)), "12 to 256 characters");
    }

    [Fact]
    public void A_wrong_passphrase_damage_and_another_file_are_told_apart()
    {
        var text = _community.Root.Export("a long passphrase", FewRounds).Value;
        Assert.Equal(FailureKind.Forbidden, Refused.With(CommunityKey.Open(text, "a wrong passphrase"), "passphrase is wrong").Kind);

        var at = text.IndexOf("-----BEGIN", StringComparison.Ordinal) + 60;
        var flipped = text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..];
        Assert.Equal(FailureKind.Damaged, Refused.With(CommunityKey.Open(flipped, "a long passphrase"), "damaged").Kind);
        Refused.With(CommunityKey.Open(text[..^200], "a long passphrase"), "cut off");

        using var node = _community.Admit();
        Refused.With(CommunityKey.Open(node.ToPem(), "a long passphrase"), "not the file of a root key");
        Refused.With(CommunityKey.Open(_community.Authority.ToPem(), "a long passphrase"), "not the file of a root key");
        Refused.With(CommunityKey.Open(string.Empty, "a long passphrase"), "not the file of a root key");
        Refused.With(CommunityKey.Open(new string('x', TrustLimits.PemCharactersMax + 1), ""), "characters");
    }

    [Fact]
    public void A_key_and_certificate_that_are_no_root_are_refused()
    {
        using var forge = new Forge(Community.Founded);
        using var key = P256.Create();
        using var issuing = forge.Issuing.GetECDsaPrivateKey()!;
        var mixed = CommunityKeyFile.Write(key, forge.Root, forge.Id, "a long passphrase", FewRounds).Value;
        Refused.With(CommunityKey.Open(mixed, "a long passphrase"), "not those of a root");
        var lesser = CommunityKeyFile.Write(issuing, forge.Issuing, forge.Id, "a long passphrase", FewRounds).Value;
        Refused.With(CommunityKey.Open(lesser, "a long passphrase"), "not those of a root");
    }

    [Fact]
    public void A_file_that_asks_for_hours_of_hashing_is_refused_at_once()
    {
        var blocks = Pem.Read(_community.Root.Export("a long passphrase", 0x10_0000).Value, "").Value;
        var at = blocks[0].Data.AsSpan().IndexOf(Convert.FromHexString("0203100000")) + 2;
        blocks[0].Data[at] = 0x7F;
        var text = Pem.Write(Pem.EncryptedKey, blocks[0].Data) + Pem.Write(Pem.Certificate, blocks[1].Data);
        Refused.With(CommunityKey.Open(text, "a long passphrase"), "rounds");
    }

    [Fact]
    public void A_community_whose_issuing_nodes_are_all_gone_lives_on()
    {
        var passphrase = Passphrase.Create();
        var exported = _community.Root.Export(passphrase, FewRounds).Value;
        using var survivor = _community.Admit("cache");
        _community.Authority.Dispose();
        var later = Community.Founded + TimeSpan.FromDays(400);

        using var root = CommunityKey.Open(exported, passphrase).Value;
        using var authority = root.CreateAuthority(survivor.Id, later).Value;
        using var stored = IssuingAuthority.FromPem(authority.ToPem(), root.Id).Value;
        var issued = stored.Issue(survivor.Key.CreateSigningRequest(), Community.Roles("cache", "tracker"), later).Value;
        using var renewed = NodeIdentity.Accept(survivor.Key, survivor.Community, issued, later).Value;

        Assert.Equal(survivor.Id, renewed.Id);
        Assert.Equal(survivor.Id.ToString(), stored.Holder);
        _community.Clock.Now = later;
        var peer = _community.Verifier.Verify(issued).Value;
        Assert.Equal(stored.Id, peer.Issuer);
        Assert.NotEqual(_community.Authority.Id, peer.Issuer);
    }

    private static X509Certificate2 RootCertificate(CommunityKey root) =>
        X509CertificateLoader.LoadCertificate(Pem.Read(root.Export("a long passphrase", FewRounds).Value, "").Value[1].Data);
}
