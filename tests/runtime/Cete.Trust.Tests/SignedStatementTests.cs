using System.Security.Cryptography;
using System.Text;
using Cete.Core;

namespace Cete.Trust.Tests;

/// <summary>What devices sign: one form, and whatever is changed in it counts no longer.</summary>
public sealed class SignedStatementTests : IDisposable
{
    private const string Purpose = "accounts.govern";

    private static readonly KeyId Community = KeyId.Of("community"u8);
    private static readonly AccountId Account = new("sixteen bytes id"u8);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private byte[] PublicKey => _key.ExportSubjectPublicKeyInfo();

    public void Dispose() => _key.Dispose();

    [Fact]
    public void The_bytes_are_those_that_are_documented()
    {
        var device = KeyId.Of("device"u8);
        byte[] expected =
        [
            .. "cete-statement-1\0"u8, .. Community.ToArray(), 0, 0, 0, 15, .. "accounts.govern"u8, .. "sixteen bytes id"u8, .. device.ToArray(),
            0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 2, .. "{}"u8,
        ];
        Assert.Equal(expected, SignedStatement.BytesToSign(Community, Purpose, Account, device, 258, "{}"u8));
    }

    [Fact]
    public void What_was_signed_comes_back_and_verifies()
    {
        var prng = new Prng(20_27);
        using var file = NodeKey.Create();
        for (var i = 0; i < 50; i++)
        {
            var payload = new byte[prng.Next(300)];
            prng.Fill(payload);
            foreach (var (statement, key) in new[]
            {
                (SignedStatement.Sign(_key, Community, Purpose, Account, i, payload), PublicKey),
                (SignedStatement.Sign(file, Community, Purpose, Account, -i, payload), file.PublicKey.ToArray()),
            })
            {
                var read = SignedStatement.Parse(statement.ToArray()).Value;
                Assert.Equal((Community, Purpose, Account, statement.Counter), (read.Community, read.Purpose, read.Account, read.Counter));
                Assert.Equal(payload, read.Payload.ToArray());
                Assert.Null(read.Verify(key, Community, Purpose));
            }
        }
    }

    [Fact]
    public void Of_changed_bytes_none_verify()
    {
        var bytes = SignedStatement.Sign(_key, Community, Purpose, Account, 7, "{\"act\":\"resume\"}"u8).ToArray();
        for (var at = 0; at < bytes.Length; at++)
        {
            var changed = bytes.ToArray();
            changed[at] ^= 0x10;
            var read = SignedStatement.Parse(changed);
            Assert.True(!read.Succeeded || read.Value.Verify(PublicKey, Community, Purpose) is not null, $"byte {at}");
            Assert.False(SignedStatement.Parse(bytes.AsSpan(0, at)).Succeeded);
        }

        Assert.False(SignedStatement.Parse([.. bytes, 0]).Succeeded);
    }

    [Fact]
    public void Another_key_community_or_purpose_is_refused_and_named()
    {
        var statement = SignedStatement.Sign(_key, Community, Purpose, Account, 7, "{}"u8);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var elsewhere = KeyId.Of("elsewhere"u8);
        Assert.Contains("was not signed with the key", statement.Verify(other.ExportSubjectPublicKeyInfo(), Community, Purpose)!.Message, StringComparison.Ordinal);
        Assert.Contains("was not signed with the key", statement.Verify([1, 2, 3], Community, Purpose)!.Message, StringComparison.Ordinal);
        Assert.Contains("another community", statement.Verify(PublicKey, elsewhere, Purpose)!.Message, StringComparison.Ordinal);
        Assert.Contains("'bank.transfer' is needed", statement.Verify(PublicKey, Community, "bank.transfer")!.Message, StringComparison.Ordinal);
        Assert.Equal(FailureKind.Forbidden, (statement with { Signature = new byte[63] }).Verify(PublicKey, Community, Purpose)!.Kind);
    }

    [Fact]
    public void A_record_of_a_node_is_no_statement_and_the_other_way_round()
    {
        // The same key signs both; what is signed for one must never read as the other.
        using var key = NodeKey.Create();
        var statement = SignedStatement.Sign(key, Community, Purpose, Account, 7, "{}"u8);
        var signed = SignedStatement.BytesToSign(Community, Purpose, Account, key.Id, 7, "{}"u8);
        var asRecord = key.Sign(Purpose, Community, signed);
        Assert.NotNull((statement with { Signature = asRecord }).Verify(key.PublicKey.Span, Community, Purpose));
        Assert.False(new RecordSignatures().Verify(key.PublicKey.Span, Purpose, Community, signed, statement.Signature.Span));
        Assert.True(signed[0] > TrustLimits.PurposeLengthMax);
    }

    [Fact]
    public void Its_size_is_bounded_before_it_is_read()
    {
        var large = SignedStatement.Sign(_key, Community, Purpose, Account, 7, new byte[SignedStatement.PayloadBytesMax]).ToArray();
        Assert.InRange(large.Length, SignedStatement.PayloadBytesMax, SignedStatement.BytesMax);
        Assert.True(SignedStatement.Parse(large).Succeeded);
        Assert.Equal(FailureKind.TooLarge, SignedStatement.Parse(new byte[SignedStatement.BytesMax + 1]).Failure!.Kind);
        var head = SignedStatement.BytesToSign(Community, Purpose, Account, KeyId.Of("device"u8), 7, default);
        foreach (var length in new byte[][] { [0x7F, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF], [0, 1, 0, 1] })
        {
            Assert.False(SignedStatement.Parse([.. head[..^4], .. length, .. new byte[64]]).Succeeded);
        }

        Assert.False(SignedStatement.Parse(Encoding.ASCII.GetBytes("cete-statement-1")).Succeeded);
    }
}
