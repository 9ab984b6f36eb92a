namespace Cete.Tidy.Tests.Rules;

/// <summary>
/// A line that fits beside another window. One that holds an address or a whole message to people may be longer: a message that is cut
/// into pieces is found by nobody who searches for it.
/// </summary>
internal static class LineLength
{
    public const int Most = 160;

    /// <summary>Characters of a text that make it a message.</summary>
    private const int Message = 60;

    public static IEnumerable<Finding> Findings(Checkout checkout) =>
        from file in checkout.Under("", ".cs")
        from line in checkout.Lines(file).Index()
        let length = line.Item.TrimEnd('\r').Length
        where length > Most && !line.Item.Contains("://", StringComparison.Ordinal) && LongestText(line.Item) < Message
        select new Finding(file, line.Index + 1, $"a line of {length} characters, more than {Most}", "break it");

    private static int LongestText(string line) => line.Split('"').Where((_, part) => part % 2 == 1).Select(text => text.Length).DefaultIfEmpty().Max();
}
