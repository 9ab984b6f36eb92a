using System.Text;
using Cete.Core;
using Cete.Net;
using Cete.Ports;
using Cete.Transfer.Payments;

namespace Cete.App.Verbs.Get;

/// <summary>Who pays for a download.</summary>
internal static class GetPayer
{
    /// <summary>One who pays, within what may be spent; null where nothing is asked for, or where nobody can be asked what it costs.</summary>
    public static async Task<Payer?> FindAsync(JobRequest job, NodeClient node, CancellationToken stop)
    {
        if (Common.Channels() is not { } channels)
        {
            return null;
        }

        var bank = Common.Bank(node);
        var terms = await bank.TermsAsync(stop);
        return terms is { Succeeded: true, Value.PricePerMebibyte: > 0 }
            ? new Payer(
                bank, channels,
                new PayerOptions(terms.Value.Community, PurposeOf(job), job.MaxPrice, terms.Value.PricePerMebibyte)
                {
                    Author = terms.Value.PaysAuthors && AccountId.TryParse(job.Author, out var author) ? author : null,
                },
                TimeProvider.System)
            : null;
    }

    /// <summary>The same download has the same one, so that it finds its channel again.</summary>
    private static string PurposeOf(JobRequest job) => Hash256.Of(Encoding.UTF8.GetBytes(string.Join('\0', [job.Node, job.To, .. job.What]))).ToString();
}
