using Cete.Core;
using Cete.Groups;

namespace Cete.Index;

/// <summary>Files entries under their words and marks.</summary>
internal sealed class EntryWords(SqlSession sql)
{
    private readonly Dictionary<long, FolderFacts> _folders = [];

    /// <summary>What an entry is filed under.</summary>
    public sealed record Facts(long Folder, string Name, string Tag, string About, string Kind, long Length, IReadOnlyList<string> Tags);

    /// <summary>Files one entry that is in the tables, in whose place nothing was filed.</summary>
    public static void Refile(SqlSession sql, long entry) => new EntryWords(sql).File(entry);

    public void File(long entry) => File(entry, sql.First(
        "SELECT folder, words, tag_words, about_words, kind, length, tags FROM entries WHERE id = @p1",
        row => new Facts(
            row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5),
            row.GetString(6).Split('\n', StringSplitOptions.RemoveEmptyEntries)),
        entry)!);

    public void File(long entry, Facts facts)
    {
        var above = Above(facts.Folder);
        var text = $"{facts.Tag} {facts.About}";
        var marks = Marks.Of(facts.Name, $"{text} {above.Words}", facts.Kind, facts.Length, facts.Tags, above.Ids);
        sql.Execute(
            "INSERT INTO entry_words (rowid, name, text, path, marks) VALUES (@p1, @p2, @p3, @p4, @p5)", entry, facts.Name, text, above.Words, marks);
    }

    public void Remove(long entry) => sql.Execute("DELETE FROM entry_words WHERE rowid = @p1", entry);

    /// <summary>A folder has moved: what was read of folders does not hold any more.</summary>
    public void ForgetFolders() => _folders.Clear();

    /// <summary>The words of a folder and of those above it, and the ids of them all.</summary>
    private FolderFacts Above(long folder)
    {
        if (folder == IndexSchema.TopFolder)
        {
            return FolderFacts.Top;
        }

        if (!_folders.TryGetValue(folder, out var facts))
        {
            var (parent, words) = sql.First("SELECT parent, words FROM folders WHERE id = @p1", row => (row.GetInt64(0), row.GetString(1)), folder);
            var above = Above(parent);
            Check.That(above.Ids.Count <= Limits.FolderDepthMax + 1, "the tree of folders has no loops");
            facts = new FolderFacts($"{above.Words} {words}", [.. above.Ids, folder]);
            _folders.Add(folder, facts);
        }

        return facts;
    }

    private sealed record FolderFacts(string Words, IReadOnlyList<long> Ids)
    {
        public static readonly FolderFacts Top = new(string.Empty, [IndexSchema.TopFolder]);
    }
}
