using Cete.Core;

namespace Cete.Hocon.Tests;

/// <summary>What must hold for every value and document. A failure names the seed that repeats it.</summary>
public sealed class PropertyTests
{
    private const int Runs = 1000;

    [Fact]
    public void What_the_writer_writes_reads_back_as_the_same_tree() => ForSeeds(static random =>
    {
        var value = RandomText.Object(random, 4);
        foreach (var text in new[] { HoconWriter.ToJson(value), HoconWriter.ToJson(value, indented: true), HoconWriter.ToHocon(value) })
        {
            var back = Given.Load(text);
            Given.Equal(value, back);
            Assert.Equal(value.ToString(), back.ToString());
        }
    });

    [Fact]
    public void What_is_written_as_json_is_json() => ForSeeds(static random =>
    {
        var value = RandomText.Object(random, 4);
        using var parsed = System.Text.Json.JsonDocument.Parse(HoconWriter.ToJson(value, indented: random.Chance(1, 2)));
        Assert.Equal(value.Count, parsed.RootElement.EnumerateObject().Count());
    });

    [Fact]
    public void Set_makes_the_path_that_value_and_leaves_the_others() => ForSeeds(static random =>
    {
        var document = HoconDocument.Parse(RandomText.Document(random), "doc");
        for (var i = 0; i < 3; i++)
        {
            var path = RandomText.Path(random);
            var value = RandomText.Value(random, 2);
            var before = document.Resolve();
            document = document.Set(path, value);
            var after = document.Resolve();
            Given.Equal(value, after.Get(path));
            AssertOthersUntouched(before, after, HoconPath.Parse(path), document.Text);
        }
    });

    [Fact]
    public void Remove_leaves_nothing_of_the_path_and_all_of_the_others() => ForSeeds(static random =>
    {
        var document = HoconDocument.Parse(RandomText.Document(random), "doc");
        var path = RandomText.Path(random);
        var before = document.Resolve();
        document = document.Remove(path);
        var after = document.Resolve();
        Assert.False(after.TryGet(path, out _));
        AssertOthersUntouched(before, after, HoconPath.Parse(path), document.Text);
    });

    [Fact]
    public void Merging_documents_is_merging_their_texts() => ForSeeds(static random =>
    {
        var (low, high) = (RandomText.Document(random).Trim('{', '}'), RandomText.Document(random).Trim('{', '}'));
        if (HoconFails(low) || HoconFails(high))
        {
            return;
        }

        var merged = HoconDocument.Parse(high, "high").WithFallback(HoconDocument.Parse(low, "low")).Resolve();
        Assert.Equal(Given.Load(low + "\n" + high).ToString(), merged.ToString());
    });

    private static bool HoconFails(string text)
    {
        try
        {
            Given.Load(text);
            return false;
        }
        catch (HoconException)
        {
            return true;
        }
    }

    // Fields that were hidden by what is set or removed may show; fields that were there stay, unless they lie on or below the path, or
    // were scalars where the path now needs an object.
    private static void AssertOthersUntouched(HoconObject before, HoconObject after, HoconPath path, string text)
    {
        foreach (var (leaf, value) in before.Leaves())
        {
            var shared = Math.Min(leaf.Elements.Count, path.Elements.Count);
            if (!leaf.Elements.Take(shared).SequenceEqual(path.Elements.Take(shared)))
            {
                Assert.True(value.Equals(after.Find(leaf)), $"{leaf} was {value} and is {after.Find(leaf)} in\n{text}");
            }
        }
    }

    private static void ForSeeds(Action<Prng> property)
    {
        for (var seed = 1UL; seed <= Runs; seed++)
        {
            try
            {
                property(new Prng(seed));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}: {failure.Message}", failure);
            }
        }
    }
}
