using Cete.Accounts;
using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Groups;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Simulation.Accounts;

/// <summary>
/// Knows what people really signed, and looks at every replica before and after every command: rights that changed must have changed by one of these
/// statements, once, and by somebody who had the right to it. It does not use the rules that it watches.
/// </summary>
internal sealed class AccountsWitness
{
    private readonly Dictionary<string, (SimPerson By, string Purpose, GovernAct? Act)> _signed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _usedAt = new(StringComparer.Ordinal);

    /// <summary>Commands that changed rights, those of each replica counted.</summary>
    public int Changes { get; private set; }

    /// <summary>What was said of the machine by whoever watched it; null while all holds.</summary>
    public string? Wrong { get; private set; }

    /// <summary>Somebody signs something.</summary>
    public void Signed(SignedStatement statement, SimPerson by, GovernAct? act = null) => _signed[Said(statement)] = (by, statement.Purpose, act);

    /// <summary>A replica carried out a command.</summary>
    public void Applied(AppliedCommand command, Rights before, Rights after)
    {
        if (before.Text == after.Text || Wrong is not null)
        {
            return;
        }

        Changes++;
        Wrong = Judge(command, before, after) is { } wrong ? $"{wrong}: {command.Type} at {command.Index} changed\n{before.Text}\nto\n{after.Text}" : null;
    }

    /// <summary>What was signed, without the signature: of one signature others can be made.</summary>
    private static string Said(SignedStatement statement) => Convert.ToHexString(statement.ToArray().AsSpan(..^statement.Signature.Length));

    private string? Judge(AppliedCommand command, Rights before, Rights after)
    {
        if (command.Type is nameof(Begin) or nameof(Register))
        {
            return command.Type == nameof(Begin) == (before.Accounts.Count == 0) && after.HasAllOf(before) ? null
                : "an account that is made changed what others may";
        }

        var bytes = command.Type switch
        {
            nameof(Govern) => Govern.Parser.ParseFrom(command.Body.Span).Statement,
            nameof(ChangeDevice) => ChangeDevice.Parser.ParseFrom(command.Body.Span).Statement,
            nameof(Recover) => Recover.Parser.ParseFrom(command.Body.Span).Statement,
            nameof(SetRecoveryKeys) => SetRecoveryKeys.Parser.ParseFrom(command.Body.Span).Statement,
            _ => ByteString.Empty,
        };
        var parsed = SignedStatement.Parse(bytes.Span);
        if (!parsed.Succeeded || !_signed.TryGetValue(Said(parsed.Value), out var known))
        {
            return "nobody signed it";
        }

        var said = Said(parsed.Value);
        if (_usedAt.TryGetValue(said, out var index) && index != command.Index)
        {
            return $"it was used before, at {index}";
        }

        _usedAt[said] = command.Index;
        return known.Act is null ? null
            : !before.MayGovern(known.By.Id, known.Act) ? $"{known.By.Name} may not"
            : after.Shows(known.Act) ? null : "something else was signed";
    }
}

/// <summary>All that says who may do what, as it stands in the tables of one replica.</summary>
internal sealed record Rights(
    IReadOnlyDictionary<string, (string Roles, bool IsSuspended, bool IsClosed)> Accounts, IReadOnlyList<string> Roles, IReadOnlyList<string> Keys,
        long Registration)
{
    public string Text { get; } = string.Join('\n',
        Accounts.Select(account => $"{account.Key} {account.Value}").Concat(Roles).Concat(Keys).Append($"{Registration}"));

    public static Rights Of(SqlSession sql)
    {
        var accounts = sql.Query(
            "SELECT id, roles, suspended_at, closed_at FROM accounts ORDER BY id",
            row => (Id: new AccountId(row.GetFieldValue<byte[]>(0)).ToString(), Roles: row.GetString(1), IsSuspended: row.GetInt64(2) > 0,
                IsClosed: row.GetInt64(3) > 0));
        var devices = sql.Query(
            "SELECT account, id, removed_at FROM devices ORDER BY account, id",
            row => $"device {new KeyId(row.GetFieldValue<byte[]>(1))} of {new AccountId(row.GetFieldValue<byte[]>(0))} {row.GetInt64(2) > 0}");
        var recovery = sql.Query(
            "SELECT account, id, used_at FROM recovery_keys ORDER BY account, id",
            row => $"recovery {new KeyId(row.GetFieldValue<byte[]>(1))} of {new AccountId(row.GetFieldValue<byte[]>(0))} {row.GetInt64(2) > 0}");
        return new Rights(
            accounts.ToDictionary(account => account.Id, account => (account.Roles, account.IsSuspended, account.IsClosed), StringComparer.Ordinal),
            sql.Query("SELECT name, grants FROM roles ORDER BY name", row => $"role {row.GetString(0)} {row.GetString(1).Replace('\n', ' ')}"),
            [.. devices, .. recovery], sql.Scalar<long>("SELECT registration FROM community_rules"));
    }

    /// <summary>Whoever was there before is there as before.</summary>
    public bool HasAllOf(Rights before) => before.Accounts.All(account => Accounts.TryGetValue(account.Key, out var now) && now == account.Value)
        && before.Keys.All(Keys.Contains) && (before.Accounts.Count == 0 || (before.Roles.SequenceEqual(Roles) && before.Registration == Registration))
        && Accounts.Where(account => !before.Accounts.ContainsKey(account.Key)).All(account => before.Accounts.Count == 0 || account.Value.Roles == "member");

    /// <summary>Whether the one who signed has the right to it: administrators to all, moderators to suspend members.</summary>
    public bool MayGovern(AccountId by, GovernAct act) => Accounts.GetValueOrDefault(by.ToString()) is { IsSuspended: false, IsClosed: false } actor
        && actor.Roles is { } roles
        && (Has(roles, "administrator") || (Has(roles, "moderator") && act is GovernAct.Suspend or GovernAct.Resume));

    /// <summary>Whether it stands as the act says.</summary>
    public bool Shows(GovernAct act) => act switch
    {
        GovernAct.SetRoles a => Accounts[a.Account].Roles == string.Join(' ',
            a.Roles.Append("member").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
        GovernAct.Suspend a => Accounts[a.Account].IsSuspended,
        GovernAct.Resume a => !Accounts[a.Account].IsSuspended,
        GovernAct.DefineRole a => Roles.Contains($"role {a.Name} {string.Join(' ', a.Grants)}"),
        GovernAct.SetRegistration a => Registration == (a.Registration == "open" ? 0 : 1),
        _ => false,
    };

    private static bool Has(string roles, string role) => roles.Split(' ').Contains(role);
}

/// <summary>The accounts, watched.</summary>
internal sealed class WatchedAccounts(AccountsWitness witness, StatementRules rules) : IStateMachine
{
    private readonly AccountsMachine _machine = new(SimPerson.Community) { Statements = rules };

    public int LevelMax => _machine.LevelMax;

    public void Raise(int level, SqlSession sql) => _machine.Raise(level, sql);

    public Outcome<ReadOnlyMemory<byte>> Apply(AppliedCommand command, ApplyContext context)
    {
        var before = Rights.Of(context.Sql);
        var result = _machine.Apply(command, context);
        if (result.Succeeded)
        {
            witness.Applied(command, before, Rights.Of(context.Sql));
        }

        return result;
    }
}
