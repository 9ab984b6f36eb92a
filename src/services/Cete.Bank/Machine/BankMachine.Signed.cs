using Cete.Core;
using Cete.Ledger;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Bank;

/// <summary>What devices of accounts and keys of nodes signed.</summary>
public sealed partial class BankMachine
{
    /// <summary>Who signed what.</summary>
    /// <param name="Statement">What.</param>
    /// <param name="Key">With which key of his.</param>
    /// <param name="Evidence">The bytes, kept with what is written by them.</param>
    private sealed record SignedBy(SignedStatement Statement, KeyRow Key, Evidence Evidence)
    {
        public AccountId Account => Statement.Account;

        /// <summary>What is said, whenever and with which key it was signed.</summary>
        public Hash256 Said => Hash256.Of(Statement.Payload.Span);
    }

    /// <summary>A statement that counts: of a key that may sign for its account, and of an account that may act.</summary>
    private static Outcome<SignedBy> Signed(ByteString bytes, string purpose, Change change, bool mayDelegate = true)
    {
        var parsed = SignedStatement.Parse(bytes.Span);
        if (!parsed.Succeeded)
        {
            return parsed.Failure;
        }

        var statement = parsed.Value;
        var key = change.Holders.Key(statement.Device);
        if (key is null || key.Account != statement.Account)
        {
            return new Failure(FailureKind.Forbidden,
                $"the bank knows no device {statement.Device} of the account {statement.Account}; add it with one that it has, or wait a moment if it is new");
        }

        if (key.RemovedAt is not null)
        {
            return new Failure(FailureKind.Forbidden, $"the device {key.Id} was removed; sign with another");
        }

        if (key.IsDelegate && (!mayDelegate || key.ExpiresAt <= change.At))
        {
            return new Failure(FailureKind.Forbidden, $"the key {key.Id} may not sign that{(mayDelegate ? " any more" : string.Empty)}; sign with a device");
        }

        if (change.Rules.Unsigned(statement, key.PublicKey, change.Facts.Community, purpose) is { } unsigned)
        {
            return unsigned;
        }

        var holder = change.Holders.Find(statement.Account);
        return holder is null || holder.ClosedAt is not null
            ? new Failure(FailureKind.NotFound, $"the account {statement.Account} has no credits here; it was closed, or is too new: try again in a moment")
            : holder.IsSuspended ? new Failure(FailureKind.Forbidden, "the account is suspended; it spends nothing until it may go on")
            : new SignedBy(statement, key, change.Keep(bytes.Memory));
    }

    /// <summary>A statement of a node's key, which comes along: its name says whose it is.</summary>
    private static Outcome<SignedStatement> SignedByNode(ByteString bytes, ByteString publicKey, string purpose, Change change)
    {
        var parsed = SignedStatement.Parse(bytes.Span);
        if (!parsed.Succeeded)
        {
            return parsed.Failure;
        }

        var statement = parsed.Value;
        return change.Rules.Unsigned(statement, publicKey.Span, change.Facts.Community, purpose) is { } unsigned ? unsigned
            : statement.Account != default ? new Failure(FailureKind.Forbidden, "a node signs for itself, for no account")
            : statement;
    }

    /// <summary>Counts what a delegate lets its account spend.</summary>
    private static Failure? Spend(SignedBy signed, long amount, Change change)
    {
        if (!signed.Key.IsDelegate || amount == 0)
        {
            return null;
        }

        var key = change.Holders.Key(signed.Key.Id)!;
        if (!change.Rules.MaySpend(amount, key.Cap - key.Spent))
        {
            return new Failure(FailureKind.Forbidden,
                $"the key {key.Id} may still spend {Credits.Show(key.Cap - key.Spent)} credits, and this takes {Credits.Show(amount)}; sign with a device");
        }

        change.Holders.Spend(key.Id, amount);
        return null;
    }
}
