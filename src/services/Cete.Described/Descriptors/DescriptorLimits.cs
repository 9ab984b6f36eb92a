namespace Cete.Described;

/// <summary>The bounds of a description, each with its reason. What goes over one is named by <c>cete service check</c>.</summary>
public static class DescriptorLimits
{
    /// <summary>Characters of its JSON form: it is kept with each version, and every node has the newest in memory.</summary>
    public const int JsonCharsMax = 512 * 1024;

    /// <summary>Levels of objects and arrays.</summary>
    public const int DepthMax = 24;

    /// <summary>Kinds of records: each is a table with its indexes.</summary>
    public const int RecordsMax = 32;

    /// <summary>Fields of one kind of record, or of one action's input: a form that nobody would fill in is longer.</summary>
    public const int FieldsMax = 64;

    /// <summary>Indexes of one kind of record: each is written with every change.</summary>
    public const int IndexesMax = 16;

    /// <summary>Fields of one kind of record that are searched: each is a column of words, and the eighth counts for next to nothing.</summary>
    public const int SearchFieldsMax = 8;

    /// <summary>Choices of a select.</summary>
    public const int OptionsMax = 200;

    /// <summary>Actions, hooks and views, of each.</summary>
    public const int PartsMax = 64;

    /// <summary>Steps of an action or hook, those within others counted.</summary>
    public const int StepsMax = 50;

    /// <summary>Records that one step goes through: more are done by the next tick.</summary>
    public const int EachMax = 1_000;

    /// <summary>Changes of records by one command with all its hooks, after which it is refused.</summary>
    public const int ChangesMax = 5_000;

    /// <summary>Hooks set off by hooks set off by hooks...</summary>
    public const int HookDepthMax = 8;

    /// <summary>Characters of a name.</summary>
    public const int NameLengthMax = 32;

    /// <summary>Characters of a title or help text.</summary>
    public const int WordsLengthMax = 2_000;

    /// <summary>Characters of a text field, unless it says less.</summary>
    public const int TextLengthMax = 100_000;

    /// <summary>Of those, unless the field says otherwise.</summary>
    public const int TextLengthDefault = 2_000;

    /// <summary>Of those, for markdown.</summary>
    public const int MarkdownLengthDefault = 20_000;

    /// <summary>Services of a community.</summary>
    public const int ServicesMax = 200;

    /// <summary>Versions of a service that are kept to go back to.</summary>
    public const int VersionsKept = 50;
}
