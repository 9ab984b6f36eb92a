using System.Security.Cryptography;
using Cete.Core;

namespace Cete.Swarm.Tests;

public sealed class Sha256LanesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(1024)]
    [InlineData(Merkle.LeafSize)]
    public void Each_lane_gives_the_hash_of_its_message(int length)
    {
        for (ulong seed = 0; seed < Seeds.Count(5); seed++)
        {
            var messages = new byte[Sha256Lanes.Count * length];
            new Prng(seed).Fill(messages);
            var hashes = new byte[Sha256Lanes.Count * Hash256.Size];
            Sha256Lanes.Hash(messages, length, hashes);
            for (var lane = 0; lane < Sha256Lanes.Count; lane++)
            {
                var expected = SHA256.HashData(messages.AsSpan(lane * length, length));
                Assert.Equal(expected, hashes.AsSpan(lane * Hash256.Size, Hash256.Size).ToArray());
            }
        }
    }

    [Fact]
    public void Hashes_may_be_written_over_their_messages()
    {
        var messages = new byte[Sha256Lanes.Count * 64];
        new Prng(1).Fill(messages);
        var apart = new byte[Sha256Lanes.Count * Hash256.Size];
        Sha256Lanes.Hash(messages, 64, apart);
        Sha256Lanes.Hash(messages, 64, messages.AsSpan(0, apart.Length));
        Assert.Equal(apart, messages[..apart.Length]);
    }
}
