using Cete.Core;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>
/// Too few credits, as replicas answer it and as users are told. What replicas answer stays for ever as it was, so that old logs come out as they did;
/// users learn by the kind of the failure that it is about credits, and how to earn some.
/// </summary>
internal static class TooFew
{
    private const string End = "; who runs a service earns some";

    /// <summary>What a replica answers.</summary>
    /// <param name="there">Micro-credits that are there.</param>
    /// <param name="needed">Micro-credits that it takes.</param>
    public static Failure Of(long there, long needed) =>
        new(FailureKind.Conflict, $"{Credits.Show(there)} credits are there and {Credits.Show(needed)} are needed{End}");

    /// <summary>What users are told: every other failure as it is.</summary>
    public static Failure Told(Failure failure) => failure.Kind == FailureKind.Conflict && failure.Message.EndsWith(End, StringComparison.Ordinal)
        ? new Failure(FailureKind.Unpaid, $"{failure.Message[..^End.Length]}; {Earning.HowTo}")
        : failure;
}
