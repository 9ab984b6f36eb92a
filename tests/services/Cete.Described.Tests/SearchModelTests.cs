using Cete.Core;
using Cete.Groups;
using Cete.Testing;

namespace Cete.Described.Tests;

/// <summary>Searches drawn by chance against a plain reading of what the asker may see, and the words of one replica against those of another.</summary>
public sealed class SearchModelTests
{
    private static readonly string[] Vocabulary =
        ["able", "Äpfel", "apple", "application", "bee", "Bee's", "crème", "cat", "category", "京都", "x-ray", "zoo", "2026"];

    private static readonly Asker[] Askers = [Shelf.Ada, Shelf.Ben, Shelf.Guest];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task What_is_found_is_what_a_plain_reading_finds(ulong seed)
    {
        using var shelf = new Shelf();
        var chance = new Prng(seed);
        await shelf.PublishAsync(Describe("[title, body]"));
        var edition = 1L;
        for (var step = 0; step < 250; step++)
        {
            await ChangeAsync(shelf.Services, chance, step + 1, null);
            if (chance.Chance(1, 50))
            {
                edition = await shelf.PublishAsync(Describe(chance.Chance(1, 2) ? "[body, title]" : "[title, body]"), edition);
            }

            await CompareAsync(shelf, Typed(chance), Askers[chance.Next(Askers.Length)], seed, step);
        }
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public async Task Words_are_alike_on_every_replica_also_where_they_were_filed_anew_around_a_restart(ulong seed)
    {
        var first = ServicesWorld.Start();
        var chance = new Prng(seed);
        await first.Services.PublishAsync(Shelf.Read(Describe("[title, body]")).Descriptor!.Json, 0, Shelf.Administrator, null, Cancel);
        for (var step = 0; step < 1_400; step++)
        {
            await ChangeAsync(first.Services, chance, step + 1, new RequestId("session", step + 1), isFilling: step < 1_200);
        }

        var changed = await first.Services.PublishAsync(Shelf.Read(Describe("[body]")).Descriptor!.Json, 1, Shelf.Administrator, null, Cancel);
        Assert.True(changed.Succeeded, changed.Failure?.Message);
        Assert.True((await FindAsync(first.Services)).IsPartial);
        await using var second = await ServicesWorld.ReopenAsync(first);
        for (var step = 0; step < 40; step++)
        {
            await ChangeAsync(second.Services, chance, 1_400, new RequestId("session", 1_401 + step));
        }

        Assert.True((await FindAsync(second.Services)).IsPartial);
        while ((await second.Services.TickAsync(Shelf.Node, Cancel)).Value)
        {
        }

        var page = await FindAsync(second.Services);
        Assert.False(page.IsPartial);
        await using var other = ServicesWorld.Replay(second);
        await Eventually.TrueAsync(() => other.Group.Status.Applied >= second.Group.Status.Applied, "the other replica has not applied all");
        Assert.Equal(page.Total, (await FindAsync(other.Services)).Total);
        var (left, right) = (second.Dump(), other.Dump());
        Assert.Contains("w1_notes__data", left, StringComparison.Ordinal);
        Assert.True(left == right, $"seed {seed}: the tables differ");
    }

    private static string Describe(string search) =>
        $$"""
        service { name = s }
        records { notes {
          fields { title = text, body = markdown }
          search = {{search}}
          rules {
            list = "record.owner == auth.id || record.title == null || !record.title.startsWith('able')", view = "", create = "auth.known"
            update = "auth.known", delete = "auth.known"
          }
        } }
        """;

    private static async Task<RecordPage> FindAsync(DescribedService services) => (await services.ListAsync(
        new RecordQuery("s", "notes") { Search = "apple", IsCounted = true }, Shelf.Ada.Standing, Cancel)).Value;

    private static async Task ChangeAsync(DescribedService services, Prng chance, int count, RequestId? id, bool isFilling = false)
    {
        var (asker, record) = (Askers[chance.Next(2)], 1 + chance.Next(count));
        switch (isFilling ? 0 : chance.Next(6))
        {
            case 0 or 1:
                KeyValuePair<string, InputValue>[] values = [new("title", InputValue.Of(Text(chance))), new("body", InputValue.Of(Text(chance)))];
                await services.CreateAsync("s", "notes", values, asker, id, default, Cancel);
                break;
            case 2:
                var value = chance.Chance(1, 5) ? InputValue.None : InputValue.Of(Text(chance));
                var edit = new FieldEdit(chance.Chance(1, 2) ? "title" : "body", EditKind.Set, value);
                await services.UpdateAsync("s", "notes", record, [edit], 0, asker, id, Cancel);
                break;
            case 3:
                await services.DeleteAsync("s", "notes", record, 0, asker, id, Cancel);
                break;
            case 4:
                await services.RestoreAsync("s", "notes", record, asker, id, Cancel);
                break;
            default:
                await services.ModerateAsync("s", "notes", record, chance.Chance(1, 2), "why", Shelf.Administrator, id, Cancel);
                break;
        }
    }

    private static string Text(Prng chance) =>
        string.Join(' ', Enumerable.Range(0, 1 + chance.Next(4)).Select(_ => Vocabulary[chance.Next(Vocabulary.Length)]));

    /// <summary>One to three words, some of them left out, or a phrase, or the beginning of a word.</summary>
    private static string Typed(Prng chance)
    {
        var words = Enumerable.Range(0, 1 + chance.Next(3)).Select(_ => Vocabulary[chance.Next(Vocabulary.Length)]).ToList();
        if (chance.Chance(1, 4))
        {
            return $"\"{string.Join(' ', words)}\"";
        }

        var last = words[^1];
        words[^1] = chance.Chance(1, 3) ? "-" + last : last[..Math.Max(1, last.Length - chance.Next(3))];
        return string.Join(' ', words);
    }

    private static async Task CompareAsync(Shelf shelf, string typed, Asker asker, ulong seed, int step)
    {
        var all = await shelf.ListAsync(asker, new RecordQuery("s", "notes") { Limit = 200, Sort = ["id"] });
        var expected = all.Items.Where(record => Has(typed, $"{record.Get("title")}", $"{record.Get("body")}")).Select(record => record.Id).ToArray();
        var found = await shelf.ListAsync(asker, new RecordQuery("s", "notes") { Search = typed, Limit = 200, IsCounted = true });
        Assert.True(
            expected.SequenceEqual(found.Items.Select(record => record.Id).Order()) && found.Total == expected.Length && !found.IsPartial,
            $"seed {seed}, step {step}, '{typed}': {string.Join(',', found.Items.Select(record => record.Id).Order())}, not {string.Join(',', expected)}");
        Assert.All(found.Items, record => Assert.NotEmpty(record.Pieces));
    }

    private static bool Has(string typed, params string[] texts)
    {
        var fields = texts.Select(Words).ToArray();
        if (typed[0] == '"')
        {
            return fields.Any(words => Stands(words, Words(typed), isBeginning: false));
        }

        var parts = typed.Split(' ');
        var with = parts.Where(part => part[0] != '-').ToArray();
        return with.Length > 0
            && parts.Select((part, i) => part[0] == '-' || fields.Any(words => Stands(words, Words(part), i == parts.Length - 1 && Words(part)[^1].Length > 1)))
                .All(stands => stands)
            && !parts.Where(part => part[0] == '-').Any(part => fields.Any(words => Stands(words, Words(part[1..]), isBeginning: false)));
    }

    private static bool Stands(string[] words, string[] wanted, bool isBeginning)
    {
        bool Fits(string word, string part, bool isLast) =>
            word == part || (isBeginning && isLast && word.StartsWith(part, StringComparison.Ordinal));

        return Enumerable.Range(0, Math.Max(0, words.Length - wanted.Length + 1))
            .Any(at => !wanted.Where((part, i) => !Fits(words[at + i], part, i == wanted.Length - 1)).Any());
    }

    /// <summary>The words of the vocabulary as they are to be taken, by a table of their own.</summary>
    private static string[] Words(string text) => text.ToLowerInvariant()
        .Replace('ä', 'a').Replace('è', 'e').Replace('-', ' ').Replace('\'', ' ').Replace('"', ' ')
        .Replace("京", " 京 ", StringComparison.Ordinal).Replace("都", " 都 ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
