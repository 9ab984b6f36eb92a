using System.Globalization;
using Cete.Core;
using Cete.Described;
using Cete.Ledger;
using Cete.Web.Pages.Accounts;
using Cete.Web.Pages.Services;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Services;

/// <content>Forms whose sending costs credits: what it costs stands in them, and what was not agreed to is not paid.</content>
internal sealed partial class ServicesPages
{
    private const string PriceField = "price";

    /// <summary>What sending a form would cost; null for nothing, and where that depends on what is not filled in yet.</summary>
    private async Task<Offer?> OfferAsync(HttpContext context, FormModel form)
    {
        var values = form.Fields.Where(input => input.Text.Length > 0 && input.Error is null)
            .Select(input => KeyValuePair.Create(input.Field.Name, FieldForm.InputOf(input)));
        var offer = form.Deed is { Price: not null } action
            ? await services.OfferAsync(form.Scene.Name, action.Name, form.Record?.Id ?? 0, values, form.Scene.Asker, context.RequestAborted)
            : form is { Deed: null, Record: null, Kind: { Price: not null } kind }
                ? await services.OfferAsync(form.Scene.Name, kind.Name, values, context.Asker(), context.RequestAborted)
            : new Offer(Quote.Free, 0, []);
        return offer is { Succeeded: true, Value.Price.Amount: > 0 } ? offer.Value : null;
    }

    /// <summary>Has what was agreed to paid.</summary>
    /// <returns>The voucher that goes along, empty where it costs nothing; or why it is not paid.</returns>
    private async Task<Outcome<ReadOnlyMemory<byte>>> PayAsync(HttpContext context, PageForm form, FormModel typed)
    {
        if (await OfferAsync(context, typed) is not { Amount: > 0 } offer)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        if (!long.TryParse(form[PriceField], NumberStyles.None, CultureInfo.InvariantCulture, out var agreed) || agreed != offer.Amount)
        {
            return new Failure(FailureKind.Unpaid, $"this costs {Credits.Counted(offer.Amount)}; send it once more to pay that");
        }

        return !AccountId.TryParse(typed.Scene.Asker.Account, out var account)
                ? new Failure(FailureKind.Unauthenticated, $"this costs {Credits.Counted(offer.Amount)}, which an account pays; log in")
            : parts.Pays is not { } pays
                ? new Failure(
                    FailureKind.Unpaid,
                    $"this costs {Credits.Counted(offer.Amount)}, and this node pays for nobody; do it with 'cete do', or at a node that keeps accounts "
                    + "and bank")
            : await pays(account, offer, context.RequestAborted);
    }
}
