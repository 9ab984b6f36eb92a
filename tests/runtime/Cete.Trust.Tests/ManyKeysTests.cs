using System.Security.Cryptography;
using Cete.Core;

namespace Cete.Trust.Tests;

public sealed class ManyKeysTests
{
    private static readonly KeyId Community = KeyId.Of("community"u8);

    /// <summary>A thread remembers keys that it verified with: more of them than it does are no other keys, and none is used for another.</summary>
    [Fact]
    public void More_keys_than_are_remembered_verify_their_own_statements_alone()
    {
        var signed = Enumerable.Range(0, 1_100).Select(i =>
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return (Statement: SignedStatement.Sign(key, Community, "test", default, i, [1, 2, 3]), Key: key.ExportSubjectPublicKeyInfo());
        }).ToList();
        for (var turn = 0; turn < 2; turn++)
        {
            for (var i = 0; i < signed.Count; i++)
            {
                Assert.Null(signed[i].Statement.Verify(signed[i].Key, Community, "test"));
                var other = signed[(i + 1) % signed.Count];
                Assert.NotNull(signed[i].Statement.Verify(other.Key, Community, "test"));
                Assert.NotNull((signed[i].Statement with { Signature = other.Statement.Signature }).Verify(signed[i].Key, Community, "test"));
            }
        }

        // No point of the curve: refused each time, and not remembered.
        var wrong = (byte[])signed[0].Key.Clone();
        wrong[^1] ^= 1;
        var named = signed[0].Statement with { Device = KeyId.Of(wrong) };
        Assert.NotNull(named.Verify(wrong, Community, "test"));
        Assert.NotNull(named.Verify(wrong, Community, "test"));
    }
}
