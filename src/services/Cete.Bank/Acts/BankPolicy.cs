using System.Text.Json;
using System.Text.Json.Serialization;
using Cete.Core;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>
/// What a community decided about its credits: the payload of a statement that is signed for <see cref="Purpose"/> by a device of an account that may
/// govern the bank, as JSON, whole: what is left out has no meaning of its own. All amounts are micro-credits.
/// </summary>
/// <param name="Version">One more than that of the policy before; that of the first is 1.</param>
public sealed record BankPolicy(long Version)
{
    /// <summary>The purpose of its statements.</summary>
    public const string Purpose = "bank.policy";

    /// <summary>Whoever has not enough is refused.</summary>
    public const string Refuse = "refuse";

    /// <summary>Whoever has not enough comes last, when nobody else waits.</summary>
    public const string Last = "last";

    /// <summary>What 2^20 bytes cost whoever downloads them; 0 for nothing.</summary>
    [JsonRequired]
    public long PricePerMebibyte { get; init; }

    /// <summary>Thousandths of what a provider is paid that go to the author, where one is named.</summary>
    [JsonRequired]
    public int AuthorPermille { get; init; }

    /// <summary>Thousandths of it that go to the treasury.</summary>
    [JsonRequired]
    public int CommunityPermille { get; init; }

    /// <summary>What newcomers are given, and when.</summary>
    [JsonRequired]
    public IReadOnlyList<GrantStage> Grants { get; init; } = [new GrantStage(0, 5_000 * Credits.Micro)];

    /// <summary>What each account's given credits are filled up to once a day, when it pays for something.</summary>
    [JsonRequired]
    public long DailyAllowance { get; init; }

    /// <summary><see cref="Refuse"/> or <see cref="Last"/>.</summary>
    [JsonRequired]
    public string OutOfCredits { get; init; } = Refuse;

    /// <summary>Between closing a channel and its end.</summary>
    [JsonRequired]
    public long CloseDelaySeconds { get; init; } = 3_600;

    /// <summary>What actions of services cost.</summary>
    [JsonRequired]
    public IReadOnlyList<ActionPrice> Prices { get; init; } = [];

    /// <summary>The one that a bank begins with: downloads cost nothing, newcomers are given 5000 credits.</summary>
    public static BankPolicy First { get; } = new(1L);

    /// <summary>Between closing a channel and its end.</summary>
    [JsonIgnore]
    public TimeSpan CloseDelay => TimeSpan.FromSeconds(CloseDelaySeconds);

    /// <summary>The payload of a statement.</summary>
    public byte[] ToPayload() => JsonSerializer.SerializeToUtf8Bytes(this, BankJson.Strict.BankPolicy);

    /// <summary>Reads a payload.</summary>
    public static Outcome<BankPolicy> Parse(ReadOnlySpan<byte> payload) => payload.Length > BankLimits.PolicyBytesMax
        ? new Failure(FailureKind.TooLarge, $"a policy of {payload.Length} bytes; {BankLimits.PolicyBytesMax} is the most")
        : BankJson.Read(payload, BankJson.Strict.BankPolicy, "policy of a bank");

    /// <summary>Null where it can be one, else what is wrong with it.</summary>
    public Failure? Check() =>
        (Version is < 1 or > Credits.Max ? Invalid($"the version is {Version}; that of the first policy is 1") : null)
        ?? Within("price of a mebibyte", PricePerMebibyte, BankLimits.PriceMax)
        ?? Within("author's part", AuthorPermille, 1_000) ?? Within("community's part", CommunityPermille, 1_000)
        ?? (AuthorPermille + CommunityPermille > 1_000 ? Invalid("author and community together get more than there is") : null)
        ?? Within("daily allowance", DailyAllowance, Credits.Max / 1_000)
        ?? Within("delay of closing", CloseDelaySeconds, (long)BankLimits.CloseDelayMax.TotalSeconds)
        ?? (OutOfCredits is Refuse or Last ? null : Invalid($"out of credits means '{Refuse}' or '{Last}'"))
        ?? (Grants.Count > BankLimits.StagesMax ? Invalid($"newcomers are given credits in {BankLimits.StagesMax} steps at most") : null)
        ?? Grants.Select(stage => Within("days of a step", stage.AfterDays, (long)BankLimits.StageMax.TotalDays)
            ?? Within("credits of a step", stage.Amount, Credits.Max / 1_000_000)).FirstOrDefault(wrong => wrong is not null)
        ?? (Grants.Select(stage => stage.AfterDays).Distinct().Count() != Grants.Count ? Invalid("two steps come on one day") : null)
        ?? (Prices.Count > BankLimits.PricesMax ? Invalid($"{BankLimits.PricesMax} prices of actions are the most") : null)
        ?? Prices.Select(Wrong).FirstOrDefault(wrong => wrong is not null)
        ?? (Prices.Select(price => (price.Service, price.Action)).Distinct().Count() != Prices.Count ? Invalid("an action has two prices") : null);

    /// <summary>What an action of a service costs; 0 where nothing was said.</summary>
    public long PriceOf(string service, string action) =>
        Prices.FirstOrDefault(price => price.Service == service && price.Action == action)?.Price ?? 0;

    private static Failure? Wrong(ActionPrice price) =>
        !RoleSet.IsName(price.Service) || !RoleSet.IsName(price.Action) ? Invalid("a price names a service and an action of a-z, 0-9 and '-', a letter first")
        : Within($"price of {price.Service} {price.Action}", price.Price, BankLimits.PriceMax);

    private static Failure? Within(string what, long value, long max) => value < 0 || value > max
        ? Invalid($"the {what} is {value}; it is 0 to {max}")
        : null;

    private static Failure Invalid(string message) => new(FailureKind.Invalid, message);
}

/// <summary>A step in which newcomers are given credits.</summary>
/// <param name="AfterDays">Days after they came; 0 for at once.</param>
/// <param name="Amount">Micro-credits.</param>
public sealed record GrantStage(int AfterDays, long Amount);

/// <summary>What an action of a service costs.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Action">The action's.</param>
/// <param name="Price">Micro-credits.</param>
public sealed record ActionPrice(string Service, string Action, long Price);
