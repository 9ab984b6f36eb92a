using System.Text.Json;
using Cete.Core;

namespace Cete.Trust;

/// <summary>What a key of an account says of another key.</summary>
public enum KeyApprovalKind
{
    /// <summary>It may sign for the account from now on.</summary>
    Add,

    /// <summary>It may not any more.</summary>
    Remove,

    /// <summary>It may sign payments for the account until it ends.</summary>
    AddDelegate,

    /// <summary>It may not any more.</summary>
    RemoveDelegate,
}

/// <summary>
/// What a statement says of a key, for services that import accounts and verify for themselves which keys sign for whom
/// (<c>src/services/Cete.Accounts/Proto/feed.proto</c>). The accounts read the same statements in full; here is what the chain takes.
/// </summary>
/// <param name="Kind">What is said.</param>
/// <param name="Key">Of which key: its name.</param>
/// <param name="SigningKey">The key itself (SubjectPublicKeyInfo in DER); empty where it is removed.</param>
/// <param name="Counter">Of the statement: what is older than another of the same approver was said before it.</param>
public sealed record KeyApproval(KeyApprovalKind Kind, KeyId Key, ReadOnlyMemory<byte> SigningKey, long Counter)
{
    /// <summary>The purpose of what devices say of keys.</summary>
    public const string DevicePurpose = "accounts.device";

    /// <summary>The purpose of what recovery keys say.</summary>
    public const string RecoveryPurpose = "accounts.recover";

    private const int DepthMax = 8;

    /// <summary>The node that holds a delegate, by the name of its key.</summary>
    public KeyId? Node { get; init; }

    /// <summary>When a delegate ends.</summary>
    public Instant ExpiresAt { get; init; }

    /// <summary>Micro-credits that a delegate may spend in all.</summary>
    public long Cap { get; init; }

    private static Failure Malformed => new(FailureKind.Invalid, "the statement says nothing of a key");

    /// <summary>
    /// What a statement says, if it was signed with the approver's key, in this community, for this account. That the approver is a key of the account
    /// and counted then is for the caller to know.
    /// </summary>
    /// <param name="bytes">The statement on the wire.</param>
    /// <param name="approver">The public key of the device or recovery key that signed it (SubjectPublicKeyInfo in DER).</param>
    /// <param name="community">This community.</param>
    /// <param name="account">Whose keys these are.</param>
    /// <param name="purpose"><see cref="DevicePurpose"/> or <see cref="RecoveryPurpose"/>: as the approver is the one or the other.</param>
    public static Outcome<KeyApproval> Verify(
        ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> approver, KeyId community, AccountId account, string purpose)
    {
        Check.That(purpose is DevicePurpose or RecoveryPurpose, purpose);
        var parsed = SignedStatement.Parse(bytes);
        if (!parsed.Succeeded)
        {
            return parsed.Failure;
        }

        var statement = parsed.Value;
        if (statement.Verify(approver, community, purpose) is { } unsigned)
        {
            return unsigned;
        }

        // A recovery key tells by itself whose it is.
        return statement.Account == (purpose == RecoveryPurpose ? default : account)
            ? Read(statement)
            : new Failure(FailureKind.Forbidden, $"the statement is about the keys of another account, {statement.Account}");
    }

    private static Outcome<KeyApproval> Read(SignedStatement statement)
    {
        try
        {
            using var document = JsonDocument.Parse(
                statement.Payload, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = DepthMax });
            var root = document.RootElement;
            var act = statement.Purpose == RecoveryPurpose ? "add" : root.GetProperty("act").GetString();
            return act switch
            {
                "add" => Added(KeyApprovalKind.Add, root.GetProperty("device").GetProperty("signingKey"), statement),
                "remove" => Removed(KeyApprovalKind.Remove, root.GetProperty("device"), statement),
                "remove-delegate" => Removed(KeyApprovalKind.RemoveDelegate, root.GetProperty("delegate"), statement),
                "add-delegate" => Delegated(root, statement),
                _ => Malformed,
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return Malformed;
        }
    }

    private static Outcome<KeyApproval> Added(KeyApprovalKind kind, JsonElement key, SignedStatement statement)
    {
        var bytes = key.GetBytesFromBase64();
        return SignedStatement.IsPublicKey(bytes) ? new KeyApproval(kind, KeyId.Of(bytes), bytes, statement.Counter) : Malformed;
    }

    private static Outcome<KeyApproval> Removed(KeyApprovalKind kind, JsonElement name, SignedStatement statement) =>
        KeyId.TryParse(name.GetString(), out var key) ? new KeyApproval(kind, key, default, statement.Counter) : Malformed;

    private static Outcome<KeyApproval> Delegated(JsonElement root, SignedStatement statement)
    {
        var (ends, cap) = (new Instant(root.GetProperty("expiresAt").GetInt64()), root.GetProperty("cap").GetInt64());
        return KeyId.TryParse(root.GetProperty("node").GetString(), out var node)
            ? Added(KeyApprovalKind.AddDelegate, root.GetProperty("signingKey"), statement).Then(
                approval => approval with { Node = node, ExpiresAt = ends, Cap = cap })
            : Malformed;
    }
}
