namespace Cete.Tidy.Tests.Rules;

/// <summary>
/// What others build on is explained: public types, methods, properties, fields and events of two projects.
/// Constructors, operators and overrides say nothing that their type or base does not.
/// </summary>
internal static class PublicDocs
{
    private static readonly string[] Promised = ["src/runtime/Cete.Ports", "src/runtime/Cete.Actors"];

    private static readonly MemberKind[] Explained =
        [MemberKind.Type, MemberKind.Method, MemberKind.Property, MemberKind.Field, MemberKind.Event];

    public static IEnumerable<Finding> Findings(Checkout checkout) =>
        Promised.SelectMany(project => OfProject(checkout, [.. checkout.Under(project, ".cs")]));

    private static IEnumerable<Finding> OfProject(Checkout checkout, string[] files)
    {
        var declared = (from file in files
                        let source = checkout.CSharp(file)
                        from member in source.Members
                        let line = source.LineOf(member.Head)
                        select (File: file, Line: line, Member: member, IsSilent: !IsDocumented(source, member))).ToList();
        var spoken = declared.Where(d => !d.IsSilent && IsPartial(d.Member)).Select(d => d.Member.Name).ToHashSet();
        return from d in declared
               where d.IsSilent && NeedsDocs(d.Member) && !(IsPartial(d.Member) && spoken.Contains(d.Member.Name))
               select new Finding(
                   d.File, d.Line, $"public {d.Member.Name} has no summary", "say above it, after ///, what a caller must know");
    }

    private static bool NeedsDocs(Member member) =>
        member.IsPublic && Explained.Contains(member.Kind) && !member.Modifiers.Contains("override") && member.Name != "extension";

    /// <summary>One part of a partial type speaks for all.</summary>
    private static bool IsPartial(Member member) => member.Modifiers.Contains("partial");

    /// <summary>The nearest line above that is neither empty nor a directive belongs to a documentation comment.</summary>
    private static bool IsDocumented(CSharpText source, Member member)
    {
        var above = source.Raw[..member.Start].Split('\n')[..^1].Select(line => line.Trim());
        var nearest = above.LastOrDefault(line => line.Length > 0 && !line.StartsWith('#')) ?? string.Empty;
        return nearest.StartsWith("///", StringComparison.Ordinal) || nearest.EndsWith("*/", StringComparison.Ordinal);
    }
}
