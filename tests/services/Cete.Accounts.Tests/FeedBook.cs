using Cete.Accounts.Feed;
using Cete.Core;
using Cete.Trust;

namespace Cete.Accounts.Tests;

/// <summary>What a group knows of accounts that imports them: it believes the accounts no key that a key it knows had to approve.</summary>
internal sealed class FeedBook
{
    private readonly SortedDictionary<string, Known> _accounts = new(StringComparer.Ordinal);

    /// <summary>How many keys came by which word.</summary>
    public Dictionary<KeyOrigin, int> Origins { get; } = [];

    public IEnumerable<string> Lines => _accounts.Select(account =>
        $"{account.Key} {account.Value.State} {string.Join(' ', account.Value.Keys.Where(key => !key.Value.IsRemoved).Select(key => key.Key))}"
        + $" | {string.Join(' ', account.Value.Delegates.Order(StringComparer.Ordinal))}");

    /// <summary>Takes over what is told; null, or why it is not believed.</summary>
    public string? Take(string type, ReadOnlyMemory<byte> body)
    {
        switch (type)
        {
            case "account-registered" or "account-suspended" or "account-resumed" or "account-closed":
                Take(type, AccountEvent.Parser.ParseFrom(body.Span));
                return null;
            case "recovery-keys-replaced":
                var keys = RecoveryKeysEvent.Parser.ParseFrom(body.Span);
                Of(keys.Account).Recovery = keys.Keys.ToDictionary(key => KeyId.Of(key.Span).ToString(), key => key.ToByteArray(), StringComparer.Ordinal);
                return null;
            case "device-added" or "device-removed":
                return Take(type, DeviceEvent.Parser.ParseFrom(body.Span));
            case "delegate-added" or "delegate-removed":
                return Take(type, DelegateEvent.Parser.ParseFrom(body.Span));
            default:
                return null;
        }
    }

    private static string Name(Google.Protobuf.ByteString key) => new KeyId(key.Span).ToString();

    private Known Of(Google.Protobuf.ByteString account) => _accounts[new AccountId(account.Span).ToString()];

    private void Take(string type, AccountEvent told)
    {
        var id = new AccountId(told.Account.Span).ToString();
        if (type == "account-registered")
        {
            _accounts.Add(id, new Known());
        }

        var known = _accounts[id];
        known.State = $"{type} {told.At}";
        if (type == "account-closed")
        {
            known.Keys.Clear();
            known.Delegates.Clear();
        }
        else if (type is "account-registered" or "account-resumed")
        {
            known.State = "here";
        }
    }

    private string? Take(string type, DeviceEvent told)
    {
        var known = Of(told.Account);
        if (type == "device-removed")
        {
            known.Keys[Name(told.Device)] = known.Keys[Name(told.Device)] with { IsRemoved = true };
            return null;
        }

        Origins[told.Origin] = Origins.GetValueOrDefault(told.Origin) + 1;
        var approver = told.Origin switch
        {
            KeyOrigin.Device when known.Keys.TryGetValue(Name(told.Approver), out var key) => key.Key,
            KeyOrigin.Recovery => known.Recovery.GetValueOrDefault(Name(told.Approver)),
            _ => null,
        };
        if (told.Origin is KeyOrigin.Device or KeyOrigin.Recovery)
        {
            if (approver is null)
            {
                return $"{told.Origin} by a key that is not known";
            }

            var approval = KeyApproval.Verify(
                told.Statement.Span, approver, Bench.Community, new AccountId(told.Account.Span),
                told.Origin == KeyOrigin.Device ? KeyApproval.DevicePurpose : KeyApproval.RecoveryPurpose);
            if (!approval.Succeeded || approval.Value.Kind != KeyApprovalKind.Add || !approval.Value.SigningKey.Span.SequenceEqual(told.SigningKey.Span))
            {
                return approval.Failure?.Message ?? "another key was approved";
            }
        }
        else if (!known.Keys.Values.All(key => key.IsRemoved))
        {
            return "a key came by nobody's word while the account had one";
        }

        known.Keys.Add(Name(told.Device), (told.SigningKey.ToByteArray(), false));
        return KeyId.Of(told.SigningKey.Span).ToString() == Name(told.Device) ? null : "a key of another name";
    }

    private string? Take(string type, DelegateEvent told)
    {
        var known = Of(told.Account);
        if (type == "delegate-removed")
        {
            known.Delegates.RemoveAll(item => item.StartsWith(Name(told.Delegate), StringComparison.Ordinal));
            return null;
        }

        if (told.Origin == KeyOrigin.Device)
        {
            var approval = KeyApproval.Verify(
                told.Statement.Span, known.Keys[Name(told.Approver)].Key, Bench.Community, new AccountId(told.Account.Span), KeyApproval.DevicePurpose);
            var expected = new KeyApproval(KeyApprovalKind.AddDelegate, new KeyId(told.Delegate.Span), default, default)
            {
                Node = new KeyId(told.Node.Span),
                ExpiresAt = new Instant(told.ExpiresAt),
                Cap = told.Cap,
            };
            if (!approval.Succeeded || approval.Value with { SigningKey = default, Counter = 0 } != expected)
            {
                return approval.Failure?.Message ?? "another delegate was approved";
            }
        }

        known.Delegates.Add($"{Name(told.Delegate)} {Name(told.Node)} {told.ExpiresAt} {told.Cap}");
        return null;
    }

    private sealed class Known
    {
        public string State { get; set; } = string.Empty;

        public SortedDictionary<string, (byte[] Key, bool IsRemoved)> Keys { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, byte[]> Recovery { get; set; } = [];

        public List<string> Delegates { get; } = [];
    }
}
