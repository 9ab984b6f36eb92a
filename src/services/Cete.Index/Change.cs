using Cete.Core;
using Cete.Groups;
using Cete.Index.Moderation;
using Cete.Index.Proto;
using Google.Protobuf;

namespace Cete.Index;

/// <summary>One command on its way through the tables.</summary>
internal sealed class Change
{
    /// <summary>Entries and folders made by one command; their ids are the command's index times this, plus their number.</summary>
    private const int IdsPerCommand = 1 << 17;

    private readonly AppliedCommand _command;
    private readonly ApplyContext _context;
    private int _made;
    private bool? _hasTakenDown;

    public Change(AppliedCommand command, ApplyContext context)
    {
        (_command, _context) = (command, context);
        Rights = new IndexRights(command, context);
        Tables = context.Level == 1 ? new FirstTables(this) : new EntryTables(this);
    }

    public SqlSession Sql => _context.Sql;

    /// <summary>The tables as they are at the group's apply level.</summary>
    public IEntryTables Tables { get; }

    /// <summary>Whether whoever asks may do it.</summary>
    public IndexRights Rights { get; }

    /// <summary>Names come with their words.</summary>
    public bool HasWords => _context.Level > 1;

    /// <summary>Folders have owners.</summary>
    public bool HasOwners => _context.Level >= IndexRights.Level;

    public long Index => _command.Index;

    public Instant At => _command.At;

    public string Account => _command.Asker.Account;

    /// <summary>Folders that this command found or made, by path: its entries mostly stand together.</summary>
    public Dictionary<string, long> Folders { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a folder may hold folders, by id: most that are filed in hold none, so their entries cannot have the name of one.</summary>
    public Dictionary<long, bool> HaveFolders { get; } = [];

    /// <summary>What this command filed, by folder and name: nothing else can be in a folder that it made.</summary>
    public HashSet<(long Folder, string Name)> Filed { get; } = [];

    /// <summary>Ids from here on are of this command.</summary>
    public long FirstId => _command.Index * IdsPerCommand;

    /// <summary>The id that <see cref="NextId"/> gives next.</summary>
    public long FreeId => FirstId + _made;

    public long NextId()
    {
        Check.That(_made < IdsPerCommand);
        return FirstId + _made++;
    }

    /// <summary>Whoever follows the index is told where things went, too.</summary>
    public bool TellsMoves => _context.Level >= IndexMachine.MovesLevel;

    /// <summary>Contents can be taken down.</summary>
    public bool HasModeration => _context.Level >= IndexMachine.ModerationLevel;

    /// <summary>Some content is: entries of one command ask only once.</summary>
    public bool HasTakenDown => _hasTakenDown ??= HasModeration && TakenDownContents.Any(Sql);

    /// <summary>Who asks, and what that one may do.</summary>
    public Standing Asker => _command.Asker.Standing;

    public void Emit(string type, long entry, string path, byte[] root) =>
        _context.Emit(type, new EntryEvent { Entry = entry, Path = path, Root = ByteString.CopyFrom(root) }.ToByteArray());

    /// <summary>Tells of an entry or a folder that is elsewhere, or in sight again, or out of it.</summary>
    public void EmitThing(string type, long thing, string path, bool isFolder, string from = "") =>
        _context.Emit(type, new EntryEvent { Entry = thing, Path = path, IsFolder = isFolder, From = from }.ToByteArray());
}

/// <summary>What differs between apply levels: how entries, their words and who holds their contents are kept.</summary>
internal interface IEntryTables
{
    /// <summary>Notes a content and that a node holds it.</summary>
    void Provide(Entry entry, string provider);

    /// <summary>The entry in sight of a name, and the root of its content; null when there is none.</summary>
    (long Id, byte[]? Root) Find(long folder, string name);

    void AddFolder(long id, long parent, string name, string key, string words);

    void MoveFolder(long id, long parent, string name, string key, string words);

    void Add(long id, long folder, EntryPath path, Entry entry);

    void Move(long entry, long folder, string name, Move command);

    void Describe(Describe command);

    /// <summary>Takes an entry out of sight.</summary>
    void Hide(long entry);

    /// <summary>Takes all entries in sight out of it that are in a folder or below; how many there were.</summary>
    long HideBelow(long folder);

    /// <summary>Brings an entry back into sight.</summary>
    void Show(long entry);

    /// <summary>Writes the words anew by which an entry is found, after it or a folder above has moved.</summary>
    void Reindex(long entry);

    /// <summary>The command has done what it does.</summary>
    void End();
}
