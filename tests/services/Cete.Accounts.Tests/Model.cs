using Cete.Core;

namespace Cete.Accounts.Tests;

/// <summary>What accounts do, said once more and as plainly as it goes: lists, and a loop over them for every question.</summary>
internal sealed class Model
{
    private const string True = "True";
    private const string False = "False";
    private readonly Dictionary<string, HashSet<string>> _roles =
        Crew.Roles.ToDictionary(role => role.Name, role => role.Grants.Select(grant => grant.Text).ToHashSet());

    private readonly Dictionary<int, Account> _accounts = new() { [0] = new Account(["administrator", "member"]) };
    private readonly List<Session> _sessions = [];
    private readonly List<Invitation> _invitations = [];
    private readonly Session?[] _slots = new Session?[Crew.Sessions];
    private readonly Invitation?[] _invited = new Invitation?[Crew.Invitations];
    private readonly List<Instant> _acts = [];
    private string _registration = "invited";

    public string Run(Step step, Instant now)
    {
        var answer = Answer(step, now);
        var isAct = step is Step.SetRoles or Step.Suspend or Step.Resume or Step.Define or Step.RemoveRole or Step.SetRegistration or Step.Expel
            or Step.Invite or Step.Revoke;
        if (isAct && answer == True)
        {
            _acts.Add(now);
        }

        return answer;
    }

    /// <summary>What is seen of it, as text.</summary>
    public string Show(Instant now) => string.Join('\n',
    [
        .. _accounts.OrderBy(pair => pair.Key).Select(pair =>
            $"{pair.Key} [{string.Join(' ', Active(pair.Key) ? pair.Value.Roles : ["guest"])}] {pair.Value.IsSuspended} {pair.Value.IsClosed} "
            + $"{string.Join(' ', Grants(pair.Key).Order(StringComparer.Ordinal))}"),
        .. _slots.Select((slot, i) => $"session {i} {slot is not null && slot.Over > now}"),
        .. _invited.Select((slot, i) => slot is null || !_invitations.Contains(slot) ? $"invitation {i}" : $"invitation {i} {slot.Left} {slot.IsRevoked}"),
        .. _accounts.OrderBy(pair => pair.Key).Select(pair => $"phones {pair.Key} {pair.Value.Phones.Count(phone => phone.Value is null)}"),
    ]);

    private string Answer(Step step, Instant now) => step switch
    {
        Step.Register s => Register(s, now),
        Step.LogIn s => Is(s.Who) ? Open(s.Who, s.Session, now, 30) : "Unauthenticated",
        Step.LogOut s => LogOut(s, now),
        Step.Token s => Missing(s.Who) ?? Open(s.Who, s.Session, now, 200),
        Step.Password s => Is(s.Who) ? EndAll(s.Who, now) : "Forbidden",
        Step.SetRoles s => Govern(s.By, "accounts.govern", own => SetRoles(s, own)),
        Step.Suspend s => Govern(s.By, "accounts.suspend", own => Above(s.Who, own) ?? Suspend(s.Who)),
        Step.Resume s => Govern(s.By, "accounts.suspend", own => Above(s.Who, own) ?? Resume(s.Who)),
        Step.Define s => Govern(s.By, "accounts.govern", own => Define(s.Grant, own)),
        Step.RemoveRole s => Govern(s.By, "accounts.govern", RemoveRole),
        Step.SetRegistration s => Govern(s.By, "accounts.govern", _ => SetRegistration(s.Registration)),
        Step.Expel s => Govern(s.By, "accounts.govern", own => Above(s.Who, own) ?? Close(s.Who, now)),
        Step.Close s => Is(s.Who) ? Close(s.Who, now) : "Forbidden",
        Step.Invite s => Missing(s.Who) ?? (May(s.Who, "accounts.invite") ? Invite(s, now) : "Forbidden"),
        Step.Revoke s => Revoke(s, now),
        Step.AddDevice s => !Is(s.Who) ? "Forbidden"
            : !_accounts[s.Who].Gone.Contains(s.Device) && _accounts[s.Who].Phones.TryAdd(s.Device, null) ? True
            : "Conflict",
        Step.RemoveDevice s => RemoveDevice(s, now),
        Step.Recover s => Is(s.Who) && _accounts[s.Who].Codes.Remove(s.Code) ? EndAll(s.Who, now) : "Forbidden",
        _ => Prune(now),
    };

    private bool Is(int who) => _accounts.TryGetValue(who, out var account) && !account.IsClosed;

    private bool Active(int who) => Is(who) && !_accounts[who].IsSuspended;

    private string? Missing(int who) => !_accounts.TryGetValue(who, out var account) ? "NotFound" : account.IsClosed ? "Conflict" : null;

    private HashSet<string> Of(IEnumerable<string> roles) => [.. roles.SelectMany(role => _roles.GetValueOrDefault(role, []))];

    private HashSet<string> Grants(int who) => Of(Active(who) ? [.. _accounts[who].Roles, "guest"] : ["guest"]);

    private bool May(int who, string action) => Grants(who) is var own && (own.Contains("*") || own.Contains(action));

    private static bool Covers(HashSet<string> own, IEnumerable<string> others) => own.Contains("*") || others.All(own.Contains);

    private string Govern(int by, string action, Func<HashSet<string>, string> act) =>
        Is(by) && (May(by, action) || May(by, "accounts.govern")) ? act(Grants(by)) : "Forbidden";

    private string? Above(int who, HashSet<string> own) =>
        Missing(who) ?? (Covers(own, Of([.. _accounts[who].Roles, "guest"])) ? null : "Forbidden");

    private bool IsLast(int who) => _accounts[who].Roles.Contains("administrator")
        && !_accounts.Keys.Any(other => other != who && Active(other) && _accounts[other].Roles.Contains("administrator"));

    private string Register(Step.Register s, Instant now)
    {
        var invitation = _invited[s.Invitation];
        if (_registration == "closed" || (_registration == "invited" && invitation is null))
        {
            return "Forbidden";
        }

        if (_accounts.ContainsKey(s.Who))
        {
            return "Conflict";
        }

        if (invitation is not null)
        {
            if (!_invitations.Contains(invitation) || invitation.Over <= now || invitation.Left == 0)
            {
                return "Forbidden";
            }

            invitation.Left--;
            invitation.Over = invitation.Left == 0 ? now : invitation.Over;
        }

        _accounts.Add(s.Who, new Account(["member"]));
        return "member";
    }

    private string Open(int who, int slot, Instant now, int days)
    {
        _slots[slot] = new Session(who) { Over = now + TimeSpan.FromDays(days) };
        _sessions.Add(_slots[slot]!);
        return True;
    }

    private string LogOut(Step.LogOut s, Instant now)
    {
        if (_slots[s.Session] is not { } session)
        {
            return Crew.Nothing;
        }

        if (session.Over <= now)
        {
            return "Unauthenticated";
        }

        session.Over = now;
        return True;
    }

    private string EndAll(int who, Instant now)
    {
        foreach (var session in _sessions.Where(session => session.Who == who && session.Over > now))
        {
            session.Over = now;
        }

        return True;
    }

    private string SetRoles(Step.SetRoles s, HashSet<string> own)
    {
        if (Missing(s.Who) is { } missing)
        {
            return missing;
        }

        var account = _accounts[s.Who];
        var roles = s.Roles.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append("member").Order(StringComparer.Ordinal).ToList();
        if (roles.Exists(role => !_roles.ContainsKey(role)))
        {
            return "NotFound";
        }

        if (roles.SequenceEqual(account.Roles))
        {
            return False;
        }

        if (!Covers(own, Of(roles.Except(account.Roles).Union(account.Roles.Except(roles)))))
        {
            return "Forbidden";
        }

        if (!roles.Contains("administrator") && IsLast(s.Who))
        {
            return "Conflict";
        }

        account.Roles = roles;
        return True;
    }

    private string Suspend(int who)
    {
        if (_accounts[who].IsSuspended)
        {
            return False;
        }

        if (IsLast(who))
        {
            return "Conflict";
        }

        _accounts[who].IsSuspended = true;
        return True;
    }

    private string Resume(int who)
    {
        var was = _accounts[who].IsSuspended;
        _accounts[who].IsSuspended = false;
        return $"{was}";
    }

    private string Define(string grant, HashSet<string> own)
    {
        var known = _roles.GetValueOrDefault("crew");
        if (known?.SetEquals([grant]) == true)
        {
            return False;
        }

        if (!Covers(own, [grant, .. known ?? []]))
        {
            return "Forbidden";
        }

        _roles["crew"] = [grant];
        return True;
    }

    private string RemoveRole(HashSet<string> own)
    {
        if (!_roles.TryGetValue("crew", out var known))
        {
            return False;
        }

        if (!Covers(own, known))
        {
            return "Forbidden";
        }

        if (_accounts.Values.Any(account => account.Roles.Contains("crew")))
        {
            return "Conflict";
        }

        _roles.Remove("crew");
        return True;
    }

    private string SetRegistration(string registration)
    {
        var isSame = registration == _registration;
        _registration = registration;
        return $"{!isSame}";
    }

    private string Close(int who, Instant now)
    {
        if (IsLast(who))
        {
            return "Conflict";
        }

        EndAll(who, now);
        _sessions.RemoveAll(session => session.Who == who);
        foreach (var invitation in _invitations.Where(invitation => invitation.By == who && invitation.Over > now))
        {
            (invitation.IsRevoked, invitation.Over) = (true, now);
        }

        _accounts[who] = new Account([]) { IsClosed = true };
        return True;
    }

    private string Invite(Step.Invite s, Instant now)
    {
        if (_invitations.Count(invitation => invitation.By == s.Who && invitation.Over > now) >= AccountsLimits.InvitationsMax)
        {
            return "TooLarge";
        }

        _invited[s.Invitation] = new Invitation(s.Who) { Left = s.Uses, Over = now + TimeSpan.FromDays(s.Days) };
        _invitations.Add(_invited[s.Invitation]!);
        return True;
    }

    private string Revoke(Step.Revoke s, Instant now)
    {
        if (_invited[s.Invitation] is not { } invitation)
        {
            return Crew.Nothing;
        }

        if (Missing(s.Who) is { } missing)
        {
            return missing;
        }

        if (!_invitations.Contains(invitation) || (invitation.By != s.Who && !May(s.Who, "accounts.govern")))
        {
            return "NotFound";
        }

        if (invitation.IsRevoked)
        {
            return False;
        }

        (invitation.IsRevoked, invitation.Over) = (true, invitation.Over < now ? invitation.Over : now);
        return True;
    }

    private string RemoveDevice(Step.RemoveDevice s, Instant now)
    {
        if (!Is(s.Who))
        {
            return "Forbidden";
        }

        if (!_accounts[s.Who].Phones.TryGetValue(s.Device, out var removed))
        {
            return "NotFound";
        }

        if (removed is not null)
        {
            return "Conflict";
        }

        _accounts[s.Who].Phones[s.Device] = now;
        return True;
    }

    private string Prune(Instant now)
    {
        var sessions = _sessions.RemoveAll(session => session.Over <= now + TimeSpan.FromDays(-7));
        var invitations = _invitations.RemoveAll(invitation => invitation.Over <= now + TimeSpan.FromDays(-90));
        var phones = 0;
        foreach (var account in _accounts.Values)
        {
            foreach (var (device, removed) in account.Phones.Where(phone => phone.Value <= now + TimeSpan.FromDays(-90)).ToList())
            {
                phones += account.Phones.Remove(device) ? 1 : 0;
                account.Gone.Add(device);
            }
        }

        return $"{sessions} {invitations} {phones} {_acts.RemoveAll(at => at <= now + TimeSpan.FromDays(-730))}";
    }

    private sealed class Account(List<string> roles)
    {
        public List<string> Roles { get; set; } = roles;

        public bool IsSuspended { get; set; }

        public bool IsClosed { get; init; }

        /// <summary>When each was removed; null when it was not.</summary>
        public Dictionary<int, Instant?> Phones { get; } = [];

        /// <summary>Those that are not listed any more, and never come back.</summary>
        public HashSet<int> Gone { get; } = [];

        public HashSet<int> Codes { get; } = [0, 1];
    }

    private sealed class Session(int who)
    {
        public int Who => who;

        public Instant Over { get; set; }
    }

    private sealed class Invitation(int by)
    {
        public int By => by;

        public int Left { get; set; }

        public bool IsRevoked { get; set; }

        public Instant Over { get; set; }
    }
}
