using Cete.Core;
using Cete.Ledger;

namespace Cete.Ports.Payments;

/// <summary>A voucher as it is handed on: what it says, and the bytes that show it.</summary>
/// <param name="Channel">Which channel pays.</param>
/// <param name="Provider">Whom.</param>
/// <param name="Amount">Micro-credits, all together.</param>
/// <param name="Bytes">The voucher as it came from the wire, signature included.</param>
public sealed record SignedVoucher(TransferId Channel, KeyId Provider, long Amount, ReadOnlyMemory<byte> Bytes);
