using Cete.Core;
using Cete.Expressions;
using Cete.Ledger;
using Cete.Ledger.Channels;

namespace Cete.Described;

/// <summary>What something costs somebody now.</summary>
/// <param name="Amount">Micro-credits; 0 for nothing.</param>
/// <param name="Payee">Who is paid.</param>
public sealed record Quote(long Amount, LedgerAddress Payee)
{
    /// <summary>It costs nothing.</summary>
    public static Quote Free { get; } = new(0, LedgerAddress.Treasury);

    /// <summary>By which a lane that pays for it is named.</summary>
    public KeyId Provider => ServiceLane.ProviderOf(Payee);

    /// <summary>What a price comes to with the records at hand.</summary>
    internal static Outcome<Quote> Of(PriceDescriptor price, RuleScope scope)
    {
        var credits = price.Credits.Evaluate(scope);
        var amount = credits.Kind == ValueKind.Int ? (Int128)credits.Number * Cete.Ledger.Credits.Micro : credits.Number;
        if (credits.IsNull || amount > Cete.Ledger.Credits.Max)
        {
            return new Failure(
                FailureKind.Conflict, "what it costs cannot be told: the price that the service describes comes to no number of credits here; tell its author");
        }

        if (amount <= 0)
        {
            return Free;
        }

        var to = price.To?.Evaluate(scope).AsText ?? string.Empty;
        if (to.Length == 0)
        {
            return new Quote((long)amount, LedgerAddress.Treasury);
        }

        // Nobody pays himself.
        return AccountId.TryParse(to, out var account)
            ? to == scope.Asker.Account ? Free : new Quote((long)amount, LedgerAddress.User(account))
            : new Failure(
                FailureKind.Conflict, $"whom the price is for is no account: '{EntryName.Show(to.Length > 40 ? to[..40] : to)}'; tell the service's author");
    }
}
