using System.Security.Cryptography;
using Cete.Core;
using Cete.Groups;
using Cete.Tracker.Proto;
using Google.Protobuf;

namespace Cete.Tracker;

/// <summary>Join tokens, and nodes that come in by them.</summary>
public sealed partial class TrackerMachine
{
    /// <param name="command">The token.</param>
    /// <param name="owner">Who makes it for himself; null for whoever governs.</param>
    /// <param name="change">The tables.</param>
    private static Outcome<ReadOnlyMemory<byte>> MakeToken(CreateToken command, Asker? owner, Change change)
    {
        var id = new TokenId(command.Token.Span);
        if (change.Tokens.Find(id.ToArray()) is { } known)
        {
            return IsOf(command, known)
                ? Done(changed: false)
                : new Failure(FailureKind.Conflict, $"there is another token {id} already; make one with a new id");
        }

        var expiresAt = new Instant(command.ExpiresAt);
        if (expiresAt <= change.At)
        {
            return new Failure(FailureKind.Invalid, $"the token {id} would end at {Show(expiresAt)}, which is past; choose a later end");
        }

        if (expiresAt > change.At + TrackerLimits.TokenLifeMax)
        {
            return new Failure(
                FailureKind.Invalid, $"the token {id} would end at {Show(expiresAt)}; {TrackerLimits.TokenLifeMax.Days} days from now is the latest");
        }

        if (change.Tokens.CountUsable(change.At) >= TrackerLimits.TokensMax)
        {
            return new Failure(FailureKind.TooLarge, $"{TrackerLimits.TokensMax} tokens are usable, which is the most; revoke some");
        }

        if (owner is not null && OwnRefusal(command, owner, change) is { } refusal)
        {
            return refusal;
        }

        change.Tokens.Add(command, change.Index, change.At);
        change.Emit("token-created", new TokenEvent { Token = command.Token, UsesLeft = command.Uses });
        return Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> TakeBack(RevokeToken command, Asker? owner, Change change)
    {
        var id = new TokenId(command.Token.Span);
        var token = change.Tokens.Find(id.ToArray());
        if (token is null)
        {
            return new Failure(FailureKind.NotFound, $"there is no token {id}; look for it in the list of tokens");
        }

        if (owner is not null && token.Owner != owner.Account)
        {
            return new Failure(FailureKind.Forbidden, $"the token {id} is not your account's");
        }

        if (token.IsRevoked)
        {
            return Done(changed: false);
        }

        change.Tokens.Revoke(token, change.At);
        change.Emit("token-revoked", new TokenEvent { Token = command.Token, UsesLeft = token.UsesLeft });
        return Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> LetIn(Admit command, Change change)
    {
        var token = change.Tokens.Find(command.Token.ToByteArray());
        if (token is null || !CryptographicOperations.FixedTimeEquals(token.SecretHash, command.SecretHash.Span))
        {
            // One text for both: it must not tell which ids exist.
            return new Failure(FailureKind.Forbidden, "there is no such join token, or its secret is wrong; copy the whole line again, or ask for another");
        }

        var id = new KeyId(command.Node.Span);
        var known = change.Nodes.Find(id);
        switch (token.StateAt(change.At))
        {
            case TokenState.Revoked:
                return new Failure(FailureKind.Forbidden, $"the join token {token.Id} was revoked; ask for another");
            case TokenState.Expired:
                return new Failure(FailureKind.Forbidden, $"the join token {token.Id} ended at {Show(token.ExpiresAt)}; ask for another");
        }

        if (known is { Node.IsRemoved: true })
        {
            return Removed(known, FailureKind.Forbidden);
        }

        if (known?.Token == token.Id)
        {
            return Answer(new Admitted { Roles = { known.Node.Roles }, Owner = known.Node.Owner });
        }

        if (token.UsesLeft == 0)
        {
            return new Failure(FailureKind.Forbidden, $"the join token {token.Id} has let in all {token.Uses} nodes that it may; ask for another");
        }

        if (known is not null)
        {
            return new Failure(
                FailureKind.Conflict, $"the node {id} belongs to the community already, as '{known.Node.Name}'; its roles are changed by an administrator");
        }

        if (change.Nodes.Count() >= TrackerLimits.NodesMax)
        {
            return new Failure(FailureKind.TooLarge, $"the roster lists {TrackerLimits.NodesMax} nodes, removed ones included, which is the most");
        }

        return Enter(new RosterNode(id, command.NodeName, token.Owner, NodeTable.SplitRoles(token.Roles), change.At), token, change);
    }

    private static Outcome<ReadOnlyMemory<byte>> Enter(RosterNode node, TokenRow token, Change change)
    {
        change.Nodes.Add(node, token.Id.ToArray());
        change.Tokens.Use(token, change.At);
        EmitNode("node-admitted", node, change);
        change.Emit(
            "token-used", new TokenEvent { Token = ByteString.CopyFrom(token.Id.ToArray()), Node = Bytes(node.Id), UsesLeft = token.UsesLeft - 1 });
        return Answer(new Admitted { Roles = { node.Roles }, Owner = node.Owner });
    }

    private static bool IsOf(CreateToken command, TokenRow known) =>
        command.SecretHash.Span.SequenceEqual(known.SecretHash)
        && NodeTable.JoinRoles(command.Roles) == known.Roles
        && command.Owner == known.Owner
        && command.ExpiresAt == known.ExpiresAt.Microseconds
        && command.Uses == known.Uses
        && command.Note == known.Note;
}
