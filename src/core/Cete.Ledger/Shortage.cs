using System.Text.RegularExpressions;
using Cete.Core;

namespace Cete.Ledger;

/// <summary>
/// Somebody has not enough credits: what he is told, wherever that is found out. What replicas of a bank answer stays for ever as it was, so that old logs
/// come out as they did; users learn by the kind of the failure that it is about credits, and how to earn some.
/// </summary>
public static partial class Shortage
{
    /// <summary>How to come to some, in a few words.</summary>
    public const string Hint = "who runs a service earns some";

    /// <summary>How to come to some.</summary>
    public const string HowTo =
        "who runs a node earns what others pay for contents that it sends. 'cete token create --roles share' makes a link for a node of yours, where members "
        + "may have some ('cete community self-service' tells), and 'cete join LINK' runs it";

    /// <summary>By which somebody runs one, with what stands in capitals to be filled in.</summary>
    public const string NodeCommand = "cete node --join HOST:PORT --token TOKEN";

    /// <summary>By which whoever may let nodes in makes the token for it, with the roles that earn.</summary>
    public const string TokenCommand = "cete token create --roles share,cache";

    /// <summary>What an account has is less than what is needed, in micro-credits: as a replica answers it.</summary>
    public static Failure Of(long balance, long amount) =>
        new(FailureKind.Conflict, $"{Credits.Show(balance)} credits are there and {Credits.Show(amount)} are needed; {Hint}");

    /// <summary>Whether it is that which failed.</summary>
    public static bool Is(Failure failure) => failure.Kind == FailureKind.Conflict && failure.Message.EndsWith(Hint, StringComparison.Ordinal);

    /// <summary>
    /// A failure as users are told it. The words of a replica's answer are part of its state's digest, and so they stay: of one credit it speaks as of many.
    /// </summary>
    public static Failure Told(Failure failure)
    {
        var said = OneAsMany().Replace(failure.Message, match => $"1 credit{match.Groups["that"]}{(match.Groups["are"].Success ? " is" : string.Empty)}");
        return Is(failure) ? new Failure(FailureKind.Unpaid, $"{said[..^Hint.Length]}{HowTo}")
            : said == failure.Message ? failure : failure with { Message = said };
    }

    [GeneratedRegex(@"(?<![\d.])1 credits(?<that> that)?(?<are> are)?\b", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OneAsMany();
}
