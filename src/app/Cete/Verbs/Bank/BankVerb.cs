using System.CommandLine;

namespace Cete.App.Verbs.Bank;

/// <summary><c>cete bank</c>: credits, what they are spent on, and whether the ledger is right.</summary>
internal static class BankVerb
{
    public static Command Make() => new("bank", Common.WithExamples(
        "Credits: what you have, what you paid and earned, and whether the community's ledger is right.",
        "cete bank balance",
        "cete bank send ben 12.5 --note \"for the maps\"",
        "cete bank statement --csv > statement.csv",
        "cete bank claim --data ~/cete   what a node earned before it belonged to anybody comes to you",
        "cete bank audit                 looks at the whole journal: chain, sums, signatures",
        "cete bank audit --save FILE     keeps it; 'cete bank audit --from FILE' needs no node",
        "cete bank receipt ID            shows that a transfer is in the journal"))
    {
        OwnVerbs.MakeBalance(),
        OwnVerbs.MakeStatement(),
        OwnVerbs.MakeChannels(),
        SendVerb.Make(),
        SendVerb.MakePayOut(),
        ClaimVerb.Make(),
        AuditVerb.Make(),
        ReceiptVerb.Make(),
        PolicyVerbs.MakeSupply(),
        PolicyVerbs.Make(),
    };
}
