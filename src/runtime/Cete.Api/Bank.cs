namespace Cete.Api;

/// <summary>How the community's ledger stands. All amounts of the API are micro-credits: a credit is a million of them.</summary>
/// <param name="Ledger">Which ledger.</param>
/// <param name="Entries">Entries of its journal.</param>
/// <param name="Hash">Of the last one: it names all before it.</param>
/// <param name="UnderHead">Entries under a signed head.</param>
/// <param name="Policy">What the community decided.</param>
public sealed record BankInfo(string Ledger, long Entries, string Hash, long UnderHead, PolicyInfo Policy);

/// <summary>What the community decided about its credits.</summary>
/// <param name="Version">One more with each change.</param>
/// <param name="PricePerMebibyte">What 2^20 bytes cost whoever downloads them.</param>
/// <param name="AuthorPermille">Thousandths of what a provider is paid that go to the author.</param>
/// <param name="CommunityPermille">Thousandths of it that go to the community.</param>
/// <param name="DailyAllowance">What given credits are filled up to once a day.</param>
/// <param name="OutOfCredits">Who has not enough: <c>refuse</c> or <c>last</c>.</param>
/// <param name="CloseDelaySeconds">Between closing a channel and its end.</param>
/// <param name="Grants">What newcomers are given.</param>
/// <param name="Prices">What actions of services cost.</param>
public sealed record PolicyInfo(
    long Version, long PricePerMebibyte, int AuthorPermille, int CommunityPermille, long DailyAllowance, string OutOfCredits, long CloseDelaySeconds,
    IReadOnlyList<GrantInfo> Grants, IReadOnlyList<PriceInfo> Prices);

/// <summary>A step in which newcomers are given credits.</summary>
/// <param name="AfterDays">Days after they came.</param>
/// <param name="Amount">Micro-credits.</param>
public sealed record GrantInfo(int AfterDays, long Amount);

/// <summary>What an action of a service costs.</summary>
/// <param name="Service">The service.</param>
/// <param name="Action">The action.</param>
/// <param name="Price">Micro-credits.</param>
public sealed record PriceInfo(string Service, string Action, long Price);

/// <summary>What an account has.</summary>
/// <param name="Account">Its id.</param>
/// <param name="Own">What it can do with as it likes.</param>
/// <param name="Granted">What it was given: spent first, on services only.</param>
/// <param name="Reserved">Set aside for channels.</param>
/// <param name="Pending">Held for others.</param>
public sealed record BalanceInfo(string Account, long Own, long Granted, long Reserved, long Pending);

/// <summary>An entry of the journal, as the statement of an account shows it.</summary>
/// <param name="Number">Its place.</param>
/// <param name="Id">Of the transfer.</param>
/// <param name="At">When.</param>
/// <param name="Kind">Why: <c>send</c>, <c>earn</c>, <c>grant</c> and so on.</param>
/// <param name="Debit">Who gave.</param>
/// <param name="Credit">Who got.</param>
/// <param name="Amount">Micro-credits.</param>
/// <param name="Balance">What the account had afterwards.</param>
/// <param name="IsDebit">The account gave.</param>
/// <param name="Other">Name of the other account, where it has one.</param>
/// <param name="Subject">Root of the content that was paid for; null for none.</param>
/// <param name="Note">What for.</param>
public sealed record LedgerEntryInfo(
    long Number, string Id, DateTimeOffset At, string Kind, string Debit, string Credit, long Amount, long Balance, bool IsDebit, string? Other,
    string? Subject, string Note);

/// <summary>Lines of a statement, the newest first.</summary>
/// <param name="Entries">They.</param>
/// <param name="Next">Given as <c>before</c>, the next ones follow; null where there are none.</param>
public sealed record StatementAnswer(IReadOnlyList<LedgerEntryInfo> Entries, long? Next);

/// <summary>A channel: credits that are set aside for downloads.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Account">Who pays.</param>
/// <param name="Key">The public key that its vouchers are signed with.</param>
/// <param name="Subject">Root of what is downloaded; null for none.</param>
/// <param name="Reserve">What was set aside.</param>
/// <param name="Redeemed">What its lanes brought.</param>
/// <param name="State"><c>open</c>, <c>closing</c> or <c>settled</c>.</param>
/// <param name="Revision">How often it was changed.</param>
/// <param name="Opened">Since when.</param>
/// <param name="Expires">When it closes by itself.</param>
/// <param name="Settles">When it ends; null while it is open.</param>
/// <param name="Lanes">Whom it pays.</param>
public sealed record ChannelInfo(
    string Id, string Account, byte[] Key, string? Subject, long Reserve, long Redeemed, string State, long Revision, DateTimeOffset Opened,
    DateTimeOffset Expires, DateTimeOffset? Settles, IReadOnlyList<LaneInfo> Lanes);

/// <summary>A lane of a channel.</summary>
/// <param name="Provider">Id of the provider's key.</param>
/// <param name="Payee">Who earns.</param>
/// <param name="Cap">What it can bring.</param>
/// <param name="Redeemed">What it brought.</param>
/// <param name="IsReleased">The provider expects nothing more.</param>
public sealed record LaneInfo(string Provider, string Payee, long Cap, long Redeemed, bool IsReleased);

/// <summary>Channels of an account.</summary>
/// <param name="Channels">The newest first.</param>
public sealed record ChannelList(IReadOnlyList<ChannelInfo> Channels);

/// <summary>What came of transfers that were ordered.</summary>
/// <param name="Results">One each, in their order.</param>
public sealed record TransfersAnswer(IReadOnlyList<TransferResultInfo> Results);

/// <summary>What came of one.</summary>
/// <param name="Number">Its place in the journal; 0 where it was refused.</param>
/// <param name="IsKnown">It was there before.</param>
/// <param name="Error">Why it was refused; null where it was not.</param>
public sealed record TransferResultInfo(long Number, bool IsKnown, string? Error);

/// <summary>Vouchers to be redeemed.</summary>
/// <param name="Vouchers">Their bytes; 256 at most.</param>
public sealed record VouchersRequest(IReadOnlyList<byte[]>? Vouchers);

/// <summary>What came of vouchers.</summary>
/// <param name="Results">One each, in their order.</param>
public sealed record VouchersAnswer(IReadOnlyList<VoucherResultInfo> Results);

/// <summary>What came of one.</summary>
/// <param name="Redeemed">What its lane has brought by now.</param>
/// <param name="Paid">What this one brought.</param>
/// <param name="Error">Why it did not count; null where it did.</param>
public sealed record VoucherResultInfo(long Redeemed, long Paid, string? Error);

/// <summary>A node says whose it is.</summary>
/// <param name="Statement">What the node's key signed (purpose <c>bank.claim</c>).</param>
/// <param name="PublicKey">That key, SubjectPublicKeyInfo in DER.</param>
public sealed record ClaimRequest(byte[]? Statement, byte[]? PublicKey);

/// <summary>What came of it.</summary>
/// <param name="Amount">Micro-credits that went to the account; 0 where the node had earned nothing since.</param>
public sealed record ClaimAnswer(long Amount);

/// <summary>How many credits there are, and where.</summary>
/// <param name="Supply">All that were made.</param>
/// <param name="Accounts">What each kind of account holds.</param>
/// <param name="Distribution">How many accounts hold less than 1, 10, 100, 1000, 10000, 100000 credits, and that or more.</param>
/// <param name="Days">The last thirty days on which anything moved, the newest last.</param>
public sealed record SupplyInfo(long Supply, IReadOnlyList<KindInfo> Accounts, IReadOnlyList<long> Distribution, IReadOnlyList<DayInfo> Days);

/// <summary>What a kind of account holds.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Balance">Micro-credits.</param>
public sealed record KindInfo(string Kind, long Count, long Balance);

/// <summary>What moved on a day.</summary>
/// <param name="Day">UTC.</param>
/// <param name="Transfers">How many.</param>
/// <param name="Spent">Micro-credits that were paid for something.</param>
/// <param name="Made">Micro-credits that were made.</param>
public sealed record DayInfo(DateOnly Day, long Transfers, long Spent, long Made);

/// <summary>What shows that a transfer is in the journal (RFC 6962 §2.1.1): its entry's hash, a path of hashes, and the signed root they lead to.</summary>
/// <param name="Number">The entry's place.</param>
/// <param name="Id">Of the transfer.</param>
/// <param name="At">When, in microseconds since 1970.</param>
/// <param name="Kind">Why, as a number of the journal.</param>
/// <param name="Debit">Who gave.</param>
/// <param name="Credit">Who got.</param>
/// <param name="Amount">Micro-credits.</param>
/// <param name="DebitBalance">What who gave had afterwards.</param>
/// <param name="CreditBalance">What who got had afterwards.</param>
/// <param name="Evidence">SHA-256 of what was signed.</param>
/// <param name="Subject">What was paid for.</param>
/// <param name="Quantity">How much of it.</param>
/// <param name="Note">What for.</param>
/// <param name="Previous">Hash of the entry before.</param>
/// <param name="Path">Hashes, from the bottom up.</param>
/// <param name="Head">What was signed.</param>
/// <param name="Signer">With which public key.</param>
public sealed record ReceiptInfo(
    long Number, string Id, long At, int Kind, string Debit, string Credit, long Amount, long DebitBalance, long CreditBalance, string Evidence,
    string Subject, long Quantity, string Note, string Previous, IReadOnlyList<string> Path, byte[] Head, byte[] Signer);

/// <summary>What an audit of a journal found to be so.</summary>
/// <param name="Community">Whose ledger it is.</param>
/// <param name="Ledger">Which one.</param>
/// <param name="Entries">Entries that were looked at.</param>
/// <param name="Hash">Of the last one.</param>
/// <param name="Supply">Micro-credits that there are.</param>
/// <param name="Sum">Of all balances, the mint's included: 0.</param>
/// <param name="Accounts">Accounts of the ledger.</param>
/// <param name="Signatures">Signatures that are right.</param>
/// <param name="Heads">Signed heads that name this journal.</param>
public sealed record AuditAnswer(
    string Community, string Ledger, long Entries, string Hash, long Supply, long Sum, long Accounts, long Signatures, int Heads);
