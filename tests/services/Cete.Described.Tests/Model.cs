using Cete.Core;

namespace Cete.Described.Tests;

/// <summary>
/// What records there are to be, kept by plain means: the reference that the engine is held against. It knows one shape of service whose rules are drawn by
/// chance, and says of each command whether it succeeds and what stands there then.
/// </summary>
internal sealed class Model(Prng chance)
{
    private readonly List<Note> _notes = [];

    /// <summary>Rules as expressions, beside what they mean.</summary>
    private static readonly (string Text, Func<Note, string, bool> Allows)[] Conditions =
    [
        ("", (_, _) => true),
        ("record.owner == auth.id", (note, who) => note.Owner == who),
        ("auth.known", (_, who) => who.Length > 0),
        ("record.count > 2", (note, _) => note.Count > 2),
        ("!(record.count > 2) || record.owner == auth.id", (note, who) => !(note.Count > 2) || note.Owner == who),
        ("record.title.startsWith('a')", (note, _) => note.Title.StartsWith('a')),
        ("record.parent == null || record.parent.owner == auth.id", (note, who) => note.Parent is null || (note.Parent.IsAlive && note.Parent.Owner == who)),
        ("notes.count(n, n.parent == record.id) < 2", (note, _) => note.Children < 2),
        ("'red' in record.tags || record.tags == null", (note, _) => note.Tags.Count == 0 || note.Tags.Contains("red")),
    ];

    public sealed class Note(long id, string owner)
    {
        public long Id => id;

        public string Owner => owner;

        public string Title { get; set; } = string.Empty;

        public long? Count { get; set; }

        public SortedSet<string> Tags { get; } = new(StringComparer.Ordinal);

        public Note? Parent { get; set; }

        public bool IsAlive { get; set; } = true;

        public int Children { get; set; }
    }

    private (string Text, Func<Note, string, bool> Allows) _list = Draw(chance), _view = Draw(chance), _update = Draw(chance), _delete = Draw(chance);

    public string Describe() =>
        $$"""
        service { name = s }
        records { notes {
          fields {
            title { type = text, required = true, max = 10 }
            count { type = integer, max = 5 }
            tags { type = multi-select, options = [red, green, blue] }
            parent { type = relation, to = notes, on-delete = {{(IsClearing ? "clear" : "cascade")}} }
          }
          unique = [title]
          rules { list = "{{_list.Text}}", view = "{{_view.Text}}", create = "auth.known", update = "{{_update.Text}}", delete = "{{_delete.Text}}" }
        } }
        """;

    public bool IsClearing { get; } = chance.Chance(1, 2);

    /// <summary>Draws new rules: the next edition.</summary>
    public void Change() => (_list, _view, _update, _delete) = (Draw(chance), Draw(chance), Draw(chance), Draw(chance));

    public long Count => _notes.Count;

    public long[] Listed(string who) => [.. Alive.Where(note => _list.Allows(note, who)).Select(note => note.Id)];

    public long[] Viewed(string who) => [.. Alive.Where(note => _view.Allows(note, who)).Select(note => note.Id)];

    public Note? At(long id) => _notes.Find(note => note.Id == id);

    public FailureKind? Create(string who, string title, long? count, long? parent)
    {
        if (who.Length == 0)
        {
            return FailureKind.Unauthenticated;
        }

        var wrong = Check(title, count, 0) ?? (parent is { } id && At(id) is not { IsAlive: true } ? FailureKind.Conflict : null);
        if (wrong is not null)
        {
            return wrong;
        }

        _notes.Add(new Note(Count + 1, who) { Title = title, Count = count, Parent = parent is { } above ? At(above) : null });
        Recount();
        return null;
    }

    public FailureKind? Update(string who, long id, Action<Note> change, Func<Note, FailureKind?> wrong)
    {
        if (At(id) is not { IsAlive: true } note || !_view.Allows(note, who))
        {
            return FailureKind.NotFound;
        }

        if (!_update.Allows(note, who))
        {
            return who.Length == 0 ? FailureKind.Unauthenticated : FailureKind.Forbidden;
        }

        if (wrong(note) is { } failure)
        {
            return failure;
        }

        change(note);
        return null;
    }

    public FailureKind? Delete(string who, long id)
    {
        if (At(id) is not { IsAlive: true } note || !_view.Allows(note, who))
        {
            return FailureKind.NotFound;
        }

        if (!_delete.Allows(note, who))
        {
            return who.Length == 0 ? FailureKind.Unauthenticated : FailureKind.Forbidden;
        }

        Remove(note);
        Recount();
        return null;
    }

    public FailureKind? Restore(string who, long id)
    {
        if (At(id) is not { } note || !_delete.Allows(note, who))
        {
            return FailureKind.NotFound;
        }

        if (!note.IsAlive && Check(note.Title, null, id) is { } twin)
        {
            return twin;
        }

        note.IsAlive = true;
        Recount();
        return null;
    }

    public FailureKind? Check(string title, long? count, long self) =>
        title.Length is 0 or > 10 || count > 5 ? FailureKind.Invalid
        : Alive.Any(note => note.Title == title && note.Id != self) ? FailureKind.Conflict
        : null;

    private IEnumerable<Note> Alive => _notes.Where(note => note.IsAlive);

    private static (string Text, Func<Note, string, bool> Allows) Draw(Prng chance) => Conditions[chance.Next(Conditions.Length)];

    private void Remove(Note note)
    {
        note.IsAlive = false;
        foreach (var child in Alive.Where(each => each.Parent == note).ToArray())
        {
            if (IsClearing)
            {
                child.Parent = null;
            }
            else if (child.IsAlive)
            {
                Remove(child);
            }
        }
    }

    private void Recount()
    {
        foreach (var note in _notes)
        {
            note.Children = Alive.Count(each => each.Parent == note);
        }
    }
}
