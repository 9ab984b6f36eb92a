namespace Cete.Tidy.Tests.Rules;

/// <summary>A line that fits beside another window. An address may be longer: it cannot be broken.</summary>
internal static class LineLength
{
    public const int Most = 160;

    public static IEnumerable<Finding> Findings(Checkout checkout) =>
        from file in checkout.Under("", ".cs")
        from line in checkout.Lines(file).Index()
        let length = line.Item.TrimEnd('\r').Length
        where length > Most && !line.Item.Contains("https://", StringComparison.Ordinal) && !line.Item.Contains("http://", StringComparison.Ordinal)
        select new Finding(file, line.Index + 1, $"a line of {length} characters, more than {Most}", "break it");
}
