namespace Cete.Api;

/// <summary>
/// What a server answers with 402 (RFC 9110 §15.5.3) that is paid for contents: an error as RFC 9457 has it, and beside it what is to be paid, to whom,
/// and what was counted so far. Amounts are micro-credits.
/// </summary>
/// <param name="Type">As of every problem.</param>
/// <param name="Title">In a few words.</param>
/// <param name="Status">402.</param>
/// <param name="Detail">What it costs, and how to pay.</param>
/// <param name="Code">For programs.</param>
/// <param name="Price">What a MiB costs.</param>
/// <param name="Payee">Who is to be paid, as an address of the ledger.</param>
/// <param name="Provider">The key that vouchers are to name.</param>
/// <param name="Window">Bytes that are sent before they are paid for.</param>
/// <param name="Room">Bytes of them that are left on this lane.</param>
/// <param name="Sent">Bytes that were sent on it.</param>
/// <param name="Due">What those cost.</param>
/// <param name="Paid">What the highest voucher promises that came in on it.</param>
/// <param name="Voucher">That voucher, base64url; absent where none came in.</param>
/// <param name="HasLastPlace">Who has too few credits may ask again with the field <c>Cete-Last: 1</c>, and is served when nobody else is.</param>
public sealed record PaymentProblem(
    string Type, string Title, int Status, string Detail, string Code, long Price, string Payee, string Provider, long Window, long Room, long Sent,
    long Due, long Paid, string? Voucher, bool HasLastPlace = false);
