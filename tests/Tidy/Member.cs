namespace Cete.Tidy.Tests;

internal enum MemberKind
{
    Statement,
    Namespace,
    Type,
    Constructor,
    Method,
    Operator,
    Property,
    Accessor,
    Event,
    Field,
    Lambda,
}

/// <summary>A declaration as the parser sees it: positions count characters of the text.</summary>
/// <param name="Kind">What it declares.</param>
/// <param name="Name">As written; an accessor's follows its property's.</param>
/// <param name="Modifiers">As written.</param>
/// <param name="Start">Its first character, attributes included.</param>
/// <param name="Head">Its first character after the attributes.</param>
/// <param name="End">Its last character.</param>
/// <param name="IsPublic">Seen from outside the assembly: it and all that is around it.</param>
/// <param name="IsFunction">It has a body that runs: a property with accessors has none of its own.</param>
internal sealed record Member(
    MemberKind Kind, string Name, IReadOnlySet<string> Modifiers, int Start, int Head, int End, bool IsPublic, bool IsFunction);
