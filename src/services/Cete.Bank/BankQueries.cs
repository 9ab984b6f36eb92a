using Cete.Core;

namespace Cete.Bank;

/// <summary>Failures that several questions share.</summary>
internal static class BankQueries
{
    public static Failure NotBegun { get; } = new(FailureKind.Unavailable, "the community's bank has not begun yet; try again in a moment");
}
