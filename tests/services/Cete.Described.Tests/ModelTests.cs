using Cete.Core;
using Cete.Groups;
using Cete.Testing;

namespace Cete.Described.Tests;

/// <summary>Described services drawn by chance, and commands to them, against a reference; and the same log on another replica.</summary>
public sealed class ModelTests
{
    private static readonly Asker[] Askers = [Shelf.Ada, Shelf.Ben, Shelf.Of("cleo"), Shelf.Guest];
    private static readonly string[] Titles = ["a", "ab", "b", "abc", "", "12345678901", "c", "d", "ae"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task What_commands_do_is_what_the_reference_says(ulong seed)
    {
        using var shelf = new Shelf();
        var chance = new Prng(seed);
        var model = new Model(chance);
        var edition = await shelf.PublishAsync(model.Describe());
        for (var step = 0; step < 400; step++)
        {
            if (chance.Chance(1, 40))
            {
                model.Change();
                edition = await shelf.PublishAsync(model.Describe(), edition);
            }

            var (expected, actual) = await StepAsync(shelf.Services, model, chance, null);
            Assert.True(expected == actual?.Kind, $"seed {seed}, step {step}: expected {expected}, got {actual?.Kind} ({actual?.Message})\n{model.Describe()}");
            await CompareAsync(shelf, model, $"seed {seed}, step {step}\n{model.Describe()}");
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Commands_one_by_one_and_all_at_once_give_equal_tables(ulong seed)
    {
        await using var one = ServicesWorld.Start();
        var chance = new Prng(seed);
        var model = new Model(chance);
        var edition = 0L;
        for (var step = 0; step < 150; step++)
        {
            if (step == 0 || chance.Chance(1, 30))
            {
                model.Change();
                var json = Shelf.Read(model.Describe()).Descriptor!.Json;
                var published = await one.Services.PublishAsync(json, edition, Shelf.Administrator, null, Cancel);
                edition = published.Value.Edition;
            }

            var id = new RequestId("session", step + 1);
            await StepAsync(one.Services, model, chance, id);
        }

        await using var other = ServicesWorld.Replay(one);
        await Eventually.TrueAsync(() => other.Group.Status.Applied >= one.Group.Status.Applied, "the other replica has not applied all");
        var (left, right) = (one.Dump(), other.Dump());
        Assert.Contains("s1_notes", left, StringComparison.Ordinal);
        Assert.True(left == right, $"seed {seed}\n{left}\n-----\n{right}");
    }

    [Fact]
    public async Task After_a_restart_services_go_on_and_their_streams_too()
    {
        var first = ServicesWorld.Start();
        await first.Services.PublishAsync(Shelf.Read(Shelf.Sample("library.conf")).Descriptor!.Json, 0, Shelf.Administrator, null, Cancel);
        var start = (await first.Services.ChangesAsync("library", null, Shelf.Ada.Standing, Cancel)).Value.Next;
        var made = await first.Services.CreateAsync("library", "books", [new("title", InputValue.Of("Emma"))], Shelf.Ada, null, default, Cancel);
        Assert.True(made.Succeeded, made.Failure?.Message);

        await using var second = await ServicesWorld.ReopenAsync(first);
        await second.Services.ActAsync("library", "borrow", 1, [], Shelf.Ben, null, default, Cancel);
        var told = (await second.Services.ChangesAsync("library", start, Shelf.Ben.Standing, Cancel)).Value;
        Assert.Equal(["books created", "loans created", "books updated"], told.Events.Select(one => $"{one.Kind} {one.What}"));
        Assert.Empty((await second.Services.ChangesAsync("library", told.Next, Shelf.Ben.Standing, Cancel)).Value.Events);
        var guest = (await second.Services.ChangesAsync("library", start, Shelf.Guest.Standing, Cancel)).Value;
        Assert.Equal(["books created", "books updated"], guest.Events.Select(one => $"{one.Kind} {one.What}"));
        Assert.Equal(FailureKind.Expired, (await second.Services.ChangesAsync("library", "nonsense", Shelf.Ada.Standing, Cancel)).Failure?.Kind);
    }

    private static async Task<(FailureKind? Expected, Failure? Actual)> StepAsync(DescribedService services, Model model, Prng chance, RequestId? id)
    {
        var asker = Askers[chance.Next(Askers.Length)];
        var (who, record) = (asker.Account, 1 + chance.Next((int)model.Count + 1));
        switch (chance.Next(6))
        {
            case 0 or 1:
                var (title, count, parent) = (Titles[chance.Next(Titles.Length)], (long)chance.Next(7), chance.Chance(1, 3) ? record : 0);
                List<KeyValuePair<string, InputValue>> values = [new("title", InputValue.Of(title)), new("count", InputValue.Of($"{count}"))];
                if (parent > 0)
                {
                    values.Add(new("parent", InputValue.Of($"{parent}")));
                }

                return (model.Create(who, title, count, parent > 0 ? parent : null),
                    (await services.CreateAsync("s", "notes", values, asker, id, default, Cancel)).Failure);
            case 2:
                var other = Titles[chance.Next(Titles.Length)];
                var renamed = model.Update(who, record, note => note.Title = other, note => note.Title == other ? null : model.Check(other, null, record));
                return (renamed, (await EditAsync(services, record, new FieldEdit("title", EditKind.Set, InputValue.Of(other)), asker, id)).Failure);
            case 3:
                var tag = chance.Chance(1, 2) ? "red" : "blue";
                var isPut = chance.Chance(1, 2);
                var tagged = model.Update(who, record, note => _ = isPut ? note.Tags.Add(tag) : note.Tags.Remove(tag), _ => null);
                return (tagged,
                    (await EditAsync(services, record, new FieldEdit("tags", isPut ? EditKind.Put : EditKind.Take, InputValue.Of((string[])[tag])),
                    asker, id)).Failure);
            case 4:
                return (model.Delete(who, record), (await services.DeleteAsync("s", "notes", record, 0, asker, id, Cancel)).Failure);
            default:
                return (model.Restore(who, record), (await services.RestoreAsync("s", "notes", record, asker, id, Cancel)).Failure);
        }
    }

    private static Task<Outcome<Written>> EditAsync(DescribedService services, long record, FieldEdit edit, Asker asker, RequestId? id) =>
        services.UpdateAsync("s", "notes", record, [edit], 0, asker, id, Cancel);

    private static async Task CompareAsync(Shelf shelf, Model model, string where)
    {
        foreach (var asker in Askers)
        {
            var listed = await shelf.IdsAsync(asker, "s", "notes");
            Assert.True(model.Listed(asker.Account).SequenceEqual(listed), $"{where}: {asker.Account} finds {string.Join(',', listed)}");
            for (var id = 1; id <= model.Count; id++)
            {
                var isSeen = (await shelf.GetAsync(asker, "s", "notes", id)).Succeeded;
                Assert.True(isSeen == model.Viewed(asker.Account).Contains(id), $"{where}: {asker.Account} and record {id}");
            }
        }
    }
}
