using Cete.Api;
using Cete.Core;
using Cete.Net.Payments;
using Cete.Net.Tickets;
using Cete.Ports;
using Microsoft.AspNetCore.Http;

namespace Cete.Net;

/// <summary>Where bytes of contents pass, whatever they are asked for by: what is to be paid is paid, what an address may cost is counted.</summary>
/// <param name="toll">Asks those to pay who get contents; null where nothing is asked for.</param>
/// <param name="clock">For streams that stall.</param>
internal sealed class ContentGate(ContentToll? toll, TimeProvider clock)
{
    /// <summary>Lets an answer pass that is ready to be sent, or answers why not.</summary>
    /// <param name="context">The request.</param>
    /// <param name="root">The content.</param>
    /// <param name="content">Where its bytes come from.</param>
    /// <param name="bytes">How many are to be sent.</param>
    /// <param name="send">Sends them.</param>
    public async Task PassAsync(HttpContext context, Hash256 root, IContentFile content, long bytes, Func<ContentSender, Task> send)
    {
        using var passage = toll is null || bytes == 0 ? Passage.Free : await toll.LetInAsync(context, root, content.PieceLength, bytes);
        if (passage.Admission.Failure is not null)
        {
            context.Response.Clear();
            await ContentToll.RefuseAsync(context, passage.Admission);
            return;
        }

        var use = context.Features.Get<CapabilityMeter.Use>();
        if (use?.TryTake(bytes) == false)
        {
            passage.Unsent(bytes);
            context.Response.Clear();
            await Answers.WriteAsync(context, new Failure(FailureKind.Forbidden, "as much was downloaded by this address as it covers; ask for another one"));
            return;
        }

        using var sender = new ContentSender(context, content, passage, clock);
        try
        {
            await send(sender);
        }
        finally
        {
            use?.GiveBack(bytes - sender.Sent);
            passage.Unsent(bytes - sender.Sent);
        }
    }
}
