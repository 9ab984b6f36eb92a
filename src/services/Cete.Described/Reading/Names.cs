namespace Cete.Described;

/// <summary>How things in a description may be called.</summary>
internal static class Names
{
    public const string WordForm = "a name is 1 to 32 of a-z, 0-9 and '-', a letter first";
    public const string FieldForm = "a name is 1 to 32 of a-z, 0-9 and '_', a letter first";

    /// <summary>The page of moderators, where those of services are.</summary>
    public const string OfModeration = "moderation";

    /// <summary>The page that tells of a service, where its views are.</summary>
    public const string OfAbout = "about";

    /// <summary>Begins the addresses of actions, where those of kinds of records are.</summary>
    public const string OfActions = "do";

    /// <summary>What every record has, and what expressions mean by themselves.</summary>
    public static IReadOnlyList<string> OfEveryRecord { get; } = ["id", "owner", "created", "updated", "revision"];

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal) { "auth", "now", "true", "false", "null", "in" };

    /// <summary>Names of records at hand, in one place or another.</summary>
    private static readonly HashSet<string> AtHand = new(StringComparer.Ordinal) { "record", "new", "old", "input", "event" };

    /// <summary>Of services, actions, views and options.</summary>
    public static bool IsWord(string text) => Is(text, '-');

    /// <summary>Of records and fields, which expressions read.</summary>
    public static bool IsField(string text) => Is(text, '_');

    /// <summary>It means something else in every expression.</summary>
    public static bool IsReserved(string text) => Reserved.Contains(text) || OfEveryRecord.Contains(text);

    /// <summary>A kind of record cannot be called that: it means something else in some expression.</summary>
    public static bool IsReservedForKinds(string text) => IsReserved(text) || AtHand.Contains(text);

    private static bool Is(string text, char joint) =>
        text.Length is > 0 and <= DescriptorLimits.NameLengthMax && text[0] is >= 'a' and <= 'z'
        && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') || c == joint);
}
