using Cete.Core;

namespace Cete.Storage.Tests;

public sealed class DataFolderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private string Node => _temp.At("node");

    [Fact]
    public void A_folder_that_was_made_can_be_opened_again()
    {
        using (var made = DataFolder.Create(Node, () => new DataFolderFacts(DataFolder.Format, "Beehive", "n1")).Value)
        {
            Assert.Equal(new DataFolderFacts(1, "Beehive", "n1"), made.Facts);
            Assert.Equal(Node, made.Path);
        }

        using var opened = DataFolder.Open(Node).Value;
        Assert.Equal(new DataFolderFacts(1, "Beehive", "n1"), opened.Facts);
    }

    [Fact]
    public void Only_one_holds_a_folder()
    {
        using (DataFolder.Create(Node, () => new DataFolderFacts(DataFolder.Format, "Beehive", "n1")).Value)
        {
            Assert.Equal(FailureKind.Conflict, DataFolder.Open(Node).Failure?.Kind);
            Assert.Equal(FailureKind.Conflict, DataFolder.Create(Node, () => new DataFolderFacts(DataFolder.Format, "Other", "n2")).Failure?.Kind);
            Assert.Contains("in use", DataFolder.Open(Node).Failure!.Message, StringComparison.Ordinal);
        }

        DataFolder.Open(Node).Value.Dispose();
    }

    [Fact]
    public void A_refused_opening_lets_go_of_the_folder()
    {
        DataFolder.Create(Node, () => new DataFolderFacts(DataFolder.Format, "Beehive", "n1")).Value.Dispose();
        Assert.Equal(FailureKind.Conflict, DataFolder.Create(Node, () => new DataFolderFacts(DataFolder.Format, "Other", "n2")).Failure?.Kind);
        using var opened = DataFolder.Open(Node).Value;
        Assert.Equal("Beehive", opened.Facts.Community);
    }

    [Fact]
    public void A_folder_of_something_else_is_refused_and_left_as_it_was()
    {
        Directory.CreateDirectory(Node);
        File.WriteAllText(_temp.At("node", "thesis.txt"), "text");
        Assert.Equal(FailureKind.Conflict, DataFolder.Create(Node, () => new DataFolderFacts(DataFolder.Format, "Beehive", "n1")).Failure?.Kind);
        Assert.Equal(FailureKind.NotFound, DataFolder.Open(Node).Failure?.Kind);
        Assert.Equal([_temp.At("node", "thesis.txt")], Directory.GetFileSystemEntries(Node));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_not_made_by_opening_it()
    {
        Assert.Equal(FailureKind.NotFound, DataFolder.Open(Node).Failure?.Kind);
        Assert.False(Directory.Exists(Node));
    }

    [Fact]
    public void A_creation_that_was_killed_can_be_tried_again()
    {
        Directory.CreateDirectory(Node);
        File.WriteAllText(_temp.At("node", "lock"), string.Empty);
        File.WriteAllText(_temp.At("node", "cete.json.new"), "{\"format");
        Assert.Equal(FailureKind.NotFound, DataFolder.Open(Node).Failure?.Kind);
        using var made = DataFolder.Create(Node, () => new DataFolderFacts(DataFolder.Format, "Beehive", "n1")).Value;
        Assert.False(File.Exists(_temp.At("node", "cete.json.new")));
    }

    [Theory]
    [InlineData("", FailureKind.Damaged)]
    [InlineData("null", FailureKind.Damaged)]
    [InlineData("[]", FailureKind.Damaged)]
    [InlineData("{}", FailureKind.Damaged)]
    [InlineData("no json", FailureKind.Damaged)]
    [InlineData("{\"format\":1,\"community\":\"a\",\"node\":\"b\"", FailureKind.Damaged)]
    [InlineData("{\"format\":1,\"community\":\"\",\"node\":\"b\"}", FailureKind.Damaged)]
    [InlineData("{\"format\":1,\"community\":null,\"node\":\"b\"}", FailureKind.Damaged)]
    [InlineData("{\"format\":1,\"community\":\"a\"}", FailureKind.Damaged)]
    [InlineData("{\"format\":0,\"community\":\"a\",\"node\":\"b\"}", FailureKind.Damaged)]
    [InlineData("{\"format\":-1,\"community\":\"a\",\"node\":\"b\"}", FailureKind.Damaged)]
    [InlineData("{\"format\":\"1\",\"community\":\"a\",\"node\":\"b\"}", FailureKind.Damaged)]
    [InlineData("{\"format\":2,\"community\":\"a\",\"node\":\"b\"}", FailureKind.Conflict)]
    [InlineData("{\"format\":2}", FailureKind.Conflict)]
    public void A_folder_that_says_nothing_sensible_is_refused_and_kept(string facts, FailureKind expected)
    {
        Directory.CreateDirectory(Node);
        File.WriteAllText(_temp.At("node", "cete.json"), facts);
        Assert.Equal(expected, DataFolder.Open(Node).Failure?.Kind);
        Assert.Equal(expected, DataFolder.Create(Node, () => new DataFolderFacts(DataFolder.Format, "Beehive", "n1")).Failure?.Kind);
        Assert.Equal(facts, File.ReadAllText(_temp.At("node", "cete.json")));
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_a_failure()
    {
        File.WriteAllText(Node, "text");
        Assert.False(DataFolder.Open(Node).Succeeded);
        Assert.False(DataFolder.Create(Node, () => new DataFolderFacts(DataFolder.Format, "Beehive", "n1")).Succeeded);
    }

    [Fact]
    public void A_folder_without_rights_is_a_failure_that_does_not_speak_of_another_process()
    {
        // A folder in the place of the lock file is refused to root as well, whom no missing right would stop.
        DataFolder.Create(Node, () => new DataFolderFacts(DataFolder.Format, "Beehive", "n1")).Value.Dispose();
        File.Delete(_temp.At("node", "lock"));
        Directory.CreateDirectory(_temp.At("node", "lock"));
        Assert.Equal(FailureKind.Forbidden, DataFolder.Open(Node).Failure?.Kind);
    }

    [Fact]
    public void Facts_that_cannot_be_read_are_a_failure()
    {
        Directory.CreateDirectory(Node);
        File.CreateSymbolicLink(_temp.At("node", "cete.json"), "/proc/self/mem");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        Assert.False(DataFolder.Open(Node).Succeeded);
    }

    public void Dispose() => _temp.Dispose();
}
