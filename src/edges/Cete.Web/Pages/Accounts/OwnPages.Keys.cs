using System.Buffers.Text;
using System.Globalization;
using Cete.Accounts;
using Cete.Accounts.Passkeys;
using Cete.Core;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Pages.Accounts;

/// <summary>Passkeys of one's own account, and nodes that pay for it.</summary>
internal sealed partial class OwnPages
{
    private const decimal MicroCredits = 1_000_000m;
    private const decimal CreditsMax = 1_000_000m;

    private static readonly Failure NoDomain = new(
        FailureKind.Invalid, "passkeys are for a domain, and this node was not opened under one that the community has");
    private static readonly Failure NoCap = new(
        FailureKind.Invalid, $"give an amount of credits up to {CreditsMax:0}, and a number of days up to {AccountsLimits.DelegateLifeMax.Days}");
    private static readonly Failure NoDelegate = new(FailureKind.NotFound, "the account has no such node; look for it in the list");
    private static readonly Failure KeepsNone = new(FailureKind.Unavailable, "this node keeps no keys of accounts");

    private PasskeyAsked? PasskeyToMake(HttpContext context, SessionFacts own, IReadOnlyList<PasskeyRecord> known) => _parts.PartyOf(context) is { } party
        ? new PasskeyAsked(party.Domain, _parts.Service.PasskeyChallenge(own), [.. known.Select(passkey => passkey.Name)])
        {
            User = Base64Url.EncodeToString(own.Account.ToArray()),
        }
        : null;

    private async Task AddPasskeyAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var (client, attestation) = (DeviceFields.Bytes(form["client"]), DeviceFields.Bytes(form["attestation"]));
        var added = _parts.PartyOf(context) is not { } party ? NoDomain
            : client is not { Length: > 0 } || attestation is null ? NoPasskey
            : await _parts.Service.AddPasskeyAsync(
                own, party, new PasskeyMade(client, attestation), PageOf(context), form["label"],
                form["transports"].Split(' ', StringSplitOptions.RemoveEmptyEntries), form["proof"], context.RequestAborted);
        await AnswerAsync(context, own, added, "passkey", "passkeys");
    }

    private static Failure NoPasskey { get; } = new(
        FailureKind.Invalid, "no passkey came with the form: a script has the browser make one; turn scripts on, and open the page again");

    /// <summary>The page that a request comes from, where it comes from one of this node's.</summary>
    internal static PageHost PageOf(HttpContext context) => new(context.Request.Host.Host, context.Request.Host.Port);

    private async Task RenamePasskeyAsync(HttpContext context, SessionFacts own, PageForm form) => await AnswerAsync(
        context, own, await _parts.Service.RenamePasskeyAsync(own.Account, form["passkey"], form["label"], context.RequestAborted), "passkey-renamed",
        "passkeys");

    private async Task RemovePasskeyAsync(HttpContext context, SessionFacts own, PageForm form) => await AnswerAsync(
        context, own, await _parts.Service.RemovePasskeyAsync(own.Account, form["passkey"], context.RequestAborted), "passkey-removed", "passkeys");

    /// <summary>The node makes a key. An account without a device lets it count by its password; else a device is asked to sign.</summary>
    private async Task BeginDelegateAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var stop = context.RequestAborted;
        var devices = await _parts.Service.DevicesAsync(own.Account, stop);
        var made = !devices.Succeeded ? devices.Failure : MakeDelegate(own, form);
        if (!made.Succeeded)
        {
            await ShowAsync(context, own, "delegates", made.Failure);
            return;
        }

        if (devices.Value.Any(device => device.RemovedAt is null))
        {
            Answering.KeepToSelf(context);
            await _writer.WriteAsync<DelegatePage>(
                context, new DelegateModel(made.Value, _parts.Guard.TokenFor(own.Session), _forms.Signer(context, own.Account, devices.Value)));
            return;
        }

        var added = await _parts.Service.AddDelegateAsync(own.Account, made.Value, form["proof"], stop);
        if (!added.Succeeded)
        {
            _parts.Delegates!.Remove(own.Account, KeyId.Of(made.Value.SigningKey.Span));
        }

        await AnswerAsync(context, own, added, "delegate", "delegates");
    }

    private Outcome<DeviceAct.AddDelegate> MakeDelegate(SessionFacts own, PageForm form)
    {
        var isNumber = decimal.TryParse(form["cap"].Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cap);
        var isDays = int.TryParse(form["days"].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var days);
        return _parts.Delegates is not { } keys ? KeepsNone
            : !isNumber || !isDays || cap > CreditsMax || cap * MicroCredits < 1 || days < 1 || days > AccountsLimits.DelegateLifeMax.Days ? NoCap
            : keys.Make(own.Account, (long)(cap * MicroCredits), Instant.From(_parts.Now) + TimeSpan.FromDays(days));
    }

    private async Task AddDelegateAsync(HttpContext context, SessionFacts own, PageForm form) => await AnswerAsync(
        context, own, await SignedAsync(form, statement => _parts.Service.AddDelegateAsync(statement, null, context.RequestAborted)), "delegate", "delegates");

    private async Task RemoveDelegateAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var removed = KeyId.TryParse(form["delegate"], out var key)
            ? await _parts.Service.RemoveDelegateAsync(own.Account, key, context.RequestAborted)
            : NoDelegate;
        if (removed.Succeeded)
        {
            _parts.Delegates?.Remove(own.Account, key);
        }

        await AnswerAsync(context, own, removed, "delegate-removed", "delegates");
    }
}
