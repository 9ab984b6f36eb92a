using System.Text;

namespace Cete.Core;

/// <summary>
/// Where an entry or folder stands in the index: names from the top, written with '/' before each; the top itself is "/".
/// </summary>
public sealed class EntryPath : IEquatable<EntryPath>
{
    /// <summary>The top of the index.</summary>
    public static readonly EntryPath Top = new([]);

    private readonly string[] _names;

    private EntryPath(string[] names) => _names = names;

    /// <summary>The names from the top down.</summary>
    public IReadOnlyList<string> Names => _names;

    public bool IsTop => _names.Length == 0;

    /// <summary>The last name; empty for the top.</summary>
    public string Name => IsTop ? string.Empty : _names[^1];

    /// <summary>The folder above; the top is above itself.</summary>
    public EntryPath Parent => IsTop ? this : new EntryPath(_names[..^1]);

    /// <summary>Reads "/a/b"; a leading, doubled or closing '/' does not matter. Each name is checked, "." and ".." are refused.</summary>
    public static Outcome<EntryPath> Parse(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > Limits.PathBytesMax)
        {
            return TooLong();
        }

        var names = text.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length > Limits.FolderDepthMax)
        {
            return new Failure(FailureKind.TooLarge, $"a path of {names.Length} names; {Limits.FolderDepthMax} is the most");
        }

        foreach (var name in names)
        {
            if (EntryName.Check(name) is { } failure)
            {
                return failure;
            }
        }

        // Written out, a path given without its leading '/' is a byte longer; it must be readable again.
        var path = new EntryPath(names);
        return Encoding.UTF8.GetByteCount(path.ToString()) > Limits.PathBytesMax ? TooLong() : path;
    }

    /// <summary>The folder above that has so many names.</summary>
    public EntryPath Take(int count) => new(_names[..count]);

    /// <summary>The path of <paramref name="name"/> in this folder.</summary>
    public Outcome<EntryPath> Append(string name) =>
        EntryName.Check(name) is { } failure ? failure : Parse($"{this}/{name}");

    public bool Equals(EntryPath? other) => other is not null && _names.AsSpan().SequenceEqual(other._names);

    public override bool Equals(object? obj) => Equals(obj as EntryPath);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString() => "/" + string.Join('/', _names);

    private static Failure TooLong() => new(FailureKind.TooLarge, $"a path of more than {Limits.PathBytesMax} bytes");
}
