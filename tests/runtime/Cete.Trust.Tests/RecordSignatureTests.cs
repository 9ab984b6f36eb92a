using System.Security.Cryptography;
using Cete.Core;
using Cete.Ports;

namespace Cete.Trust.Tests;

public sealed class RecordSignatureTests : IDisposable
{
    private const int Rounds = 200;

    /// <summary>Made by OpenSSL's command line over the bytes as documented.</summary>
    private const string KnownKey =
        "3059301306072A8648CE3D020106082A8648CE3D030107034200042048436336D89DCAC4D0D8A85E843658F1DE8"
        + "737AFA8CD66B9B29AC582C049D03EACCCD3B210350D304E993A0316B0BC42142C99004AE10214C29F723A5497DF";

    private const string KnownSignature =
        "E6C02BA5A427E02EC46138B172EA8E9EB6E8895DC1FED267DEF09395A89A82D1"
        + "B168834A4077D27F2A17E4DFAB0143731E8E2D93436FB9E300D85AF97AB57CE9";

    private readonly NodeKey _key = NodeKey.Create();
    private readonly ISignatureCheck _check = new RecordSignatures();
    private readonly Prng _prng = new(20_26);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void What_was_signed_verifies_and_nothing_else_does()
    {
        for (var i = 0; i < Rounds; i++)
        {
            var (purpose, community, record) = (Purpose(), Id(), Bytes(_prng.Next(300)));
            var signature = _key.Sign(purpose, community, record);
            Assert.Equal(64, signature.Length);
            Assert.True(Verify(purpose, community, record, signature));

            Assert.False(Verify(purpose + "x", community, record, signature));
            Assert.False(Verify(purpose, Id(), record, signature));
            Assert.False(Verify(purpose, community, [.. record, 0], signature));
            Assert.False(Verify(purpose, community, record, Flipped(signature)));
            if (record.Length > 0)
            {
                Assert.False(Verify(purpose, community, Flipped(record), signature));
            }
        }
    }

    [Fact]
    public void Bytes_moved_between_purpose_and_record_are_another_record()
    {
        var community = new KeyId("bbbbbbbbbbbbbbbbbbbb"u8);
        var signature = _key.Sign("ab", community, "c"u8);
        Assert.False(Verify("a", community, "bc"u8.ToArray(), signature));
        byte[] shifted = [.. community.ToArray(), (byte)'c'];
        Assert.False(Verify("ab", community, shifted, signature));
    }

    [Fact]
    public void Another_key_did_not_sign_it()
    {
        using var other = NodeKey.Create();
        var signature = _key.Sign("vote", Id(), "x"u8);
        Assert.False(_check.Verify(other.PublicKey.Span, "vote", Id(), "x"u8, signature));
    }

    [Fact]
    public void Keys_and_signatures_of_any_other_form_are_false_and_never_throw()
    {
        var community = Id();
        var signature = _key.Sign("vote", community, "x"u8);
        var key = _key.PublicKey.ToArray();
        using var wide = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var half = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.False(_check.Verify(wide.ExportSubjectPublicKeyInfo(), "vote", community, "x"u8, signature));
        Assert.False(_check.Verify([], "vote", community, "x"u8, signature));
        Assert.False(_check.Verify([.. key, 0], "vote", community, "x"u8, signature));
        foreach (var odd in new[] { [], signature[..63], [.. signature, 0], new byte[64], Enumerable.Repeat((byte)0xFF, 64).ToArray() })
        {
            Assert.False(_check.Verify(key, "vote", community, "x"u8, odd));
        }

        for (var i = 0; i < Rounds; i++)
        {
            Assert.False(_check.Verify(Flipped(key), "vote", community, "x"u8, signature));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Vote")]
    [InlineData("1st")]
    [InlineData("a b")]
    [InlineData("abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcde")]
    public void A_purpose_is_a_word_of_the_program_and_another_is_a_bug(string purpose) =>
        Assert.Throws<CheckFailedException>(() => _key.Sign(purpose, Id(), "x"u8));

    [Fact]
    public void A_known_signature_verifies_for_ever()
    {
        var key = Convert.FromHexString(KnownKey);
        var community = new KeyId("communitycommunityco"u8);
        Assert.True(_check.Verify(key, "known-record", community, "a record"u8, Convert.FromHexString(KnownSignature)));
    }

    private bool Verify(string purpose, KeyId community, byte[] record, byte[] signature) =>
        _check.Verify(_key.PublicKey.Span, purpose, community, record, signature);

    private string Purpose() => "p" + string.Concat(Enumerable.Range(0, _prng.Next(60)).Select(_ => "abz09.-"[_prng.Next(7)]));

    private KeyId Id() => new(Bytes(KeyId.Size));

    private byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        _prng.Fill(bytes);
        return bytes;
    }

    private byte[] Flipped(byte[] bytes)
    {
        var copy = bytes.ToArray();
        copy[_prng.Next(copy.Length)] ^= (byte)(1 << _prng.Next(8));
        return copy;
    }
}
