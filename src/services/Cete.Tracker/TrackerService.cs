using System.Text;
using Cete.Core;
using Cete.Groups;
using Cete.Ports;
using Cete.Tracker.Proto;
using Google.Protobuf;

namespace Cete.Tracker;

/// <summary>
/// The roster for its users: puts what they say into form, hands it to the group, and answers questions. Commands that change answer
/// with true, or with false when it was so already.
/// </summary>
/// <param name="group">The group that keeps the roster.</param>
/// <param name="clock">Tells whether a token is over when tokens are listed; commands go by the group's stamps.</param>
public sealed class TrackerService(IGroup group, TimeProvider clock)
{
    /// <summary>The name of the service and its group.</summary>
    public static readonly GroupId Name = GroupId.Of("tracker");

    /// <summary>How the local replica stands.</summary>
    public GroupStatus Status => group.Status;

    /// <summary>Completes when the applied index goes beyond <paramref name="index"/>.</summary>
    public Task<long> WaitForAppliedAsync(long index, CancellationToken cancellation) => group.WaitForAppliedAsync(index, cancellation);

    /// <summary>Makes the community; the same again is no error, another one is a conflict.</summary>
    public Task<Outcome<bool>> FoundAsync(Founding founding, Asker asker, RequestId? id, CancellationToken cancellation) => ChangeAsync(
        new Found
        {
            Community = Bytes(founding.Community),
            Name = Clean(founding.Name),
            RootCertificate = Bytes(founding.RootCertificate),
            Node = Bytes(founding.Node),
            NodeName = Clean(founding.NodeName),
            Roles = { Sorted(founding.Roles) },
            Owner = Clean(founding.Owner),
            Issuer = Bytes(founding.Issuer),
            IssuingCertificate = Bytes(founding.IssuingCertificate),
            Administrator = Bytes(founding.Administrator),
        },
        asker, id, cancellation);

    /// <summary>Makes the community again after all who kept its roster are gone; the same again is no error.</summary>
    public Task<Outcome<bool>> RecoverAsync(Recovery recovery, Asker asker, RequestId? id, CancellationToken cancellation) => ChangeAsync(
        new Recover
        {
            Roster = ByteString.CopyFrom(RosterCodec.Encode(recovery.Roster)),
            RootCertificate = Bytes(recovery.RootCertificate),
            Node = Bytes(recovery.Node),
            Roles = { Sorted(recovery.Roles) },
            Issuer = Bytes(recovery.Issuer),
            IssuingCertificate = Bytes(recovery.IssuingCertificate),
            Administrator = Bytes(recovery.Administrator),
        },
        asker, id, cancellation);

    /// <summary>Has another key be the administrator's.</summary>
    public Task<Outcome<bool>> SetAdministratorAsync(ReadOnlyMemory<byte> publicKey, Asker asker, RequestId? id, CancellationToken cancellation) =>
        ChangeAsync(new SetAdministrator { Administrator = Bytes(publicKey) }, asker, id, cancellation);

    /// <summary>Makes a join token.</summary>
    public Task<Outcome<bool>> CreateTokenAsync(NewToken token, Asker asker, RequestId? id, CancellationToken cancellation) => ChangeAsync(
        new CreateToken
        {
            Token = Bytes(token.Id),
            SecretHash = ByteString.CopyFrom(token.SecretHash.ToArray()),
            Roles = { Sorted(token.Roles) },
            Owner = Clean(token.Owner),
            ExpiresAt = token.ExpiresAt.Microseconds,
            Uses = token.Uses,
            Note = Clean(token.Note),
        },
        asker, id, cancellation);

    /// <summary>Takes a token back: it lets nobody in from now on.</summary>
    public Task<Outcome<bool>> RevokeTokenAsync(TokenId token, Asker asker, RequestId? id, CancellationToken cancellation) =>
        ChangeAsync(new RevokeToken { Token = Bytes(token) }, asker, id, cancellation);

    /// <summary>
    /// Lets a node in by a token and tells what it is from now on. Asked again for the same node and token, it tells what the node is by
    /// then, and uses nothing more.
    /// </summary>
    /// <param name="token">The token's name.</param>
    /// <param name="secretHash">SHA-256 of its secret.</param>
    /// <param name="node">The name of the node's key.</param>
    /// <param name="nodeName">As people are to call it.</param>
    /// <param name="asker">Who asks; anybody may.</param>
    /// <param name="id">Makes it happen once.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<Admission>> AdmitAsync(
        TokenId token, Hash256 secretHash, KeyId node, string nodeName, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        var command = new Admit
        {
            Token = Bytes(token),
            SecretHash = ByteString.CopyFrom(secretHash.ToArray()),
            Node = Bytes(node),
            NodeName = Clean(nodeName),
        };
        var answer = await SubmitAsync(command, asker, id, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(Admitted.Parser, bytes.Span)).Then(admitted => new Admission([.. admitted.Roles], admitted.Owner));
    }

    /// <summary>Notes a certificate that was issued or renewed; of a node's certificates the one that ends last is kept.</summary>
    public Task<Outcome<bool>> RecordCertificateAsync(
        KeyId node, CertificateRecord certificate, Asker asker, RequestId? id, CancellationToken cancellation) => ChangeAsync(
        new RecordCertificate
        {
            Node = Bytes(node),
            Serial = Bytes(certificate.Serial),
            Issuer = Bytes(certificate.Issuer),
            NotAfter = certificate.NotAfter.Microseconds,
        },
        asker, id, cancellation);

    /// <summary>Gives a node these roles and no others.</summary>
    public Task<Outcome<bool>> SetRolesAsync(KeyId node, IReadOnlyList<string> roles, Asker asker, RequestId? id, CancellationToken cancellation) =>
        ChangeAsync(new SetRoles { Node = Bytes(node), Roles = { Sorted(roles) } }, asker, id, cancellation);

    /// <summary>Calls a node otherwise.</summary>
    public Task<Outcome<bool>> RenameAsync(KeyId node, string name, Asker asker, RequestId? id, CancellationToken cancellation) =>
        ChangeAsync(new Rename { Node = Bytes(node), Name = Clean(name) }, asker, id, cancellation);

    /// <summary>Has a node refused everywhere from now on.</summary>
    public Task<Outcome<bool>> RemoveNodeAsync(KeyId node, string reason, Asker asker, RequestId? id, CancellationToken cancellation) =>
        ChangeAsync(new RemoveNode { Node = Bytes(node), Reason = Clean(reason) }, asker, id, cancellation);

    /// <summary>Undoes the removal of a node.</summary>
    public Task<Outcome<bool>> ReadmitNodeAsync(KeyId node, Asker asker, RequestId? id, CancellationToken cancellation) =>
        ChangeAsync(new ReadmitNode { Node = Bytes(node) }, asker, id, cancellation);

    /// <summary>Lets a key issue certificates, or notes a new certificate of one that does.</summary>
    public Task<Outcome<bool>> AddIssuerAsync(RosterIssuer issuer, Asker asker, RequestId? id, CancellationToken cancellation) => ChangeAsync(
        new AddIssuer { Issuer = Bytes(issuer.Id), Certificate = Bytes(issuer.Certificate), Node = Bytes(issuer.Node) }, asker, id, cancellation);

    /// <summary>Has certificates by a key count no longer.</summary>
    public Task<Outcome<bool>> RemoveIssuerAsync(KeyId issuer, Asker asker, RequestId? id, CancellationToken cancellation) =>
        ChangeAsync(new RemoveIssuer { Issuer = Bytes(issuer) }, asker, id, cancellation);

    /// <summary>
    /// Asks which node begins a group, or tells that it has begun. The first node that asks is the one, with the lineage that it asked with; another
    /// may take its place only when it was removed from the community before anybody told that the group had begun.
    /// </summary>
    /// <param name="asked">The group; the node asks or tells as one that may have a replica of it.</param>
    /// <param name="asker">Who asks: the node itself, or a node with the role <c>tracker</c> for it.</param>
    /// <param name="id">Makes it happen once.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Who begins it, as which group, and whether it has begun.</returns>
    public async Task<Outcome<GroupRecord>> FoundGroupAsync(GroupRecord asked, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        // Asked again and again, it would fill the log with refusals while nodes are brought up to date.
        if (Status.Level is > 0 and < TrackerMachine.GroupsLevel)
        {
            return new Failure(
                FailureKind.Unavailable, $"not all nodes with the role '{TrackerMachine.TrackerRole}' are of a version that knows which groups there are; bring them up to date");
        }

        var answer = await SubmitAsync(GroupDesk.ToMessage(asked), asker, id, cancellation);
        return answer.Succeeded ? GroupDesk.Read(answer.Value) : answer.Failure;
    }

    /// <summary>Says which node roles members take by themselves from now on.</summary>
    public async Task<Outcome<bool>> SetSelfServiceAsync(SelfService rule, Asker asker, RequestId? id, CancellationToken cancellation) =>
        KnowsSelfService
            ? await ChangeAsync(new SetSelfService { Roles = { Sorted(rule.Roles) }, PerAccount = rule.PerAccount }, asker, id, cancellation)
            : NoSelfService;

    /// <summary>What an account may have of nodes, and what it has.</summary>
    /// <param name="owner">Its id.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<OwnNodes>> OwnNodesAsync(string owner, CancellationToken cancellation)
    {
        if (!KnowsSelfService)
        {
            return NoSelfService;
        }

        var now = Instant.From(clock.GetUtcNow());
        return await group.ReadAsync(
            sql =>
            {
                var table = new SelfServiceTable(sql);
                return new OwnNodes(table.Find(), (int)table.CountNodes(owner), (int)table.CountAwaited(owner, now));
            },
            cancellation: cancellation);
    }

    /// <summary>The newest tokens of an account.</summary>
    /// <param name="owner">Its id.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Outcome<List<TokenRecord>>> TokensOfAsync(string owner, CancellationToken cancellation)
    {
        var now = Instant.From(clock.GetUtcNow());
        return group.ReadAsync(sql => TrackerQueries.TokensOf(sql, owner, now, Limits.PageItemsMax), cancellation: cancellation);
    }

    /// <summary>Forgets tokens and removed nodes that mean nothing any more, a bounded number of each.</summary>
    public async Task<Outcome<Forgotten>> PruneAsync(Asker asker, RequestId? id, CancellationToken cancellation)
    {
        var answer = await SubmitAsync(new Prune(), asker, id, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(Pruned.Parser, bytes.Span)).Then(pruned => new Forgotten(pruned.Tokens, pruned.Nodes));
    }

    /// <summary>The community.</summary>
    public async Task<Outcome<CommunityRecord>> CommunityAsync(CancellationToken cancellation, ReadLevel level = ReadLevel.Linearizable) =>
        OrMissing(await group.ReadAsync(TrackerQueries.Community, level, cancellation), TrackerQueries.Unfounded);

    /// <summary>An issuing key, removed or not.</summary>
    public async Task<Outcome<RosterIssuer>> IssuerAsync(KeyId issuer, CancellationToken cancellation, ReadLevel level = ReadLevel.Linearizable) => OrMissing(
        await group.ReadAsync(sql => new IssuerTable(sql).Find(issuer), level, cancellation),
        new Failure(FailureKind.NotFound, $"the roster lists no issuing key {issuer}"));

    /// <summary>The issuing keys, removed ones included.</summary>
    public Task<Outcome<List<RosterIssuer>>> IssuersAsync(CancellationToken cancellation, ReadLevel level = ReadLevel.Linearizable) =>
        group.ReadAsync(sql => new IssuerTable(sql).All(), level, cancellation);

    /// <summary>The roster as it stands.</summary>
    public async Task<Outcome<Roster>> RosterAsync(CancellationToken cancellation, ReadLevel level = ReadLevel.Linearizable) =>
        OrMissing(await group.ReadAsync(sql => TrackerQueries.RosterSince(sql, 0), level, cancellation), TrackerQueries.Unfounded);

    /// <summary>The roster, when it is newer than a version; null when it is not.</summary>
    public Task<Outcome<Roster?>> RosterSinceAsync(long version, CancellationToken cancellation, ReadLevel level = ReadLevel.Linearizable) =>
        group.ReadAsync(sql => TrackerQueries.RosterSince(sql, version), level, cancellation);

    /// <summary>A page of nodes, by id.</summary>
    public Task<Outcome<TrackerPage<NodeRecord>>> NodesAsync(NodeQuery query, CancellationToken cancellation) =>
        group.ReadAsync(sql => TrackerQueries.Nodes(sql, query with { Limit = Bound(query.Limit) }), cancellation: cancellation);

    /// <summary>One node.</summary>
    public async Task<Outcome<NodeRecord>> NodeAsync(KeyId node, CancellationToken cancellation) =>
        OrMissing(await group.ReadAsync(sql => new NodeTable(sql).Find(node), cancellation: cancellation), TrackerQueries.NoNode(node));

    /// <summary>A page of tokens, the newest first.</summary>
    public Task<Outcome<TrackerPage<TokenRecord>>> TokensAsync(string? cursor, int limit, CancellationToken cancellation)
    {
        var now = Instant.From(clock.GetUtcNow());
        return group.ReadAsync(sql => TrackerQueries.Tokens(sql, now, cursor, Bound(limit)), cancellation: cancellation);
    }

    private static readonly Failure NoSelfService = new(
        FailureKind.Unavailable,
        $"not all nodes with the role '{TrackerMachine.TrackerRole}' are of a version that lets members make tokens; bring them up to date");

    private bool KnowsSelfService => Status.Level >= TrackerMachine.SelfServiceLevel;

    private static int Bound(int limit) => Math.Clamp(limit, 1, Limits.PageItemsMax);

    private static Outcome<T> OrMissing<T>(Outcome<T?> found, Failure missing)
        where T : class =>
        found.Succeeded ? found.Value is { } value ? value : missing : found.Failure;

    private static ByteString Bytes(KeyId id) => ByteString.CopyFrom(id.ToArray());

    private static ByteString Bytes(TokenId id) => ByteString.CopyFrom(id.ToArray());

    private static ByteString Bytes(ReadOnlyMemory<byte> bytes) => ByteString.CopyFrom(bytes.Span);

    private static IEnumerable<string> Sorted(IReadOnlyList<string> roles) => roles.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>One form of what looks the same; what is not valid Unicode is left for the check to refuse.</summary>
    private static string Clean(string text)
    {
        var trimmed = text.Trim();
        try
        {
            return trimmed.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            return trimmed;
        }
    }

    private async Task<Outcome<bool>> ChangeAsync(IMessage command, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        var answer = await SubmitAsync(command, asker, id, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(Done.Parser, bytes.Span).Changed);
    }

    private async Task<Outcome<ReadOnlyMemory<byte>>> SubmitAsync(IMessage command, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        // What every replica would refuse need not go through the log.
        if (Checks.Of(command) is { } failure)
        {
            return failure;
        }

        var reply = await group.SubmitAsync(new ClientCommand(command.Descriptor.Name, command.ToByteArray(), asker, id), cancellation);
        return reply.Succeeded ? reply.Value.Result : reply.Failure;
    }
}
