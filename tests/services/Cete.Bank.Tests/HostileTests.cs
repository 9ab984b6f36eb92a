using System.Text;
using Cete.Core;

namespace Cete.Bank.Tests;

/// <summary>Whatever strangers send is read within bounds, refused by a failure, and never throws; the ledger stays whole.</summary>
public sealed class HostileTests
{
    [Fact]
    public void Commands_with_bytes_changed_are_refused_or_carried_out_and_the_ledger_stays_whole()
    {
        using var source = Bench.Begun();
        BankLog.Fill(source, seed: 5, count: 150);
        var (handed, chance) = (source.Group.Handed, new Prng(11));
        using var bench = Bench.Begun();
        var refused = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var (at, command) = handed[chance.Next(handed.Count)];
            var body = command.Body.ToArray();
            for (var flips = chance.Next(4); flips >= 0 && body.Length > 0; flips--)
            {
                body[chance.Next(body.Length)] = (byte)chance.Next(256);
            }

            ReadOnlyMemory<byte> cut = chance.Chance(1, 4) ? body.AsMemory(0, chance.Next(body.Length + 1)) : chance.Chance(1, 3) ? command.Body : body;
            bench.Group.Now = Instant.Max(at, bench.Now);
            refused += bench.Submit(command with { Body = cut }).Succeeded ? 0 : 1;
        }

        Assert.InRange(refused, 300, 2_990);
        Assert.True(bench.Audit.Last > 0);
    }

    [Fact]
    public void Payloads_are_read_or_refused()
    {
        var chance = new Prng(12);
        var seeds = new[]
        {
            new TransferAct([new TransferOrder("00", "send", "treasury", 1, Note: "\u00e9")]).ToPayload(), BankPolicy.First.ToPayload(),
            new ChannelAct.Open("00", [1], 5, "", 5, [new LaneOrder("a", "b", 3)]).ToPayload(), new ChannelAct.Close("00", [[1, 2]]).ToPayload(),
            new ReleaseAct("00", 5).ToPayload(), new ClaimAct("00").ToPayload(), new JournalHead(1, "a", "b", "c").ToPayload(),
                "{\"act\":\"\\ud800\"}"u8.ToArray(),
        };
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = seeds[chance.Next(seeds.Length)].ToArray();
            for (var flips = chance.Next(3); flips >= 0; flips--)
            {
                bytes[chance.Next(bytes.Length)] = chance.Chance(1, 2) ? (byte)"{}[]\",:0\\n"[chance.Next(10)] : (byte)chance.Next(256);
            }

            if (BankPolicy.Parse(bytes) is { Succeeded: true, Value: var policy })
            {
                read += policy.Check() is null ? 1 : 0;
            }

            read += TransferAct.Parse(bytes).Succeeded || ChannelAct.Parse(bytes).Succeeded ? 1 : 0;
            read += ReleaseAct.Parse(bytes).Succeeded || ClaimAct.Parse(bytes).Succeeded || JournalHead.Parse(bytes).Succeeded ? 1 : 0;
        }

        Assert.InRange(read, 100, 19_900);
        Assert.False(BankPolicy.Parse(new byte[BankLimits.PolicyBytesMax + 1]).Succeeded);
        Assert.False(TransferAct.Parse(Encoding.UTF8.GetBytes("{\"transfers\":[{\"id\":null,\"kind\":\"send\"}]}")).Succeeded);
        Assert.False(TransferAct.Parse(Encoding.UTF8.GetBytes("{\"transfers\":[],\"transfers\":[]}")).Succeeded);
    }
}
