using System.Text.Json;
using System.Text.Json.Serialization;
using Cete.Core;
using Cete.Ports;

namespace Cete.Storage;

/// <summary>What a data folder says of itself, in <c>cete.json</c>.</summary>
/// <param name="Format">Version of the layout of the folder.</param>
/// <param name="Community">Name of the community.</param>
/// <param name="Node">Id of this node.</param>
/// <param name="CommunityId">Id of the community; null in the folder of a node that was made before communities had keys.</param>
/// <param name="Name">What people call the node; null for the name of its machine.</param>
public sealed record DataFolderFacts(int Format, string Community, string Node, string? CommunityId = null, string? Name = null);

/// <summary>The folder of one node, held by one process at a time. Disposing lets go of it.</summary>
public sealed class DataFolder : IDisposable
{
    /// <summary>The layout that this program writes.</summary>
    public const int Format = 1;

    private const string FactsName = "cete.json";
    private const string FactsBegun = FactsName + ".new";
    private const string LockName = "lock";

    /// <summary>Settings may be laid down before there is a node.</summary>
    private const string SettingsName = "cete.conf";
    private readonly FileStream _hold;

    private DataFolder(string path, DataFolderFacts facts, FileStream hold) => (Path, Facts, _hold) = (path, facts, hold);

    public string Path { get; }

    public DataFolderFacts Facts { get; }

    /// <summary>Opens the folder of a node that exists.</summary>
    public static Outcome<DataFolder> Open(string path) => Hold(path, create: false, hold =>
    {
        var file = System.IO.Path.Combine(path, FactsName);
        return Read(file).Then(facts => new DataFolder(path, facts, hold));
    });

    /// <summary>Makes the folder of a new node; one that holds a node already is refused.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="prepare">Lays down what must be there before there is a node, and says what the node is.</param>
    public static Outcome<DataFolder> Create(string path, Func<Outcome<DataFolderFacts>> prepare)
    {
        var reserved = Reserve(path);
        if (!reserved.Succeeded)
        {
            return reserved.Failure;
        }

        using var reservation = reserved.Value;
        var facts = prepare();
        return facts.Succeeded ? reservation.Complete(facts.Value) : facts.Failure;
    }

    /// <summary>Where the stores of groups are in a folder.</summary>
    public static string GroupsIn(string path) => System.IO.Path.Combine(path, "groups");

    /// <summary>Holds a folder in which there is to be a node; one that holds a node already is refused.</summary>
    public static Outcome<Reservation> Reserve(string path) => Hold(path, create: true, hold =>
    {
        var file = System.IO.Path.Combine(path, FactsName);
        if (!File.Exists(file))
        {
            return (Outcome<Reservation>)new Reservation(path, hold);
        }

        return Read(file).Succeeded
            ? new Failure(
                FailureKind.Conflict,
                $"{path} holds a node of the community '{Read(file).Value.Community}' already; "
                + "start it without --create and --join, or choose another --data folder")
            : Read(file).Failure!;
    });

    /// <summary>Says something else of the node from now on.</summary>
    public DataFolder With(DataFolderFacts facts)
    {
        Write(Path, facts);
        return new DataFolder(Path, facts, _hold);
    }

    public void Dispose() => _hold.Dispose();

    /// <summary>A folder in which there is to be a node. Disposing lets go of it, unless it was completed.</summary>
    public sealed class Reservation : IDisposable
    {
        private readonly string _path;
        private FileStream? _hold;

        internal Reservation(string path, FileStream hold) => (_path, _hold) = (path, hold);

        /// <summary>Makes the node.</summary>
        public Outcome<DataFolder> Complete(DataFolderFacts facts)
        {
            try
            {
                Write(_path, facts);
                PhysicalFiles.SyncDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(_path)) ?? _path);
                var folder = new DataFolder(_path, facts, _hold!);
                _hold = null;
                return folder;
            }
            catch (IOException error)
            {
                return DiskFailure.From(error, $"making the data folder {_path}");
            }
        }

        public void Dispose() => _hold?.Dispose();
    }

    private static void Write(string path, DataFolderFacts facts)
    {
        var temporary = System.IO.Path.Combine(path, FactsBegun);
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, facts, DataFolderJson.Default.DataFolderFacts);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, System.IO.Path.Combine(path, FactsName), overwrite: true);
        PhysicalFiles.SyncDirectory(path);
    }

    private static Outcome<T> Hold<T>(string path, bool create, Func<FileStream, Outcome<T>> next)
    {
        FileStream? hold = null;
        try
        {
            if ((create ? MakeRoom(path) : FindNode(path)) is { } failure)
            {
                return failure;
            }

            // The system lets go of it when the process ends, however it ends.
            hold = new FileStream(System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var outcome = next(hold);
            if (!outcome.Succeeded)
            {
                hold.Dispose();
            }

            return outcome;
        }
        catch (UnauthorizedAccessException error)
        {
            hold?.Dispose();
            return new Failure(FailureKind.Forbidden, $"the data folder {path} cannot be used: {error.Message}");
        }
        catch (IOException error) when (hold is null && IsHeld(error))
        {
            return new Failure(FailureKind.Conflict, $"the data folder {path} is in use by another process; stop it first, or choose another folder");
        }
        catch (IOException error)
        {
            hold?.Dispose();
            return DiskFailure.From(error, $"opening the data folder {path}");
        }
    }

    /// <summary>Before a lock is made, so that a folder of something else stays as it is.</summary>
    private static Failure? MakeRoom(string path)
    {
        Directory.CreateDirectory(path);

        // A creation that was killed leaves some of these, and can be tried again.
        var isForeign = !File.Exists(System.IO.Path.Combine(path, FactsName))
            && Directory.EnumerateFileSystemEntries(path)
                .Any(entry => System.IO.Path.GetFileName(entry) is not (LockName or FactsBegun or SettingsName or TrustFolder.Name));
        return isForeign ? new Failure(FailureKind.Conflict, $"{path} is not empty and holds no node; choose another --data folder") : null;
    }

    private static Failure? FindNode(string path)
    {
        if (!Directory.Exists(path))
        {
            return new Failure(FailureKind.NotFound, $"the data folder {path} does not exist; make a node with 'cete node --create NAME --data {path}'");
        }

        return File.Exists(System.IO.Path.Combine(path, FactsName))
            ? null
            : new Failure(FailureKind.NotFound, $"{path} holds no node; make one with 'cete node --create NAME --data {path}'");
    }

    /// <summary>Whether another holds the lock: EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.</summary>
    private static bool IsHeld(IOException error) => error.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static Outcome<DataFolderFacts> Read(string file)
    {
        DataFolderFacts? facts;
        try
        {
            facts = JsonSerializer.Deserialize(File.ReadAllBytes(file), DataFolderJson.Default.DataFolderFacts);
        }
        catch (JsonException error)
        {
            return new Failure(FailureKind.Damaged, $"{file} is damaged: {error.Message}");
        }

        return facts switch
        {
            { Format: Format, Community.Length: > 0, Node.Length: > 0 } => facts,
            { Format: > Format } => new Failure(FailureKind.Conflict,
                $"{file} has format {facts.Format}, this program knows {Format}: it was written by a newer version, use that one"),
            _ => new Failure(FailureKind.Damaged, $"{file} is damaged: it names no format, community and node"),
        };
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DataFolderFacts))]
internal sealed partial class DataFolderJson : JsonSerializerContext;
