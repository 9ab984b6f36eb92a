using Cete.Core;

namespace Cete.Tracker.Tests;

/// <summary>What a tracker does, said plainly: objects in lists, no tables.</summary>
internal sealed class Model
{
    private readonly List<Node> _nodes = [];
    private readonly List<Token> _tokens = [];
    private readonly Dictionary<int, (int Node, byte Certificate)> _issuers = [];
    private readonly Dictionary<int, (Instant At, int Node, byte Certificate)> _removedIssuers = [];
    private readonly Dictionary<string, (int Node, int Lineage, bool HasBegun)> _groups = [];
    private (string Roles, int PerAccount) _selfService = (string.Empty, 0);
    private int _founded = -1;
    private long _version;
    private Instant _changedAt;

    public string Run(Step step, Instant now)
    {
        var answer = _founded < 0 && step is not (Step.Found or Step.OwnToken { Who: 2 } or Step.RevokeOwn { Who: 2 }) ? "NotFound" : step switch
        {
            Step.Found s => Found(s, now),
            Step.MakeToken s => Make(s, now),
            Step.Revoke s => Revoke(s, now),
            Step.Admit s => Admit(s, now),
            Step.Record s => Record(s, now),
            Step.SetRoles s => SetRoles(s),
            Step.Rename s => Rename(s),
            Step.Remove s => Remove(s, now),
            Step.Readmit s => Readmit(s),
            Step.AddIssuer s => AddIssuer(s),
            Step.RemoveIssuer s => RemoveIssuer(s, now),
            Step.FoundGroup s => FoundGroup(s),
            Step.SetSelfService s => SetSelfService(s),
            Step.OwnToken s => MakeOwn(s, now),
            Step.RevokeOwn s => RevokeOwn(s, now),
            _ => Prune(now),
        };
        var changesRoster = step switch
        {
            Step.MakeToken or Step.Revoke or Step.FoundGroup or Step.SetSelfService or Step.OwnToken or Step.RevokeOwn => false,
            Step.Admit => _nodes.Exists(n => n.AdmittedAt == now && n.IsNew),
            Step.Prune => answer.Split(' ') is [_, not "0"],
            _ => answer == "True",
        };
        if (changesRoster)
        {
            (_version, _changedAt) = (_version + 1, now);
        }

        _nodes.ForEach(n => n.IsNew = false);
        return answer;
    }

    /// <summary>The roster, as text.</summary>
    public string Roster() => string.Join('\n',
    [
        $"c{_founded} {_version} {_changedAt}",
        .. _issuers.Select(i => (i.Key, i.Value.Node, i.Value.Certificate, RemovedAt: string.Empty))
            .Concat(_removedIssuers.Select(i => (i.Key, i.Value.Node, i.Value.Certificate, RemovedAt: $"{i.Value.At}")))
            .OrderBy(i => Desk.IssuerKey(i.Key)).Select(i => $"{Desk.IssuerKey(i.Key)} {Desk.Key(i.Node)} {i.Certificate:X2} {i.RemovedAt}"),
        .. _nodes.OrderBy(n => Desk.Key(n.Number)).Select(
            n => $"{Desk.Key(n.Number)} {n.Name} {n.Owner} [{n.Roles}] {n.AdmittedAt} {n.RemovedAt} {n.Reason} {n.Certificate?.NotAfter}"),
    ]);

    /// <summary>The tokens, as text.</summary>
    public string Tokens(Instant now) =>
        string.Join('\n', Enumerable.Reverse(_tokens).Select(t => $"{Desk.Token(t.Number)} {t.StateAt(now)} {t.Uses - t.UsedBy} {t.ExpiresAt}"));

    private string Found(Step.Found step, Instant now)
    {
        if (_founded >= 0)
        {
            return _founded == step.Variant ? "False" : "Conflict";
        }

        _founded = step.Variant;
        _nodes.Add(new Node { Number = 0, Name = "first", Owner = "ada", Roles = "index tracker", AdmittedAt = now });
        _issuers[0] = (0, 0xFF);
        return "True";
    }

    private string Make(Step.MakeToken step, Instant now)
    {
        if (Find(step.Token) is { } known)
        {
            return known.ExpiresAt == step.ExpiresAt && known.Uses == step.Uses ? "False" : "Conflict";
        }

        if (step.ExpiresAt <= now || step.ExpiresAt > now + TimeSpan.FromDays(365))
        {
            return "Invalid";
        }

        _tokens.Add(new Token { Number = step.Token, ExpiresAt = step.ExpiresAt, Uses = step.Uses, Owner = $"o{step.Token}", Roles = "cache" });
        return "True";
    }

    private string SetSelfService(Step.SetSelfService step)
    {
        var isNews = _selfService != (step.Roles, step.PerAccount);
        _selfService = (step.Roles, step.PerAccount);
        return $"{isNews}";
    }

    private string MakeOwn(Step.OwnToken step, Instant now)
    {
        var owner = $"{Desk.Account(step.Who)}";
        if (step.Who == 2)
        {
            return "Forbidden";
        }

        if (Find(step.Token) is { } known)
        {
            return (known.ExpiresAt, known.Uses, known.Owner, known.Roles) == (step.ExpiresAt, step.Uses, owner, step.Roles) ? "False" : "Conflict";
        }

        if (step.ExpiresAt <= now || step.ExpiresAt > now + TimeSpan.FromDays(365))
        {
            return "Invalid";
        }

        var nodes = _nodes.Count(node => node.Owner == owner && node.RemovedAt is null);
        var awaited = _tokens.Where(token => token.Owner == owner && token.StateAt(now) == TokenState.Usable).Sum(token => token.Uses - token.UsedBy);
        if (step.Roles.Split(' ').Except(_selfService.Roles.Split(' ')).Any() || nodes + awaited + step.Uses > _selfService.PerAccount)
        {
            return "Forbidden";
        }

        _tokens.Add(new Token { Number = step.Token, ExpiresAt = step.ExpiresAt, Uses = step.Uses, Owner = owner, Roles = step.Roles });
        return "True";
    }

    private string RevokeOwn(Step.RevokeOwn step, Instant now) => step.Who == 2 ? "Forbidden"
        : Find(step.Token) is { } token && token.Owner != $"{Desk.Account(step.Who)}" ? "Forbidden"
        : Revoke(new Step.Revoke(step.Token), now);

    private string Revoke(Step.Revoke step, Instant now)
    {
        if (Find(step.Token) is not { } token)
        {
            return "NotFound";
        }

        var isNews = token.RevokedAt is null;
        token.RevokedAt ??= now;
        return $"{isNews}";
    }

    private string Admit(Step.Admit step, Instant now)
    {
        var node = _nodes.Find(n => n.Number == step.Node);
        if (Find(step.Token) is not { } token || !step.KnowsSecret || token.RevokedAt is not null || token.ExpiresAt <= now || node?.RemovedAt is not null)
        {
            return "Forbidden";
        }

        if (node is not null && node.Token == step.Token)
        {
            return $"{node.Roles} of {node.Owner}";
        }

        if (token.UsedBy == token.Uses)
        {
            return "Forbidden";
        }

        if (node is not null)
        {
            return "Conflict";
        }

        token.UsedBy++;
        token.UsedUpAt = token.UsedBy == token.Uses ? now : null;
        _nodes.Add(new Node
        {
            Number = step.Node,
            Name = $"node {step.Node}",
            Owner = token.Owner,
            Roles = token.Roles,
            AdmittedAt = now,
            Token = step.Token,
            IsNew = true,
        });
        return $"{token.Roles} of {token.Owner}";
    }

    private string Record(Step.Record step, Instant now)
    {
        if (Refusal(step.Node, "Forbidden") is { } refusal)
        {
            return refusal;
        }

        if (!_issuers.ContainsKey(step.Issuer))
        {
            return "NotFound";
        }

        var node = _nodes.Find(n => n.Number == step.Node)!;
        var certificate = (step.NotAfter, step.Serial, Desk.IssuerKey(step.Issuer));
        if (node.Certificate is { } known && known.CompareTo(certificate) >= 0)
        {
            return "False";
        }

        if (step.NotAfter <= now || step.NotAfter > now + TimeSpan.FromDays(730))
        {
            return "Invalid";
        }

        node.Certificate = certificate;
        return "True";
    }

    private string SetRoles(Step.SetRoles step)
    {
        if (Refusal(step.Node) is { } refusal)
        {
            return refusal;
        }

        var node = _nodes.Find(n => n.Number == step.Node)!;
        if (node.IsTracker && !step.Roles.Contains("tracker", StringComparison.Ordinal) && IsLastTracker(node))
        {
            return "Conflict";
        }

        var isNews = node.Roles != step.Roles;
        node.Roles = step.Roles;
        return $"{isNews}";
    }

    private string Rename(Step.Rename step)
    {
        if (Refusal(step.Node) is { } refusal)
        {
            return refusal;
        }

        var node = _nodes.Find(n => n.Number == step.Node)!;
        var isNews = node.Name != step.Name;
        node.Name = step.Name;
        return $"{isNews}";
    }

    private string Remove(Step.Remove step, Instant now)
    {
        var node = _nodes.Find(n => n.Number == step.Node);
        if (node is null or { RemovedAt: not null })
        {
            return node is null ? "NotFound" : "False";
        }

        if (IsLastTracker(node))
        {
            return "Conflict";
        }

        (node.RemovedAt, node.Reason) = (now, step.Reason);
        return "True";
    }

    private string Readmit(Step.Readmit step)
    {
        var node = _nodes.Find(n => n.Number == step.Node);
        if (node?.RemovedAt is null)
        {
            return node is null ? "NotFound" : "False";
        }

        (node.RemovedAt, node.Reason) = (null, "");
        return "True";
    }

    private string AddIssuer(Step.AddIssuer step)
    {
        if (_removedIssuers.ContainsKey(step.Issuer))
        {
            return "Conflict";
        }

        if (_issuers.TryGetValue(step.Issuer, out var known) && (known.Node != step.Node || known.Certificate == step.Certificate))
        {
            return known.Node != step.Node ? "Conflict" : "False";
        }

        if (Refusal(step.Node) is { } refusal)
        {
            return refusal;
        }

        _issuers[step.Issuer] = (step.Node, step.Certificate);
        return "True";
    }

    private string RemoveIssuer(Step.RemoveIssuer step, Instant now)
    {
        if (!_issuers.TryGetValue(step.Issuer, out var known) || _issuers.Count == 1)
        {
            return _issuers.ContainsKey(step.Issuer) ? "Conflict" : "False";
        }

        _issuers.Remove(step.Issuer);
        _removedIssuers[step.Issuer] = (now, known.Node, known.Certificate);
        return "True";
    }

    private string FoundGroup(Step.FoundGroup step)
    {
        if (Refusal(step.Node, "Forbidden") is { } refusal)
        {
            return refusal;
        }

        if (!_nodes.Find(n => n.Number == step.Node)!.Roles.Split(' ').Contains(step.Group))
        {
            return "Forbidden";
        }

        var isKnown = _groups.TryGetValue(step.Group, out var group);
        if (!isKnown || (!group.HasBegun && (step.HasBegun || (group.Node != step.Node && Refusal(group.Node) is not null))))
        {
            var node = isKnown && step.HasBegun && step.Lineage == group.Lineage ? group.Node : step.Node;
            _groups[step.Group] = group = (node, step.Lineage, step.HasBegun);
        }

        return $"{Desk.Key(group.Node)} {group.Lineage}{(group.HasBegun ? " begun" : string.Empty)}";
    }

    private string Prune(Instant now)
    {
        var tokens = _tokens.RemoveAll(t => t.EndedAt + TimeSpan.FromDays(90) <= now);
        var nodes = _nodes.RemoveAll(n =>
            n.RemovedAt is { } removed && Instant.Max(removed, n.Certificate?.NotAfter ?? removed) + TimeSpan.FromDays(30) <= now);
        return $"{tokens} {nodes}";
    }

    private Token? Find(int token) => _tokens.Find(t => t.Number == token);

    private bool IsLastTracker(Node node) => node.IsTracker && _nodes.Count(n => n.IsTracker && n.RemovedAt is null) == 1;

    private string? Refusal(int node, string ifRemoved = "Conflict") => _nodes.Find(n => n.Number == node) switch
    {
        null => "NotFound",
        { RemovedAt: not null } => ifRemoved,
        _ => null,
    };

    private sealed class Node
    {
        public required int Number { get; init; }

        public required string Name { get; set; }

        public required string Owner { get; init; }

        public required string Roles { get; set; }

        public required Instant AdmittedAt { get; init; }

        public int Token { get; init; } = -1;

        public Instant? RemovedAt { get; set; }

        public string Reason { get; set; } = "";

        public (Instant NotAfter, int Serial, KeyId Issuer)? Certificate { get; set; }

        public bool IsNew { get; set; }

        public bool IsTracker => Roles.Contains("tracker", StringComparison.Ordinal);
    }

    private sealed class Token
    {
        public required int Number { get; init; }

        public required Instant ExpiresAt { get; init; }

        public required int Uses { get; init; }

        public required string Owner { get; init; }

        public required string Roles { get; init; }

        public int UsedBy { get; set; }

        public Instant? RevokedAt { get; set; }

        public Instant? UsedUpAt { get; set; }

        /// <summary>By whatever came first.</summary>
        public Instant EndedAt => new[] { ExpiresAt, RevokedAt ?? ExpiresAt, UsedUpAt ?? ExpiresAt }.Min();

        public TokenState StateAt(Instant now) =>
            RevokedAt is not null ? TokenState.Revoked : ExpiresAt <= now ? TokenState.Expired : UsedUpAt is not null ? TokenState.UsedUp : TokenState.Usable;
    }
}
