using System.Diagnostics.CodeAnalysis;

namespace Cete.Core;

/// <summary>The name of a group, which is the name of its service: 1 to 63 of a-z, 0-9 and '-', a letter first.</summary>
public readonly record struct GroupId
{
    private readonly string? _name;

    private GroupId(string name) => _name = name;

    /// <summary>The name; empty only for <c>default</c>.</summary>
    public string Name => _name ?? string.Empty;

    /// <exception cref="CheckFailedException">The name is not of the form above.</exception>
    public static GroupId Of(string name)
    {
        Check.That(TryParse(name, out var id), $"'{name}' is not a group name");
        return id;
    }

    public static bool TryParse([NotNullWhen(true)] string? name, out GroupId id)
    {
        id = default;
        if (name is null or { Length: 0 or > 63 } || name[0] is < 'a' or > 'z')
        {
            return false;
        }

        foreach (var c in name)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))
            {
                return false;
            }
        }

        id = new GroupId(name);
        return true;
    }

    public override string ToString() => Name;
}
