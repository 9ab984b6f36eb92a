using System.Collections.Concurrent;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Core;
using Cete.Ledger;
using Cete.Net.Tls;
using Cete.Ports;
using Cete.Storage.Local;
using Cete.Transfer;
using Cete.Transfer.Payments;

namespace Cete.App.Verbs.Get;

/// <summary>What a user said of a price beforehand.</summary>
/// <param name="Max">Micro-credits that may be spent; null where that was not said.</param>
/// <param name="IsSure">Not to be asked.</param>
/// <param name="IsScript">Prints for a script.</param>
internal sealed record PriceAnswer(long? Max, bool IsSure, bool IsScript);

/// <summary>Shows what a download costs before anything is paid.</summary>
internal static class GetPrice
{
    /// <summary>The download with what may be spent on it; or why there is to be none.</summary>
    public static async Task<Outcome<JobRequest>> AgreeAsync(JobRequest job, TlsTrust trust, PriceAnswer answer, CancellationToken stop)
    {
        await using var node = Common.Connect(new Uri(job.Node), trust);
        var terms = await Common.Bank(node).TermsAsync(stop);
        if (!terms.Succeeded || terms.Value.PricePerMebibyte == 0)
        {
            // While the bank is away, what costs nothing can be had, and open channels go on.
            return job with { MaxPrice = answer.Max ?? 0 };
        }

        var request = new GetRequest(job.What, job.To, job.Overwrite, job.AtOnce, TimeSpan.FromSeconds(job.PatienceSeconds), trust);
        var (files, bytes, author) = await MissingAsync(new Finder(node, job.To, request), job, stop);
        var cost = Credits.CostOf(bytes, terms.Value.PricePerMebibyte);
        var most = PayerOptions.MostFor(bytes, terms.Value.PricePerMebibyte);
        if (!answer.IsScript && bytes > 0)
        {
            Console.Error.WriteLine(
                $"{files} files of {Units.Bytes(bytes)} cost {Credits.Counted(cost)}, and never more than {Credits.Show(most)}");
        }

        return Judge(cost, most, answer) is { } failure ? failure : job with { MaxPrice = answer.Max ?? most, Author = author?.ToString() };
    }

    /// <summary>Null where it may be paid.</summary>
    internal static Failure? Judge(long cost, long most, PriceAnswer answer)
    {
        if (answer.Max < cost)
        {
            return new Failure(FailureKind.Unpaid, $"it costs {Credits.Counted(cost)}; {Credits.Show(answer.Max.Value)} may be spent on it");
        }

        if (most == 0 || answer.Max is not null || answer.IsSure)
        {
            return null;
        }

        if (Console.IsInputRedirected || answer.IsScript)
        {
            return new Failure(
                FailureKind.Unpaid,
                $"it costs up to {Credits.Counted(most)}, and there is nobody to ask; allow it by --max-price {Credits.Show(most)}, or by --yes");
        }

        return Typed.Line("Pay it? Type yes: ") is { Succeeded: true, Value: "yes" }
            ? null
            : new Failure(FailureKind.Cancelled, "nothing was paid and nothing fetched");
    }

    /// <summary>
    /// What is not there yet, and who filed it, where one account did: a lane has one author. What was begun counts whole: how much of it came, only its
    /// download knows.
    /// </summary>
    private static async Task<(int Files, long Bytes, AccountId? Author)> MissingAsync(Finder finder, JobRequest job, CancellationToken stop)
    {
        var targets = new LocalTargets();
        var problems = new ConcurrentQueue<PublishProblem>();
        var (files, bytes, authors) = (0, 0L, new HashSet<AccountId?>());
        await foreach (var wanted in finder.FindAsync(job.What, problems, stop))
        {
            var state = await targets.CheckAsync(wanted.Path, wanted.Manifest, stop);
            if (state is not { Succeeded: true, Value: TargetState.Same })
            {
                (files, bytes) = (files + 1, bytes + wanted.Manifest.Length);
                if (authors.Count < 2)
                {
                    authors.Add(wanted.Author);
                }
            }
        }

        return (files, bytes, authors.Count == 1 ? authors.Single() : null);
    }
}
