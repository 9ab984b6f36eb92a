using Cete.Core;
using Cete.Groups;
using Cete.Ledger;
using Cete.Testing;

namespace Cete.Bank.Tests;

/// <summary>Commands of all kinds from a seed, and files of them, for logs that must be understood for ever.</summary>
internal static class BankLog
{
    /// <summary>Puts a bank through all that it does.</summary>
    public static void Fill(Bench bench, ulong seed, int count)
    {
        var (chance, steps) = (new Prng(seed), new Steps(new Prng(seed + 1_000)));
        var people = Enumerable.Range(0, Steps.People).Select(i => bench.Rich($"person {i}", Model.Earned, 9_000 + i)).ToArray();
        for (var i = 0; i < count; i++)
        {
            bench.Group.Now += TimeSpan.FromMicroseconds(steps.Pause());
            ModelTests.Do(steps.Next(), bench, people);
            if (i % 10 == 0)
            {
                More(i / 10, bench, people, chance);
            }
        }
    }

    public static void Write(string path, IReadOnlyList<(Instant At, ClientCommand Command)> commands)
    {
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write(commands.Count);
        foreach (var (at, command) in commands)
        {
            writer.Write(at.Microseconds);
            writer.Write(command.Type);
            writer.Write(command.Asker.Account);
            writer.Write(string.Join(' ', command.Asker.Roles));
            writer.Write(string.Join(' ', command.Asker.Grants.Select(grant => grant.Text)));
            writer.Write(command.Body.Length);
            writer.Write(command.Body.Span);
        }
    }

    public static IEnumerable<(Instant At, ClientCommand Command)> Read(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var (at, type, account) = (new Instant(reader.ReadInt64()), reader.ReadString(), reader.ReadString());
            var (roles, grants) = (Words(reader.ReadString()), Words(reader.ReadString()));
            var asker = new Asker(account, roles) { Grants = [.. grants.Select(Grant.Of)] };
            yield return (at, new ClientCommand(type, reader.ReadBytes(reader.ReadInt32()), asker));
        }
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What random steps do not come to.</summary>
    private static void More(int turn, Bench bench, Person[] people, Prng chance)
    {
        var (one, other) = (people[chance.Next(people.Length)], people[chance.Next(people.Length)]);
        var policy = bench.Read(sql => BankFacts.Read(sql)!.Policy);
        _ = one.Order(Person.Sending(8_000 + turn, other, 1_000_000 * Bench.Credit)).Succeeded;
        _ = (turn % 10) switch
        {
            0 => one.Decide(policy with
            {
                Version = policy.Version + 1,
                AuthorPermille = 300,
                CommunityPermille = 200,
                Grants = [new GrantStage(0, 100), new GrantStage(1, 50)],
                DailyAllowance = 5_000 * Bench.Credit * ((turn / 10) % 2),
            }).Succeeded,
            1 => bench.Register($"newcomer {turn}").Granted > 0,
            2 => one.Order(Person.Sending(100 + turn, other, 1, linked: true), one.Pending(200 + turn, other, 2)).Succeeded
                && other.Do(turn % 2 == 0 ? Person.Posting(400 + turn, 200 + turn, 1) : Person.Voiding(400 + turn, 200 + turn)).Number > 0,
            3 => Lets(turn, bench, one, other),
            4 => bench.Import(AccountsTell.Account(chance.Chance(1, 2) ? "suspended" : "resumed", one.Id)) is null
                && bench.Import(AccountsTell.Account("resumed", one.Id)) is null,
            5 => Pays(turn, bench, one, other),
            6 => bench.Import(AccountsTell.Account("closed", bench.Register($"leaver {turn}").Id)) is null,
            7 => bench.Submit(one.Signed(Person.Sending(300 + turn, other, 3) with { From = "treasury" }), one.Governing).Succeeded,
            8 => PaysServices(turn, one, other),
            _ => PolicyTests.Sign(bench, one, PolicyTests.Head(bench, bench.Audit.Last)).Succeeded,
        };
    }

    private static bool Lets(int turn, Bench bench, Person one, Person other)
    {
        var channel = new Opened(bench, one, Bench.Id(5_000 + turn));
        return one.Channel(one.Opening(channel.Id, 20, other.Lane(18, one), one.Lane(1) with { Provider = KeyId.Of([1]).ToString() })).Succeeded
            && channel.Redeem(other, 7).Paid > 0 && channel.Release(other, 7).Failure == 0 && channel.Widen(1, 5).Succeeded;
    }

    private static bool PaysServices(int turn, Person one, Person other)
    {
        var (treasury, user) = (ServiceLaneTests.Lane(LedgerAddress.Treasury, 5), ServiceLaneTests.Lane(other.User, 4));
        if (!one.Channel(one.Opening(Bench.Id(7_000 + turn), 9, treasury, user)).Succeeded)
        {
            return false;
        }

        var channel = new Opened(one.Bench, one, Bench.Id(7_000 + turn));
        return channel.Redeem(ServiceLaneTests.Voucher(channel, treasury, 5), ServiceLaneTests.Voucher(channel, user, 4)).Count == 2;
    }

    private static bool Pays(int turn, Bench bench, Person one, Person other)
    {
        var node = bench.Stranger($"node {turn}");
        var channel = one.Channel(one.Opening(Bench.Id(6_000 + turn), 9, node.Lane(9) with { Payee = $"node:{node.KeyId}" }));
        return channel.Succeeded && new Opened(bench, one, Bench.Id(6_000 + turn)).Redeem(node, 9).Paid == 9 && node.Claim(other).Value.Amount == 9;
    }
}
