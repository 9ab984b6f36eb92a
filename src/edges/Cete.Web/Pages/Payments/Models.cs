using Cete.Bank;
using Cete.Core;
using Cete.Ledger;
using Cete.Web.Bank;
using Cete.Web.Pages.Accounts;

namespace Cete.Web.Pages.Payments;

// Razor makes its components public, and with them what they are given.

/// <summary>The form by which credits are sent.</summary>
/// <param name="Id">Names the transfer: however often the form is sent, it is one.</param>
/// <param name="To">As typed before.</param>
/// <param name="Amount">As typed before.</param>
/// <param name="Note">As typed before.</param>
/// <param name="Balance">What one has.</param>
/// <param name="Token">Of the form.</param>
/// <param name="Notice">What is to be said; null for nothing.</param>
public sealed record SendModel(string Id, string To, string Amount, string Note, BalanceRecord Balance, string Token, Notice? Notice);

/// <summary>A transfer that is to be signed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="To">Whom it goes to.</param>
/// <param name="Name">What people call that one.</param>
/// <param name="Amount">Micro-credits.</param>
/// <param name="Note">What for.</param>
public sealed record SendOrder(TransferId Id, LedgerAddress To, string Name, long Amount, string Note)
{
    /// <summary>What is signed.</summary>
    public TransferAct ToAct() => new([new TransferOrder(Id.ToString(), TransferOrder.Send, To.ToString(), Amount, Note: Note)]);
}

/// <summary>What is to be signed, in words.</summary>
/// <param name="Order">It.</param>
/// <param name="Balance">What one has.</param>
/// <param name="Leave">How far this node may sign for one.</param>
/// <param name="Token">Of the forms.</param>
/// <param name="Signer">Whose keys the browser looks for.</param>
/// <param name="Notice">What is to be said; null for nothing.</param>
public sealed record SendReviewModel(SendOrder Order, BalanceRecord Balance, NodeLeave Leave, string Token, SignerFacts Signer, Notice? Notice);

/// <summary>What came of a transfer.</summary>
/// <param name="Line">As the statement has it.</param>
/// <param name="Name">What people call who got it.</param>
public sealed record SentModel(StatementLine Line, string Name);

/// <summary>A content that is to be paid for.</summary>
/// <param name="Content">Its root.</param>
/// <param name="Name">What it is to be called; null for nothing.</param>
/// <param name="Length">Bytes of it.</param>
/// <param name="Price">Micro-credits of 2^20 bytes.</param>
/// <param name="Notice">What is to be said; null for nothing.</param>
public sealed record PaidModel(Hash256 Content, string? Name, long Length, long Price, Notice? Notice)
{
    /// <summary>Who asks; null for a guest.</summary>
    public PaidVisitor? Visitor { get; init; }

    /// <summary>Micro-credits that all of it costs.</summary>
    public long Cost => Credits.CostOf(Length, Price);
}

/// <summary>Who could pay for a content.</summary>
/// <param name="Balance">What he has.</param>
/// <param name="Leave">How far this node may pay for him.</param>
/// <param name="Token">Of the form.</param>
public sealed record PaidVisitor(BalanceRecord Balance, NodeLeave Leave, string Token)
{
    /// <summary>Micro-credits that he can spend on services.</summary>
    public long Spendable => Balance.Own + Balance.Granted;
}
