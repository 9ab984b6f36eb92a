using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cete.Accounts;
using Cete.Core;
using Cete.Ledger;
using Cete.Web.Pages.Accounts;

namespace Cete.Web.Pages.Payments;

/// <summary>Reads what the forms for sending credits say: as people type it, and as it is shown to them to be signed.</summary>
internal sealed class SendFields(AccountsService accounts)
{
    private static readonly Failure Garbled = new(FailureKind.Invalid, "the form came garbled; open the page again");
    private static readonly Failure NobodySaid = new(FailureKind.Invalid, "say to whom: the name of an account, node:KEY, or treasury for the community");
    private static readonly Failure Self = new(FailureKind.Conflict, "that is your own account; say to whom else");
    private static readonly Failure LongNote = new(
        FailureKind.Invalid, $"a note is one line of at most {JournalEntry.NoteBytesMax} bytes without control characters; shorten it");

    /// <summary>A name that no transfer has.</summary>
    public static TransferId NewId() => new(RandomNumberGenerator.GetBytes(TransferId.Size));

    /// <summary>Reads what somebody typed.</summary>
    public async Task<Outcome<SendOrder>> ReadAsync(AccountId own, PageForm form, CancellationToken cancellation)
    {
        if (!TransferId.TryParse(form["id"], out var id))
        {
            return Garbled;
        }

        var payee = await FindAsync(form["to"].Trim(), cancellation);
        var amount = payee.Succeeded ? Credits.ParsePositive(form["amount"].Trim()) : payee.Failure;
        var note = form["note"].Trim();
        return !amount.Succeeded ? amount.Failure
            : payee.Value.Address == LedgerAddress.User(own) ? Self
            : !IsNote(note) ? LongNote
            : new SendOrder(id, payee.Value.Address, payee.Value.Name, amount.Value, note);
    }

    /// <summary>Reads what was shown to be signed.</summary>
    public async Task<Outcome<SendOrder>> ReadShownAsync(PageForm form, CancellationToken cancellation) =>
        TransferId.TryParse(form["id"], out var id) && LedgerAddress.TryParse(form["to"], out var to) && IsNote(form["note"])
        && long.TryParse(form["amount"], NumberStyles.None, CultureInfo.InvariantCulture, out var amount) && Credits.IsAmount(amount)
            ? new SendOrder(id, to, await NameOfAsync(to, cancellation), amount, form["note"])
            : Garbled;

    /// <summary>What people call somebody whom credits can be sent to.</summary>
    public async Task<string> NameOfAsync(LedgerAddress address, CancellationToken cancellation) => address.Kind switch
    {
        LedgerAccountKind.User => await accounts.AccountAsync(address.Account, cancellation) is { Succeeded: true, Value.Name: { Length: > 0 } name }
            ? name : address.ToString(),
        LedgerAccountKind.Treasury => "the community's treasury",
        LedgerAccountKind.Node => $"the node {address.Key}",
        _ => address.ToString(),
    };

    private async Task<Outcome<(LedgerAddress Address, string Name)>> FindAsync(string to, CancellationToken cancellation)
    {
        if (to.Length == 0)
        {
            return NobodySaid;
        }

        if (!LedgerAddress.TryParse(to, out var address))
        {
            var named = await accounts.ByNameAsync(to, cancellation);
            if (named.Succeeded)
            {
                return (LedgerAddress.User(named.Value.Id), named.Value.Name);
            }

            if (named.Failure.Kind is not (FailureKind.NotFound or FailureKind.Invalid))
            {
                return named.Failure;
            }

            if (AccountId.TryParse(to, out var account))
            {
                address = LedgerAddress.User(account);
            }
            else if (KeyId.TryParse(to, out var key))
            {
                address = LedgerAddress.Node(key);
            }
            else
            {
                return Unknown(to);
            }
        }

        if (address.Kind is not (LedgerAccountKind.User or LedgerAccountKind.Node or LedgerAccountKind.Treasury))
        {
            return NobodySaid;
        }

        return address.Kind == LedgerAccountKind.User
            && await accounts.AccountAsync(address.Account, cancellation) is not { Succeeded: true, Value.ClosedAt: null }
            ? Unknown(to)
            : (address, await NameOfAsync(address, cancellation));
    }

    private static Failure Unknown(string to) => new(
        FailureKind.NotFound, $"nobody here is called '{EntryName.Show(to.Length > 60 ? to[..60] + "..." : to)}'; look how the name is written");

    private static bool IsNote(string note) =>
        Encoding.UTF8.GetByteCount(note) <= JournalEntry.NoteBytesMax && !EntryName.Show(note).Contains('\uFFFD', StringComparison.Ordinal);
}
