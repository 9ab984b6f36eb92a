using System.Collections;

namespace Cete.Core;

/// <summary>
/// The roles of a node: what it is allowed and asked to host. Without repetition and in ordinal order, so that equal sets have equal texts.
/// </summary>
public sealed class RoleSet : IReadOnlyList<string>, IEquatable<RoleSet>
{
    /// <summary>The most roles of one node: several times as many as there are kinds of services.</summary>
    public const int CountMax = 32;

    /// <summary>The longest name of a role.</summary>
    public const int NameLengthMax = 32;

    private readonly string[] _names;

    private RoleSet(string[] names) => _names = names;

    /// <summary>A member without a role.</summary>
    public static RoleSet Empty { get; } = new([]);

    public int Count => _names.Length;

    public string this[int index] => _names[index];

    /// <summary>Takes names in any order.</summary>
    public static Outcome<RoleSet> From(IEnumerable<string> names)
    {
        var set = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!IsName(name))
            {
                var shown = EntryName.Show(name.Length > NameLengthMax ? name[..NameLengthMax] + "..." : name);
                return new Failure(FailureKind.Invalid,
                    $"'{shown}' is not the name of a role; it is 1 to {NameLengthMax} of a-z, 0-9 and '-', a letter first");
            }

            set.Add(name);
            if (set.Count > CountMax)
            {
                return new Failure(FailureKind.TooLarge, $"a node has at most {CountMax} roles");
            }
        }

        return set.Count == 0 ? Empty : new RoleSet([.. set]);
    }

    /// <summary>Whether a role may be called that.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= NameLengthMax
        && name[0] is >= 'a' and <= 'z'
        && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    public bool Contains(string role) => Array.BinarySearch(_names, role, StringComparer.Ordinal) >= 0;

    public bool Equals(RoleSet? other) => other is not null && _names.AsSpan().SequenceEqual(other._names);

    public override bool Equals(object? obj) => Equals(obj as RoleSet);

    public override int GetHashCode() => _names.Length == 0 ? 0 : _names[0].Length + (_names.Length << 8);

    public override string ToString() => string.Join(',', _names);

    public IEnumerator<string> GetEnumerator() => _names.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
