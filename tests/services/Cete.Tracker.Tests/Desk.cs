using Cete.Core;
using Cete.Groups;
using Cete.Testing;

namespace Cete.Tracker.Tests;

/// <summary>A tracker with short forms of what tests say often. Nodes, tokens and issuers go by small numbers.</summary>
internal sealed class Desk(TrackerService service)
{
    public static readonly Asker Stranger = new("mallory", ["member"]);

    public TrackerService Service => service;

    /// <summary>Who asks from now on.</summary>
    public Asker Asker { get; set; } = Asker.Local;

    /// <summary>Makes the next command happen once; null when it need not.</summary>
    public RequestId? Id { get; set; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static KeyId Key(int number) => KeyId.Of([1, (byte)number, (byte)(number >> 8)]);

    public static KeyId IssuerKey(int number) => KeyId.Of([2, (byte)number, (byte)(number >> 8)]);

    public static TokenId Token(int number) => new((ulong)number + 1);

    public static Hash256 Secret(string secret) => Hash256.Of(System.Text.Encoding.UTF8.GetBytes(secret));

    public static Founding Founding(string name = "Garden") => new(
        KeyId.Of([0]), name, new byte[] { 1, 2, 3 }, Key(0), "first", ["tracker", "index"], "ada", IssuerKey(0), new byte[] { 4, 5 }, new byte[] { 6 });

    public Task<Outcome<bool>> FoundAsync(Founding? founding = null) => service.FoundAsync(founding ?? Founding(), Asker, Id, Cancel);

    public Task<Outcome<bool>> MakeTokenAsync(NewToken token) => service.CreateTokenAsync(token, Asker, Id, Cancel);

    public Task<Outcome<bool>> RevokeAsync(int token) => service.RevokeTokenAsync(Token(token), Asker, Id, Cancel);

    public Task<Outcome<Admission>> AdmitAsync(int token, int node, string secret = "secret", string? name = null) =>
        service.AdmitAsync(Token(token), Secret(secret), Key(node), name ?? $"node {node}", Asker, Id, Cancel);

    public Task<Outcome<bool>> RecordAsync(int node, int serial, Instant notAfter, int issuer = 0) =>
        service.RecordCertificateAsync(Key(node), new CertificateRecord(new[] { (byte)serial }, IssuerKey(issuer), notAfter), Asker, Id, Cancel);

    public Task<Outcome<bool>> SetRolesAsync(int node, params string[] roles) => service.SetRolesAsync(Key(node), roles, Asker, Id, Cancel);

    public Task<Outcome<bool>> RenameAsync(int node, string name) => service.RenameAsync(Key(node), name, Asker, Id, Cancel);

    public Task<Outcome<bool>> RemoveAsync(int node, string reason = "") => service.RemoveNodeAsync(Key(node), reason, Asker, Id, Cancel);

    public Task<Outcome<bool>> ReadmitAsync(int node) => service.ReadmitNodeAsync(Key(node), Asker, Id, Cancel);

    public Task<Outcome<bool>> AddIssuerAsync(int issuer, int node, params byte[] certificate) =>
        service.AddIssuerAsync(new RosterIssuer(IssuerKey(issuer), certificate, Key(node)), Asker, Id, Cancel);

    public Task<Outcome<bool>> RemoveIssuerAsync(int issuer) => service.RemoveIssuerAsync(IssuerKey(issuer), Asker, Id, Cancel);

    /// <summary>A node asks to begin a group, or tells that it has begun.</summary>
    public Task<Outcome<GroupRecord>> FoundGroupAsync(string group, int node, int lineage, bool hasBegun = false) => service.FoundGroupAsync(
        new GroupRecord(group, Key(node), new Lineage(0, lineage), hasBegun), Asker, Id, Cancel);

    /// <summary>An account by a small number.</summary>
    public static AccountId Account(int number) => new(Hash256.Of([3, (byte)number]).ToArray().AsSpan(0, AccountId.Size));

    /// <summary>Somebody with an account, as the root stamps him; 2 has no right to nodes of his own.</summary>
    public static Asker Member(int number) => Asker.Of(Account(number)) with
    {
        Roles = ["member"],
        Grants = number == 2 ? [Grant.Of(Actions.IndexRead)] : [Grant.Of(Actions.TrackerOwnNode)],
    };

    /// <summary>Says which node roles members take by themselves.</summary>
    public Task<Outcome<bool>> SetSelfServiceAsync(int perAccount, params string[] roles) =>
        service.SetSelfServiceAsync(new SelfService(roles, perAccount), Asker, Id, Cancel);

    public Task<Outcome<bool>> MakeOwnTokenAsync(int who, NewToken token) => service.CreateTokenAsync(token, Member(who), Id, Cancel);

    public Task<Outcome<bool>> RevokeOwnAsync(int who, int token) => service.RevokeTokenAsync(Token(token), Member(who), Id, Cancel);

    public Task<Outcome<Forgotten>> PruneAsync() => service.PruneAsync(Asker, Id, Cancel);

    public async Task<Roster> RosterAsync() => (await service.RosterAsync(Cancel)).Value;

    public async Task<RosterNode> NodeAsync(int node) => (await service.NodeAsync(Key(node), Cancel)).Value.Node;

    /// <summary>All tokens, the newest first.</summary>
    public async Task<List<TokenRecord>> TokensAsync(int limit = Limits.PageItemsMax)
    {
        List<TokenRecord> found = [];
        for (string? cursor = null; ;)
        {
            var page = (await service.TokensAsync(cursor, limit, Cancel)).Value;
            found.AddRange(page.Items);
            cursor = page.Next;
            if (cursor is null)
            {
                return found;
            }
        }
    }

    /// <summary>All nodes that a question finds.</summary>
    public async Task<List<NodeRecord>> NodesAsync(NodeQuery query)
    {
        List<NodeRecord> found = [];
        for (var next = query; ;)
        {
            var page = (await service.NodesAsync(next, Cancel)).Value;
            found.AddRange(page.Items);
            next = next with { Cursor = page.Next };
            if (page.Next is null)
            {
                return found;
            }
        }
    }
}

/// <summary>A founded community over tables in memory.</summary>
internal sealed class Bench : IDisposable
{
    private Bench(int? level = null)
    {
        Group = new DirectGroup(TrackerService.Name, new TrackerMachine(), level);
        Desk = new Desk(new TrackerService(Group, Group));
    }

    public DirectGroup Group { get; }

    public Desk Desk { get; }

    public Instant Now => Group.Now;

    /// <param name="level">Its apply level; the newest by itself.</param>
    public static Bench Empty(int? level = null) => new(level);

    public static async Task<Bench> FoundedAsync()
    {
        var bench = new Bench();
        Assert.True((await bench.Desk.FoundAsync()).Value);
        return bench;
    }

    /// <summary>A community in which nodes 1 to <paramref name="count"/> came in by token 0, as <c>cache</c>.</summary>
    public static async Task<Bench> WithNodesAsync(int count)
    {
        var bench = await FoundedAsync();
        Assert.True((await bench.MakeTokenAsync(0, uses: Math.Max(1, count))).Value);
        for (var node = 1; node <= count; node++)
        {
            Assert.True((await bench.Desk.AdmitAsync(0, node)).Succeeded);
        }

        return bench;
    }

    public void Wait(TimeSpan time) => Group.Now += time;

    public NewToken NewToken(int token, int uses = 1, double days = 7, string note = "", params string[] roles) => new(
        Desk.Token(token), Desk.Secret("secret"), roles.Length > 0 ? roles : ["cache"], "bob", Now + TimeSpan.FromDays(days), uses, note);

    public Task<Outcome<bool>> MakeTokenAsync(int token, int uses = 1, double days = 7, params string[] roles) =>
        Desk.MakeTokenAsync(NewToken(token, uses, days, "", roles));

    public void Dispose() => Group.Dispose();
}

/// <summary>Short forms of what tests say often.</summary>
internal static class Outcomes
{
    public static FailureKind? Kind<T>(this Outcome<T> outcome) => outcome.Failure?.Kind;

    /// <summary>It failed so, with a text that holds this.</summary>
    public static void Refused<T>(this Outcome<T> outcome, FailureKind kind, string text)
    {
        Assert.Equal(kind, outcome.Failure?.Kind);
        Assert.Contains(text, outcome.Failure!.Message, StringComparison.Ordinal);
    }
}
