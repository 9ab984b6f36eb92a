using Cete.Core;
using Cete.Groups;
using Cete.Index.Proto;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Index;

/// <summary>The file index for its users: checks and normalizes what they say, hands it to the group, and answers questions.</summary>
/// <param name="group">The group that keeps the index.</param>
/// <param name="reads">How fresh its answers are.</param>
public sealed partial class IndexService(IGroup group, ReadLevel reads = ReadLevel.Linearizable)
{
    /// <summary>The name of the service and its group.</summary>
    public static readonly GroupId Name = GroupId.Of("index");

    public GroupStatus Status => group.Status;

    /// <summary>Answers from this node's replica as it is now, also while the root is not to be reached.</summary>
    public IndexService Local => new(group, ReadLevel.Local);

    /// <summary>What changes in it, for those who follow a folder.</summary>
    /// <param name="clock">By which they wait.</param>
    public IndexChanges ChangesBy(TimeProvider clock) => new(group, clock);

    /// <summary>Makes a folder and those above it; one that exists is no error.</summary>
    public async Task<Outcome<FolderRecord>> MakeFolderAsync(EntryPath path, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        var normal = Normalize(path);
        var command = new MakeFolder { Path = normal.ToString(), NameKeys = { KeysOf(normal) }, NameWords = { WordsOf(normal) } };
        var made = await SubmitAsync(command, asker, id, cancellation);
        return made.Succeeded ? await FolderAsync(normal, cancellation) : made.Failure;
    }

    /// <summary>
    /// Files entries whose contents <paramref name="provider"/> holds. What is filed already under the same path with the same content stays.
    /// </summary>
    public async Task<Outcome<Filed>> FileAsync(
        IReadOnlyList<NewEntry> entries, string provider, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        var command = new FileEntries { Provider = provider };
        Dictionary<string, (string Key, string Words)> folders = new(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (CheckTexts(entry.Description, entry.Tags) is { } failure)
            {
                return failure;
            }

            // Entries of one command mostly stand in the same folders.
            var (path, tags) = (Normalize(entry.Path), NormalizeTags(entry.Tags));
            var above = path.Parent.Names;
            foreach (var name in above.Where(name => !folders.ContainsKey(name)))
            {
                folders.Add(name, (NameKey.Of(name), Tokens.Line(name)));
            }

            command.Entries.Add(new Entry
            {
                Path = path.ToString(),
                NameKeys = { above.Select(name => folders[name].Key), NameKey.Of(path.Name) },
                Root = ByteString.CopyFrom(entry.Root.ToArray()),
                Length = entry.Length,
                PieceLength = entry.PieceLength,
                FirstPiece = ByteString.CopyFrom(entry.FirstPiece.ToArray()),
                Modified = entry.Modified?.Microseconds ?? 0,
                Description = entry.Description,
                Tags = { tags },
                Words = NameKey.WordsOf(path.Name),
                NameWords = { above.Select(name => folders[name].Words), Tokens.Line(path.Name) },
                TagWords = Tokens.Line(string.Join(' ', tags)),
                AboutWords = Tokens.Line(entry.Description),
                Kind = EntryKind.Of(path.Name),
            });
        }

        var answer = await SubmitAsync(command, asker, id, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(FiledEntries.Parser, bytes.Span)).Then(filed => new Filed([.. filed.Ids], filed.Unchanged));
    }

    /// <summary>Changes description and tags of an entry; what is null stays.</summary>
    public async Task<Outcome<EntryRecord>> DescribeAsync(
        long entry, string? description, IReadOnlyList<string>? tags, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        if (CheckTexts(description ?? string.Empty, tags ?? []) is { } failure)
        {
            return failure;
        }

        var normal = NormalizeTags(tags ?? []);
        var command = new Describe { Entry = entry, KeepTags = tags is null, Tags = { normal }, TagWords = Tokens.Line(string.Join(' ', normal)) };
        if (description is not null)
        {
            (command.Description, command.AboutWords) = (description, Tokens.Line(description));
        }

        var answer = await SubmitAsync(command, asker, id, cancellation);
        return answer.Succeeded ? await EntryAsync(entry, cancellation) : answer.Failure;
    }

    /// <summary>Moves or renames an entry or folder.</summary>
    public async Task<Outcome<bool>> MoveAsync(EntryPath from, EntryPath to, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        var (source, target) = (Normalize(from), Normalize(to));
        var command = new Move
        {
            From = source.ToString(),
            To = target.ToString(),
            FromKeys = { KeysOf(source) },
            ToKeys = { KeysOf(target) },
            Words = NameKey.WordsOf(target.Name),
            ToWords = { WordsOf(target) },
            Kind = EntryKind.Of(target.Name),
        };
        var answer = await SubmitAsync(command, asker, id, cancellation);
        return answer.Then(_ => true);
    }

    /// <summary>Takes an entry, or a folder with all below, out of sight; answers with the number by which it comes back, and how many entries went.</summary>
    public async Task<Outcome<(long Removal, long Entries)>> RemoveAsync(EntryPath path, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        var normal = Normalize(path);
        var answer = await SubmitAsync(new Remove { Path = normal.ToString(), NameKeys = { KeysOf(normal) } }, asker, id, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(Removed.Parser, bytes.Span)).Then(removed => (removed.Removal, removed.Entries));
    }

    /// <summary>Undoes a removal; answers with the number of entries that came back.</summary>
    public async Task<Outcome<long>> RestoreAsync(long removal, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        var answer = await SubmitAsync(new Restore { Removal = removal }, asker, id, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(Removed.Parser, bytes.Span).Entries);
    }

    /// <summary>A provider holds contents no more; of how many it was said that it did.</summary>
    public async Task<Outcome<long>> WithdrawAsync(
        string provider, IReadOnlyList<Hash256> roots, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        var command = new Withdraw { Provider = provider, Roots = { roots.Select(root => ByteString.CopyFrom(root.ToArray())) } };
        var answer = await SubmitAsync(command, asker, id, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(Removed.Parser, bytes.Span).Entries);
    }

    /// <summary>A page of entries.</summary>
    public async Task<Outcome<Page<EntryRecord>>> ListAsync(EntryQuery query, CancellationToken cancellation)
    {
        var bounded = query with { Limit = Math.Clamp(query.Limit, 1, Limits.PageItemsMax), Folder = Normalize(query.Folder) };
        return Flatten(await group.ReadAsync(sql => EntryQueries.List(sql, bounded), reads, cancellation));
    }

    /// <summary>What may be meant by what is being typed.</summary>
    public Task<Outcome<Suggestions>> SuggestAsync(string typed, int wordsMax, int entriesMax, CancellationToken cancellation) =>
        group.ReadAsync(sql => Suggester.Complete(sql, typed, wordsMax, entriesMax), reads, cancellation);

    /// <summary>Ways on from a search that found nothing.</summary>
    public Task<Outcome<WaysOn>> WaysOnAsync(EntryQuery query, CancellationToken cancellation) =>
        group.ReadAsync(sql => Suggester.WaysOn(sql, query with { Folder = Normalize(query.Folder) }), reads, cancellation);

    /// <summary>A page of the folders right below one.</summary>
    public async Task<Outcome<Page<FolderRecord>>> FoldersAsync(EntryPath path, string? cursor, int limit, CancellationToken cancellation)
    {
        var normal = Normalize(path);
        return Flatten(await group.ReadAsync(
            sql => FolderTree.Find(sql, normal) is { } id
                ? EntryQueries.Folders(sql, id, normal.ToString(), cursor, Math.Clamp(limit, 1, Limits.PageItemsMax))
                : (Outcome<Page<FolderRecord>>)new Failure(FailureKind.NotFound, $"there is no folder {normal}"),
            reads, cancellation));
    }

    /// <summary>One folder.</summary>
    public async Task<Outcome<FolderRecord>> FolderAsync(EntryPath path, CancellationToken cancellation) =>
        OrMissing(await group.ReadAsync(sql => EntryQueries.Folder(sql, Normalize(path)), reads, cancellation), $"there is no folder {path}");

    /// <summary>One entry, by id.</summary>
    public async Task<Outcome<EntryRecord>> EntryAsync(long id, CancellationToken cancellation) =>
        OrMissing(await group.ReadAsync(sql => EntryQueries.ById(sql, id), reads, cancellation), $"there is no entry {id}");

    /// <summary>One entry, by path.</summary>
    public async Task<Outcome<EntryRecord>> EntryAsync(EntryPath path, CancellationToken cancellation) =>
        OrMissing(await group.ReadAsync(sql => EntryQueries.ByPath(sql, Normalize(path)), reads, cancellation), $"there is no entry {path}");

    /// <summary>Entries with one content, the oldest first, at most 100.</summary>
    public Task<Outcome<IReadOnlyList<EntryRecord>>> EntriesOfAsync(Hash256 root, CancellationToken cancellation) =>
        group.ReadAsync(sql => EntryQueries.ByRoot(sql, root), reads, cancellation);

    /// <summary>Contents of more than one piece, in the order in which they came into this node's replica.</summary>
    /// <param name="after">Of the last one that was read; 0 for the first.</param>
    /// <param name="countMax">How many at most.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<Outcome<List<(long Number, Hash256 Root)>>> LargeContentsAsync(long after, int countMax, CancellationToken cancellation) => group.ReadAsync(
        sql => sql.Query(
            "SELECT id, root FROM contents WHERE id > @p1 AND length > piece_length ORDER BY id LIMIT @p2",
            row => (row.GetInt64(0), new Hash256(row.GetFieldValue<byte[]>(1))), after, countMax),
        reads, cancellation);

    /// <summary>Nodes that hold a content, by id.</summary>
    public Task<Outcome<List<string>>> ProvidersAsync(Hash256 root, CancellationToken cancellation) => group.ReadAsync(
        sql => sql.Query(
            "SELECT p.node FROM providers p JOIN contents c ON c.id = p.content WHERE c.root = @p1 ORDER BY p.since, p.node",
            row => row.GetString(0), root.ToArray()),
        reads, cancellation);

    /// <summary>Whether content of this length that begins with this piece is known: then it is worth hashing before it is sent.</summary>
    public Task<Outcome<bool>> MayKnowAsync(long length, Hash256 firstPiece, CancellationToken cancellation)
    {
        var first = firstPiece.ToArray();
        return group.ReadAsync(
            sql => EntryQueries.ContentsOf(sql, length)
                .Any(id => sql.Scalar<long>("SELECT count(*) FROM contents WHERE id = @p1 AND first_piece = @p2", id, first) > 0),
            reads, cancellation);
    }

    private static Outcome<T> OrMissing<T>(Outcome<T?> found, string what)
        where T : class =>
        found.Succeeded ? found.Value is { } value ? value : new Failure(FailureKind.NotFound, what) : found.Failure;

    private static Outcome<T> Flatten<T>(Outcome<Outcome<T>> nested) => nested.Succeeded ? nested.Value : nested.Failure;

    private static EntryPath Normalize(EntryPath path)
    {
        // NFC never makes a checked name longer than its bound by much, but the bound is the group's business again.
        var normal = EntryPath.Parse("/" + string.Join('/', path.Names.Select(NameKey.Normalize)));
        return normal.Succeeded ? normal.Value : path;
    }

    private static IEnumerable<string> KeysOf(EntryPath path) => path.Names.Select(NameKey.Of);

    private static IEnumerable<string> WordsOf(EntryPath path) => path.Names.Select(Tokens.Line);

    private static List<string> NormalizeTags(IReadOnlyList<string> tags) => [.. tags.Select(Tag.Normalize).Distinct(StringComparer.Ordinal)];

    private static Failure? CheckTexts(string description, IReadOnlyList<string> tags)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(description) > Limits.DescriptionBytesMax)
        {
            return new Failure(FailureKind.TooLarge, $"a description of more than {Limits.DescriptionBytesMax} bytes");
        }

        // SQLite would hand it back cut off there.
        if (description.Contains('\0', StringComparison.Ordinal))
        {
            return new Failure(FailureKind.Invalid, "a description cannot hold the character U+0000");
        }

        return tags.Count > Limits.TagsMax
            ? new Failure(FailureKind.TooLarge, $"{tags.Count} tags; {Limits.TagsMax} is the most")
            : tags.Select(tag => Tag.Check(Tag.Normalize(tag))).FirstOrDefault(failure => failure is not null);
    }

    private async Task<Outcome<ReadOnlyMemory<byte>>> SubmitAsync(IMessage message, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        var reply = await group.SubmitAsync(new ClientCommand(message.Descriptor.Name, message.ToByteArray(), asker, id), cancellation);
        return reply.Succeeded ? reply.Value.Result : reply.Failure;
    }
}
