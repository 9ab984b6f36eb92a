using Cete.Core;
using Cete.Formats;
using Cete.Storage.Contents;

namespace Cete.Storage.Tests.Contents;

public sealed class DigestStoreTests : IDisposable
{
    private const int Piece = 256 * 1024;
    private static readonly Hash256 Root = Hash256.Of("root"u8);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_kept_is_found_again_by_root_and_piece_length()
    {
        var store = new DigestStore(_folder.Path);
        Assert.Null(store.Find(Root, Piece));
        Assert.Null(store.Keep(Root, Make(Piece + 5)));
        Assert.Null(store.Keep(Root, Make(Piece + 5)));
        foreach (var reader in new[] { store, new DigestStore(_folder.Path) })
        {
            Assert.Equal(Make(Piece + 5).Write(), reader.Find(Root, Piece)!.Write());
            Assert.Null(reader.Find(Root, 2 * Piece));
            Assert.Null(reader.Find(Hash256.Of("other"u8), Piece));
        }

        Assert.Single(Files());
    }

    [Fact]
    public void The_flat_hash_is_found_as_soon_as_it_is_kept_and_without_its_file()
    {
        var store = new DigestStore(_folder.Path);
        Assert.Null(store.FindSha256(Root, Piece));
        store.Keep(Root, Make(5));
        Assert.Equal(Make(5).Sha256, store.FindSha256(Root, Piece));
        Assert.Null(store.FindSha256(Root, 2 * Piece));
        File.Delete(Files().Single());
        Assert.Equal(Make(5).Sha256, store.FindSha256(Root, Piece));
        Assert.Null(new DigestStore(_folder.Path).FindSha256(Root, Piece));
    }

    [Fact]
    public void Every_damaged_file_is_as_if_it_were_not_there()
    {
        var store = new DigestStore(_folder.Path);
        store.Keep(Root, Make(5));
        var file = Files().Single();
        var good = File.ReadAllBytes(file);
        for (var i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x10;
            File.WriteAllBytes(file, bad);
            Assert.Null(store.Find(Root, Piece));
            File.WriteAllBytes(file, good[..i]);
            Assert.Null(store.Find(Root, Piece));
        }

        File.WriteAllBytes(file, [.. good, 0]);
        Assert.Null(store.Find(Root, Piece));
        Assert.Null(store.Keep(Root, Make(5)));
        Assert.NotNull(store.Find(Root, Piece));
    }

    [Fact]
    public void A_folder_in_place_of_a_file_is_told_when_keeping()
    {
        var store = new DigestStore(_folder.Path);
        store.Keep(Root, Make(5));
        var file = Files().Single();
        File.Delete(file);
        Directory.CreateDirectory(file);
        Assert.Null(store.Find(Root, Piece));
        Assert.NotNull(store.Keep(Root, Make(5)));
        Assert.Empty(Files());
    }

    private static ContentDigests Make(int length)
    {
        using var maker = new ContentDigests.Maker(length, Piece);
        for (var at = 0; at < length; at += Piece)
        {
            maker.Append(new byte[Math.Min(Piece, length - at)]);
        }

        return maker.Finish();
    }

    private string[] Files() => Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);
}
