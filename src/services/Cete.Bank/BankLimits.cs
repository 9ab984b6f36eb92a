using Cete.Ledger;

namespace Cete.Bank;

/// <summary>The bounds of the bank, each with its reason.</summary>
public static class BankLimits
{
    /// <summary>Transfers of one act: what a command of tens of milliseconds can do.</summary>
    public const int TransfersMax = 1_000;

    /// <summary>Lanes of one channel (DESIGN.md §7): a download has no more sources at a time.</summary>
    public const int LanesMax = 40;

    /// <summary>Vouchers of one command: each takes a tenth of a millisecond to verify, on every replica.</summary>
    public const int VouchersMax = 256;

    /// <summary>Channels that an account has open at a time: more than its downloads are.</summary>
    public const int ChannelsMax = 64;

    /// <summary>Transfers of an account that are pending at a time.</summary>
    public const int PendingsMax = 256;

    /// <summary>Things that one tick does: tens of milliseconds.</summary>
    public const int TickMax = 500;

    /// <summary>Entries that one signed head adds to the tree: a tenth of a second of hashing.</summary>
    public const int HeadEntriesMax = 100_000;

    /// <summary>Prices of actions that a policy holds.</summary>
    public const int PricesMax = 200;

    /// <summary>Steps in which newcomers are given their credits.</summary>
    public const int StagesMax = 8;

    /// <summary>Bytes of a policy's JSON.</summary>
    public const int PolicyBytesMax = 32 * 1024;

    /// <summary>Days whose figures are kept: a year can be compared with the one before by its last month.</summary>
    public const int DaysMax = 400;

    /// <summary>Micro-credits of 2^20 bytes, and of an action, at most: beyond a million credits a mistake is likelier than a price.</summary>
    public const long PriceMax = 1_000_000 * Credits.Micro;

    /// <summary>How long a channel may be open: every channel ends, whoever forgets it.</summary>
    public static readonly TimeSpan ChannelLifeMax = TimeSpan.FromDays(30);

    /// <summary>How long a transfer may be pending.</summary>
    public static readonly TimeSpan PendingLifeMax = TimeSpan.FromDays(30);

    /// <summary>The longest delay between closing a channel and its end.</summary>
    public static readonly TimeSpan CloseDelayMax = TimeSpan.FromDays(7);

    /// <summary>The last step in which a newcomer is given credits comes at most so long after the first.</summary>
    public static readonly TimeSpan StageMax = TimeSpan.FromDays(365);
}
