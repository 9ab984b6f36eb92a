using Cete.Bank;
using Cete.Core;
using Cete.Trust;

namespace Cete.Benchmarks.Bank;

/// <summary>The bank's rules but for signatures, which whoever is compared with does not look at either.</summary>
internal sealed class TrustingRules : LedgerRules
{
    public override Failure? Unsigned(SignedStatement statement, ReadOnlySpan<byte> key, KeyId community, string purpose) => null;

    public override Failure? Unsigned(Voucher voucher, ReadOnlySpan<byte> key, KeyId community) => null;
}
