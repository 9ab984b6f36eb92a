namespace Cete.Hocon;

/// <summary>Where a document says something about a path.</summary>
internal sealed class FieldSearch
{
    private readonly List<(FieldSyntax Field, ObjectSyntax Siblings, int Index)> _fields = [];

    private FieldSearch()
    {
    }

    /// <summary>
    /// The fields of the path and of what is below it, in the order of the text, with the objects they stand in and their places there.
    /// </summary>
    public IReadOnlyList<(FieldSyntax Field, ObjectSyntax Siblings, int Index)> Fields => _fields;

    /// <summary>The last field of exactly this path, if nothing that comes later could change it.</summary>
    public FieldSyntax? Decides { get; private set; }

    /// <summary>The last field of exactly this path that has a comment above it.</summary>
    public FieldSyntax? Commented { get; private set; }

    public static FieldSearch Find(ObjectSyntax root, HoconPath path)
    {
        var search = new FieldSearch();
        search.Visit(root, path.Keys);
        return search;
    }

    /// <summary>
    /// The innermost object with braces, or else the root, to which a field of the path can be added at the end so that it counts;
    /// and how many keys of the path lead to it.
    /// </summary>
    public static (ObjectSyntax Parent, int Depth) FindParent(ObjectSyntax root, HoconPath path)
    {
        var (parent, depth) = (root, 0);
        while (LastDecidingObject(parent, path.Keys[depth..]) is { } field && depth + field.Path.Keys.Length < path.Keys.Length)
        {
            parent = (ObjectSyntax)field.Value;
            depth += field.Path.Keys.Length;
        }

        return (parent, depth);
    }

    private static FieldSyntax? LastDecidingObject(ObjectSyntax parent, ReadOnlySpan<string> keys)
    {
        for (var i = parent.Members.Count - 1; i >= 0; i--)
        {
            if (parent.Members[i] is not FieldSyntax field || keys.Length < field.Path.Keys.Length
                || !keys[..field.Path.Keys.Length].SequenceEqual(field.Path.Keys))
            {
                // An include may bring anything; other fields above the path are not in the way.
                if (parent.Members[i] is IncludeSyntax)
                {
                    return null;
                }

                continue;
            }

            return field is { Append: false, Value: ObjectSyntax } ? field : null;
        }

        return null;
    }

    private void Visit(ObjectSyntax parent, ReadOnlySpan<string> keys)
    {
        for (var i = 0; i < parent.Members.Count; i++)
        {
            if (parent.Members[i] is not FieldSyntax field)
            {
                Decides = null;
                continue;
            }

            var common = Math.Min(keys.Length, field.Path.Keys.Length);
            if (!keys[..common].SequenceEqual(field.Path.Keys[..common]))
            {
                continue;
            }

            if (keys.Length <= field.Path.Keys.Length)
            {
                _fields.Add((field, parent, i));
                if (keys.Length == field.Path.Keys.Length)
                {
                    Decides = field;
                    Commented = field.CommentStart >= 0 ? field : Commented;
                }
            }
            else if (field is { Append: false, Value: ObjectSyntax inner })
            {
                Visit(inner, keys[common..]);
            }
            else
            {
                // A value that is not written out stands above the path and hides, or merges with, what was before.
                Decides = null;
            }
        }
    }
}
