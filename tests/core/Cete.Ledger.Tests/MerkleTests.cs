using System.Security.Cryptography;
using Cete.Core;
using FsCheck;
using FsCheck.Fluent;

namespace Cete.Ledger.Tests;

/// <summary>The tree of RFC 6962, against known roots and against itself.</summary>
public sealed class MerkleTests
{
    /// <summary>The entries of the reference tests of Certificate Transparency, whose roots everybody has.</summary>
    private static readonly string[] Entries =
    [
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    ];

    private static readonly string[] Roots =
    [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void TheRootsAreThoseOfTheReference()
    {
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", MerkleTree.Empty.ToString());
        var leaves = Entries.Select(entry => Leaf(Convert.FromHexString(entry))).ToList();
        for (var size = 1; size <= leaves.Count; size++)
        {
            Assert.Equal(Roots[size - 1], Root(leaves, size).ToString());
        }
    }

    [Fact]
    public void PathsAreThoseOfTheReference()
    {
        var leaves = Entries.Select(entry => Leaf(Convert.FromHexString(entry))).ToList();
        var path = MerkleTree.Path(0, 8, Perfect(leaves));
        Assert.Equal(
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
            path.Select(hash => hash.ToString()));
        var last = MerkleTree.Path(1, 5, Perfect(leaves));
        Assert.Equal(3, last.Count);
        Assert.Equal("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", last[0].ToString());
    }

    [Fact]
    public void EveryPathShowsItsLeafAndNoOther()
    {
        var trees = from size in Gen.Choose(1, 200) from index in Gen.Choose(0, size - 1) from other in Gen.Choose(0, size - 1) select (size, index, other);
        Prop.ForAll(trees.ToArbitrary(), tree =>
        {
            var leaves = Enumerable.Range(0, tree.size).Select(i => Leaf(BitConverter.GetBytes(i))).ToList();
            var (root, path) = (Root(leaves, tree.size), MerkleTree.Path(tree.index, tree.size, Perfect(leaves)));
            Assert.True(MerkleTree.IsPath(leaves[tree.index], tree.index, tree.size, path, root));
            Assert.Equal(tree.other == tree.index, MerkleTree.IsPath(leaves[tree.other], tree.other, tree.size, path, root) && tree.other == tree.index);
            Assert.False(tree.other != tree.index && MerkleTree.IsPath(leaves[tree.other], tree.index, tree.size, path, root));
            Assert.False(MerkleTree.IsPath(leaves[tree.index], tree.index, tree.size, [.. path, root], root));
            Assert.False(path.Count > 0 && MerkleTree.IsPath(leaves[tree.index], tree.index, tree.size, [.. path.Skip(1)], root));
            Assert.False(MerkleTree.IsPath(leaves[tree.index], -1, tree.size, path, root));
            Assert.False(MerkleTree.IsPath(leaves[tree.index], tree.size, tree.size, path, root));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void AFrontierGrowsToTheSameRootAndIsReadAgainAnywhere()
    {
        var leaves = Enumerable.Range(0, 70).Select(i => Leaf(BitConverter.GetBytes(i))).ToList();
        var frontier = new MerkleFrontier();
        var told = new Dictionary<(int Level, long Index), Hash256>();
        for (var size = 0; size < leaves.Count; size++)
        {
            Assert.Equal(size == 0 ? MerkleTree.Empty : Root(leaves, size), frontier.Root);
            var read = MerkleFrontier.Read(size, frontier.ToArray())!;
            Assert.Equal((frontier.Root, (long)size), (read.Root, read.Size));
            frontier = size % 3 == 0 ? read : frontier;
            frontier.Add(leaves[size], (level, index, hash) => told.Add((level, index), hash));
        }

        Assert.All(told, part => Assert.Equal(Perfect(leaves)(part.Key.Level, part.Key.Index), part.Value));
        Assert.Equal(35 + 17 + 8 + 4 + 2 + 1, told.Count);
        Assert.Null(MerkleFrontier.Read(3, new byte[32]));
        Assert.Null(MerkleFrontier.Read(-1, []));
        Assert.Null(MerkleFrontier.Read(1, new byte[33]));
    }

    private static Hash256 Leaf(ReadOnlySpan<byte> entry) => new(SHA256.HashData([0, .. entry]));

    private static Hash256 Root(List<Hash256> leaves, int size) => MerkleTree.Root(0, size, Perfect(leaves));

    /// <summary>By the definition of RFC 6962 §2.1, for parts of a power of two.</summary>
    private static Func<int, long, Hash256> Perfect(List<Hash256> leaves) => (level, index) =>
        level == 0 ? leaves[(int)index] : MerkleTree.Node(Perfect(leaves)(level - 1, 2 * index), Perfect(leaves)(level - 1, (2 * index) + 1));
}
