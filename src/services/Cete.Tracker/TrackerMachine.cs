using Cete.Core;
using Cete.Groups;
using Cete.Ports;
using Cete.Tracker.Proto;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Cete.Tracker;

/// <summary>
/// The roster of a community as a state machine: its nodes and their roles, who issues certificates, and the tokens by which nodes come
/// in. Keys are names, certificates opaque bytes, secrets hashes: what they hold is other people's business.
/// </summary>
/// <param name="levelMax">The newest apply level: an older one is for tests of what older programs wrote.</param>
public sealed partial class TrackerMachine(int levelMax = TrackerMachine.SelfServiceLevel) : IStateMachine
{
    /// <summary>The role of nodes that keep the roster.</summary>
    public const string TrackerRole = "tracker";

    /// <summary>The oldest protocol that is spoken at apply level 1.</summary>
    private const int MinimumProtocol = 1;

    /// <summary>From this level on it is kept which node begins a group.</summary>
    internal const int GroupsLevel = 2;

    /// <summary>From this level on members make tokens for nodes of their own, and what an account may do its rights say, not the names of its roles.</summary>
    internal const int SelfServiceLevel = 3;

    private const string InsertCommunity = """
        INSERT INTO community (one, id, name, root_certificate, administrator, founding, founded_at, version, changed_at, minimum_protocol, nodes)
        VALUES (1, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p6, @p8, 0)
        """;

    public int LevelMax => levelMax;

    public void Raise(int level, SqlSession sql) => TrackerSchema.Raise(level, sql);

    public Outcome<ReadOnlyMemory<byte>> Apply(AppliedCommand command, ApplyContext context)
    {
        var parsed = Parse(command, context.Level);
        if (!parsed.Succeeded)
        {
            return parsed.Failure;
        }

        var message = parsed.Value;
        if ((Rights.Check(message, command.Asker, context.Level) ?? Checks.Of(message)) is { } failure)
        {
            return failure;
        }

        if (message is not (Found or Recover) && context.Sql.Scalar<long>("SELECT count(*) FROM community WHERE one = 1") == 0)
        {
            return TrackerQueries.Unfounded;
        }

        var change = new Change(command, context);
        return message switch
        {
            Found c => Begin(c, change),
            Recover c => Begin(c, change),
            SetAdministrator c => Appoint(c, change),
            CreateToken c => MakeToken(c, Rights.Governs(command.Asker, context.Level) ? null : command.Asker, change),
            RevokeToken c => TakeBack(c, Rights.Governs(command.Asker, context.Level) ? null : command.Asker, change),
            Admit c => LetIn(c, change),
            RecordCertificate c => Record(c, change),
            SetRoles c => Entrust(c, change),
            Rename c => Call(c, change),
            RemoveNode c => Remove(c, change),
            ReadmitNode c => Readmit(c, change),
            AddIssuer c => Appoint(c, change),
            RemoveIssuer c => Dismiss(c, change),
            FoundGroup c => Begin(c, change),
            SetSelfService c => Set(c, change),
            _ => Forget(change),
        };
    }

    private static Outcome<IMessage> Parse(AppliedCommand command, int level)
    {
        MessageDescriptor? message = command.Type switch
        {
            nameof(Found) => Found.Descriptor,
            nameof(Recover) => Recover.Descriptor,
            nameof(SetAdministrator) => SetAdministrator.Descriptor,
            nameof(CreateToken) => CreateToken.Descriptor,
            nameof(RevokeToken) => RevokeToken.Descriptor,
            nameof(Admit) => Admit.Descriptor,
            nameof(RecordCertificate) => RecordCertificate.Descriptor,
            nameof(SetRoles) => SetRoles.Descriptor,
            nameof(Rename) => Rename.Descriptor,
            nameof(RemoveNode) => RemoveNode.Descriptor,
            nameof(ReadmitNode) => ReadmitNode.Descriptor,
            nameof(AddIssuer) => AddIssuer.Descriptor,
            nameof(RemoveIssuer) => RemoveIssuer.Descriptor,
            nameof(Prune) => Prune.Descriptor,
            nameof(FoundGroup) when level >= GroupsLevel => FoundGroup.Descriptor,
            nameof(SetSelfService) when level >= SelfServiceLevel => SetSelfService.Descriptor,
            _ => null,
        };
        if (message is null)
        {
            return new Failure(FailureKind.Invalid, $"the tracker knows no command '{command.Type}'");
        }

        try
        {
            return Outcome.Of(ProtobufBytes.Read(message, command.Body.Span));
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Invalid, $"the body of the command '{command.Type}' cannot be read");
        }
    }

    private static Outcome<ReadOnlyMemory<byte>> Begin(Found command, Change change)
    {
        var founding = Hash256.Of(command.ToByteArray()).ToArray();
        if (Known(founding, change) is { } known)
        {
            return known;
        }

        change.Sql.Execute(
            InsertCommunity,
            command.Community.ToByteArray(), command.Name, command.RootCertificate.ToByteArray(), command.Administrator.ToByteArray(),
            founding, change.At.Microseconds, 0, MinimumProtocol);
        var node = new RosterNode(new KeyId(command.Node.Span), command.NodeName, command.Owner, [.. command.Roles], change.At);
        var issuer = new RosterIssuer(new KeyId(command.Issuer.Span), command.IssuingCertificate.Memory, node.Id);
        change.Nodes.Add(node, token: null);
        change.Issuers.Put(issuer);
        change.Emit("community-founded", new CommunityEvent { Community = command.Community, Name = command.Name, Version = change.Touch() });
        EmitNode("node-admitted", node, change);
        EmitIssuer("issuer-added", issuer, change);
        return Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> Appoint(SetAdministrator command, Change change)
    {
        var key = command.Administrator.ToByteArray();
        if (change.Sql.Scalar<byte[]>("SELECT administrator FROM community WHERE one = 1") is { } known && known.AsSpan().SequenceEqual(key))
        {
            return Done(changed: false);
        }

        change.Sql.Execute("UPDATE community SET administrator = @p1 WHERE one = 1", key);
        change.Emit("administrator-replaced", new AdministratorEvent { Administrator = command.Administrator });
        return Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> Forget(Change change)
    {
        var tokens = change.Tokens.ForgetEnded(change.At + -TrackerLimits.EndedTokenKept, TrackerLimits.PrunedMax);
        var nodes = change.Nodes.RemovedBy(change.At + -TrackerLimits.RemovedNodeKept, TrackerLimits.PrunedMax);
        foreach (var record in nodes)
        {
            change.Nodes.Forget(record.Node);
            EmitNode("node-forgotten", record.Node, change);
        }

        return Answer(new Pruned { Tokens = tokens, Nodes = nodes.Count });
    }

    private static void EmitNode(string type, RosterNode node, Change change) => change.Emit(type, new NodeEvent
    {
        Node = Bytes(node.Id),
        Name = node.Name,
        Owner = node.Owner,
        Roles = { node.Roles },
        Reason = node.Reason,
        Version = change.Touch(),
    });

    private static void EmitIssuer(string type, RosterIssuer issuer, Change change) =>
        change.Emit(type, new IssuerEvent { Issuer = Bytes(issuer.Id), Node = Bytes(issuer.Node), Version = change.Touch() });

    private static ByteString Bytes(KeyId id) => ByteString.CopyFrom(id.ToArray());

    private static Outcome<ReadOnlyMemory<byte>> Done(bool changed = true) => Answer(new Done { Changed = changed });

    private static Outcome<ReadOnlyMemory<byte>> Answer(IMessage message) => (ReadOnlyMemory<byte>)message.ToByteArray();
}
