using System.Security.Cryptography;

namespace Cete.Storage.State;

/// <summary>
/// What stands at the end of a snapshot: a mark and the SHA-256 of all before it. SQLite itself has no checksums, so without it a
/// snapshot that was cut at a page or changed within a row would pass as sound.
/// </summary>
internal static class SnapshotSeal
{
    public const int Size = 8 + SHA256.HashSizeInBytes;
    private const int ChunkSize = 128 * 1024;

    private static ReadOnlySpan<byte> Mark => "CETESNAP"u8;

    /// <summary>Copies a database and puts the seal behind it.</summary>
    public static void CopySealed(Stream database, Stream target)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new byte[ChunkSize];
        for (var count = database.Read(chunk); count > 0; count = database.Read(chunk))
        {
            hash.AppendData(chunk, 0, count);
            target.Write(chunk, 0, count);
        }

        target.Write(Mark);
        target.Write(hash.GetHashAndReset());
    }

    /// <summary>Takes the seal off; false, and the file as it was, when it is broken or there is none.</summary>
    public static bool TryTakeOff(FileStream snapshot)
    {
        var length = snapshot.Length - Size;
        if (length < 0)
        {
            return false;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new byte[ChunkSize];
        snapshot.Position = 0;
        for (var rest = length; rest > 0;)
        {
            var count = (int)Math.Min(rest, ChunkSize);
            snapshot.ReadExactly(chunk, 0, count);
            hash.AppendData(chunk, 0, count);
            rest -= count;
        }

        snapshot.ReadExactly(chunk, 0, Size);
        if (!chunk.AsSpan(0, Mark.Length).SequenceEqual(Mark) || !chunk.AsSpan(Mark.Length, Size - Mark.Length).SequenceEqual(hash.GetHashAndReset()))
        {
            return false;
        }

        snapshot.SetLength(length);
        return true;
    }
}
