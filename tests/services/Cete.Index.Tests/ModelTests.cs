using Cete.Core;

namespace Cete.Index.Tests;

/// <summary>Random commands against the <see cref="Model"/>: every answer and every tree must agree.</summary>
public sealed class ModelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task The_index_does_what_the_model_does(ulong seed)
    {
        await using var world = IndexWorld.Start();
        var model = new Model();
        var chance = new Prng(seed);
        var commands = new RandomCommands(chance);
        List<string> history = [];
        for (var i = 0; i < 150; i++)
        {
            var step = commands.Next();
            history.Add(step.ToString());
            var (expected, actual) = await RunAsync(world, model, step);
            Assert.True(Equals(expected, actual), $"seed {seed}: model {expected}, index {actual}\n{string.Join('\n', history)}");
            if (i % 5 == 0)
            {
                Assert.True(model.Tree().SequenceEqual(await world.TreeAsync()), $"seed {seed}, trees differ after\n{string.Join('\n', history)}");
                Assert.True(model.With("a").SequenceEqual(await world.FindAsync("\"a\"")), $"seed {seed}, words differ after\n{string.Join('\n', history)}");
            }
        }
    }

    private static async Task<(object? Expected, object? Actual)> RunAsync(IndexWorld world, Model model, Step step)
    {
        switch (step)
        {
            case Step.Make make:
                var made = await world.MakeAsync(make.Path);
                return (model.Make(make.Path), made.Kind());
            case Step.Put put:
                var filed = await world.FileAsync(put.Path, put.Content);
                return (model.Put(put.Path, put.Content, () => filed.Value.Ids[0] >> 17), filed.Kind());
            case Step.Move move:
                var moved = await world.MoveAsync(move.From, move.To);
                return (model.Move(move.From, move.To), moved.Kind());
            case Step.Remove remove:
                var removed = await world.RemoveAsync(remove.Path);
                var gone = model.Remove(remove.Path, removed.Succeeded ? removed.Value.Removal : -1);
                return (gone, (removed.Kind(), removed.Succeeded ? removed.Value.Entries : 0));
            case Step.Restore restore when model.Removals.Count > 0:
                var removal = model.Removals[restore.Which % model.Removals.Count];
                var restored = await world.RestoreAsync(removal);
                return (model.Restore(removal), (restored.Kind(), restored.Succeeded ? restored.Value : 0));
            default:
                return (null, null);
        }
    }
}
