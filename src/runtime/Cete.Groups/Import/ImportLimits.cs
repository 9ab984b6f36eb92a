namespace Cete.Groups.Import;

/// <summary>The bounds of what is taken from other groups, each with its reason.</summary>
internal static class ImportLimits
{
    /// <summary>Bytes of the events of one page: large enough that its round trip costs little, a quarter of what one command may be.</summary>
    public const int PageBytesMax = 1024 * 1024;

    /// <summary>Bytes of one scan: as of a snapshot.</summary>
    public const long ScanBytesMax = 64L << 30;

    /// <summary>Characters in the name of an event.</summary>
    public const int TypeLengthMax = 128;

    /// <summary>How long a pause lasts that nobody ends: longer than any backup takes for one group, much shorter than feeds are kept.</summary>
    public static readonly TimeSpan PauseMax = TimeSpan.FromHours(1);

    /// <summary>How long a question for events waits for one: it bounds how late one is when the node asked first does not hear of any.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);
}
