using Cete.Core;
using Cete.Ports;

namespace Cete.Simulation;

/// <summary>
/// A disk in memory whose every whim comes from a seed. It keeps what was synced apart from what was written; <see cref="Crash"/>
/// loses and tears the difference: any subset of unsynced sectors of 512 bytes survives, a length may be the old or the new
/// one, names come and go unless their folder was synced. Folders are named with '/'; the top is there from the start. One caller at a time.
/// </summary>
public sealed class SimFiles(ulong seed) : IFileSystem
{
    private readonly Prng _prng = new(seed);
    private readonly SortedSet<string> _folders = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _syncedFolders = new(StringComparer.Ordinal);
    private SortedDictionary<string, SimFileImage> _files = new(StringComparer.Ordinal);
    private SortedDictionary<string, SimFileImage> _syncedFiles = new(StringComparer.Ordinal);
    private int _boot;

    /// <summary>Writes so far; opening a file that is new and lengthening one count, since both need room.</summary>
    public int Writes { get; private set; }

    /// <summary>Syncs of files and folders so far.</summary>
    public int Syncs { get; private set; }

    /// <summary>The write with this number (from 1) fails for want of room; a random part of it is there.</summary>
    public int FullAtWrite { get; set; }

    /// <summary>While set, every write fails for want of room.</summary>
    public bool IsFull { get; set; }

    /// <summary>The sync with this number (from 1) fails; what it was to sync may be lost although later syncs succeed.</summary>
    public int FailAtSync { get; set; }

    /// <summary>Operations that change the disk or sync it so far: every one is a place where a process can be killed.</summary>
    public int Operations { get; private set; }

    /// <summary>
    /// The operation with this number (from 1) does not happen, but <see cref="SimStoppedException"/> does; a random part of a write is
    /// there.
    /// </summary>
    public int StopAtOperation { get; set; }

    /// <summary>Files whose reading fails.</summary>
    public ISet<string> Unreadable { get; } = new SortedSet<string>(StringComparer.Ordinal);

    /// <summary>While set, files cannot be deleted.</summary>
    public bool FailDeletes { get; set; }

    /// <summary>The paths of all files, in order.</summary>
    public IReadOnlyList<string> Paths => [.. _files.Keys];

    public IFile Open(string path)
    {
        if (!_files.TryGetValue(path, out var image))
        {
            if (!FolderExists(ParentOf(path)))
            {
                throw new DirectoryNotFoundException($"there is no folder for {path}");
            }

            TakeOperation();
            if (TakeWrite())
            {
                throw NoRoom();
            }

            _files.Add(path, image = new SimFileImage());
        }

        return new SimFile(this, path, image, _boot);
    }

    public bool Exists(string path) => _files.ContainsKey(path);

    public IReadOnlyList<string> List(string folder) =>
        [.. _files.Keys.Where(path => ParentOf(path) == folder).Select(path => path[(path.LastIndexOf('/') + 1)..])];

    public void CreateFolder(string folder)
    {
        for (var path = folder; path.Length > 0; path = ParentOf(path))
        {
            _folders.Add(path);
        }
    }

    public void Delete(string path)
    {
        if (FailDeletes && _files.ContainsKey(path))
        {
            throw new IOException("the disk failed");
        }

        TakeOperation();
        _files.Remove(path);
    }

    public void SyncFolder(string folder)
    {
        folder = folder.TrimEnd('/');
        if (!FolderExists(folder))
        {
            throw new DirectoryNotFoundException($"there is no folder {folder}");
        }

        TakeSync();
        foreach (var path in _files.Keys.Concat(_syncedFiles.Keys).Where(path => ParentOf(path) == folder).Distinct().ToList())
        {
            Put(_syncedFiles, path, _files.GetValueOrDefault(path));
        }

        _syncedFolders.UnionWith(_folders.Where(path => ParentOf(path) == folder));
    }

    /// <summary>
    /// Power is lost and comes back: open files are dead, and the disk holds what <see cref="SimFiles"/> says of unsynced writes.
    /// </summary>
    public void Crash()
    {
        _boot++;
        FailDeletes = IsFull = false;
        FullAtWrite = FailAtSync = StopAtOperation = 0;

        // Now and then everything or nothing reached the disk; mostly some of it.
        var mood = _prng.Next(8);
        var kept = mood switch { 0 => 0, 1 => 100, _ => 1 + _prng.Next(99) };
        _folders.RemoveWhere(folder => !_syncedFolders.Contains(folder) && !_prng.Chance(kept, 100));
        _folders.RemoveWhere(folder => !FolderExists(ParentOf(folder)));
        var survivors = new SortedDictionary<string, SimFileImage>(StringComparer.Ordinal);
        foreach (var path in _files.Keys.Union(_syncedFiles.Keys).Order(StringComparer.Ordinal))
        {
            var (written, synced) = (_files.GetValueOrDefault(path), _syncedFiles.GetValueOrDefault(path));
            var survivor = written == synced || _prng.Chance(kept, 100) ? written : synced;
            if (FolderExists(ParentOf(path)))
            {
                Put(survivors, path, survivor);
            }
        }

        foreach (var image in survivors.Values)
        {
            image.Crash(_prng, kept);
        }

        _files = survivors;
        _syncedFiles = new SortedDictionary<string, SimFileImage>(survivors, StringComparer.Ordinal);
        _syncedFolders.Clear();
        _syncedFolders.UnionWith(_folders);
    }

    /// <summary>Changes bits of a byte, as a disk that rots.</summary>
    public void Flip(string path, long offset, byte mask) => _files[path].Flip(offset, mask);

    /// <summary>Changes one random bit of a file; returns the offset of its byte.</summary>
    public long FlipRandomBit(string path)
    {
        var offset = _prng.Next(_files[path].Length);
        Flip(path, offset, (byte)(1 << _prng.Next(8)));
        return offset;
    }

    /// <summary>The bytes of a file as they are read now.</summary>
    public byte[] BytesOf(string path) => _files[path].Read(0, int.MaxValue).ToArray();

    /// <summary>Puts a file there, as if synced long ago.</summary>
    public void Put(string path, ReadOnlySpan<byte> bytes)
    {
        CreateFolder(ParentOf(path));
        _syncedFolders.UnionWith(_folders);
        var image = new SimFileImage();
        image.Write(bytes, 0);
        image.Sync();
        (_files[path], _syncedFiles[path]) = (image, image);
    }

    internal static IOException NoRoom() => new("No space left on device", 28);

    /// <summary>Counts a write; true when it is to fail.</summary>
    internal bool TakeWrite() => ++Writes == FullAtWrite || IsFull;

    internal int Part(int length) => _prng.Next(length + 1);

    internal void TakeOperation()
    {
        if (++Operations == StopAtOperation)
        {
            throw new SimStoppedException();
        }
    }

    internal void TakeSync(SimFileImage? image = null)
    {
        TakeOperation();
        if (++Syncs == FailAtSync)
        {
            image?.Forget(_prng);
            throw new IOException("Input/output error", 5);
        }
    }

    internal void CheckAlive(int boot) => Check.That(boot == _boot, "a file was used that was opened before the crash");

    private static void Put(SortedDictionary<string, SimFileImage> files, string path, SimFileImage? image)
    {
        if (image is null)
        {
            files.Remove(path);
        }
        else
        {
            files[path] = image;
        }
    }

    private static string ParentOf(string path) => path.LastIndexOf('/') is var at and > 0 ? path[..at] : string.Empty;

    private bool FolderExists(string folder) => folder.Length == 0 || _folders.Contains(folder);
}

/// <summary>
/// The simulated process was killed in the middle of an operation. What it had open is to be dropped, then <see cref="SimFiles.Crash"/>
/// called or not.
/// </summary>
public sealed class SimStoppedException() : Exception("the process was killed");
