using System.Text.RegularExpressions;
using Cete.Testing;

namespace Cete.Described.Tests;

/// <summary>What the reference says is what the engine does.</summary>
public sealed class ReferenceTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Descriptions.Folder, "hocon", "README.md"));

    [Fact]
    public async Task The_tutorial_works()
    {
        var described = Regex.Match(Text, "```hocon\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        var reading = Shelf.Read(described);
        Assert.Empty(reading.Problems);
        using var shelf = new Shelf();
        await shelf.PublishAsync(described);
        var id = await shelf.MakeAsync(Shelf.Ada, "chores", "chores", ("what", "Water the plants"), ("due", "2026-12-01"));
        Assert.True((await shelf.ActAsync(Shelf.Ben, "chores", "finish", id)).Succeeded);
        Assert.Equal("done", await shelf.FieldAsync(Shelf.Guest, "chores", "chores", id, "state"));
        shelf.Group.Now += TimeSpan.FromDays(31);
        await shelf.TickAsync();
        Assert.Empty(await shelf.IdsAsync(Shelf.Ada, "chores", "chores"));
    }

    [Fact]
    public void Every_type_and_kind_of_view_is_in_it()
    {
        foreach (var name in FieldTypes.All.Concat(ViewDescriptor.Kinds))
        {
            Assert.Contains($"`{name}`", Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Described))]
    public void Every_description_of_the_repository_is_right(string file)
    {
        var reading = Shelf.Read(File.ReadAllText(Path.Combine(Descriptions.Folder, file)));
        Assert.True(reading.Problems.Count == 0, $"{file}: {string.Join('\n', reading.Problems)}");
    }

    public static TheoryData<string> Described()
    {
        var root = Descriptions.Folder;
        return [.. new[] { "samples/services", "hocon/services" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.conf"))
            .Select(file => Path.GetRelativePath(root, file)).Order(StringComparer.Ordinal)];
    }
}
