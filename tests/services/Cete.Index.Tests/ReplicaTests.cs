using Cete.Core;
using Cete.Groups;

namespace Cete.Index.Tests;

/// <summary>From the same log every replica comes to the same tables, however the commands fall into batches.</summary>
public sealed class ReplicaTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Commands_one_by_one_and_all_at_once_give_equal_tables(ulong seed)
    {
        await using var one = IndexWorld.Start();
        var chance = new Prng(seed);
        var commands = new RandomCommands(chance);
        long sequence = 0;
        for (var i = 0; i < 120; i++)
        {
            await RunAsync(one.Service, commands.Next(), chance, new RequestId("session", ++sequence));
            if (chance.Chance(1, 10))
            {
                // Repeated: the remembered answer, in both replicas.
                await RunAsync(one.Service, new Step.Make("/again"), chance, new RequestId("session", sequence));
            }
        }

        await using var other = IndexWorld.Replay(one);
        Assert.Equal(await one.TreeAsync(), await other.TreeAsync());
        var (left, right) = (Tables.Dump(one.Database), Tables.Dump(other.Database));
        Assert.Equal(15, left.Count);
        foreach (var (table, text) in left)
        {
            Assert.True(text == right[table], $"seed {seed}: {table} differs\n{text}\n-----\n{right[table]}");
        }
    }

    private static async Task RunAsync(IndexService index, Step step, Prng chance, RequestId id)
    {
        switch (step)
        {
            case Step.Make make:
                await index.MakeFolderAsync(IndexWorld.At(make.Path), Asker.Local, id, Cancel);
                break;
            case Step.Put put:
                NewEntry[] entries = [.. Enumerable.Range(0, 1 + chance.Next(3)).Select(
                    i => IndexWorld.New(put.Path + (i == 0 ? "" : $"{i}"), put.Content, null, "said of it", "t", "u"))];
                await index.FileAsync(entries, $"node-{chance.Next(2)}", Asker.Local, id, Cancel);
                break;
            case Step.Move move:
                await index.MoveAsync(IndexWorld.At(move.From), IndexWorld.At(move.To), Asker.Local, id, Cancel);
                break;
            case Step.Remove remove:
                await index.RemoveAsync(IndexWorld.At(remove.Path), Asker.Local, id, Cancel);
                break;
            case Step.Restore restore:
                await index.RestoreAsync(1 + (restore.Which % (id.Sequence + 1)), Asker.Local, id, Cancel);
                break;
        }
    }
}
