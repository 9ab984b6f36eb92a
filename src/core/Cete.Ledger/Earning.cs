namespace Cete.Ledger;

/// <summary>What whoever has too few credits is told, wherever that shows.</summary>
public static class Earning
{
    /// <summary>What to do about it.</summary>
    public const string HowTo =
        "who runs a node earns what others pay for contents that it sends. 'cete token create --roles share' makes a link for a node of yours, where members "
        + "may have some ('cete community self-service' tells), and 'cete join LINK' runs it";
}
