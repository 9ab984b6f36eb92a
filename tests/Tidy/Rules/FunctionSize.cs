namespace Cete.Tidy.Tests.Rules;

/// <summary>A function fits a screen, from its signature to its closing brace.</summary>
internal static class FunctionSize
{
    public const int Most = 70;

    public static IEnumerable<Finding> Findings(Checkout checkout) =>
        from file in checkout.Under("src", ".cs").Concat(checkout.Under("tests", ".cs"))
        let source = checkout.CSharp(file)
        from member in source.Members
        where member.IsFunction
        let first = source.LineOf(member.Head)
        let lines = source.LineOf(member.End) - first + 1
        where lines > Most
        select new Finding(file, first, $"'{member.Name}' has {lines} lines, more than {Most}", "give its parts names of their own");
}
