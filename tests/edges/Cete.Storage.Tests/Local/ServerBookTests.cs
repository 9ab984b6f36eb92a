using Cete.Core;
using Cete.Ports;
using Cete.Storage.Local;

namespace Cete.Storage.Tests.Local;

/// <summary>What a client remembers of communities.</summary>
public sealed class ServerBookTests : IDisposable
{
    private static readonly Uri Asked = new("http://127.0.0.1:2383/");
    private readonly TempFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Path, "cete", "communities");

    private ServerBook Book => new(Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_community_is_found_by_any_of_its_addresses()
    {
        Assert.Null(Book.Of(Asked));
        Assert.False(Book.Knows(Asked, "v1"));
        Book.Keep(Community(1, "v1", Asked.ToString()));
        Assert.True(Book.Knows(Asked, "v1"));
        Assert.False(Book.Knows(Asked, "v2"));
        Assert.False(Book.Knows(new Uri("http://127.0.0.1:9/"), "v1"));
        Assert.Equal("cooks \u00e9", Book.Of(Asked)!.Name);
        Assert.Equal("v1", Book.Of(new Uri("http://node1/"))!.Version);
        Assert.Equal(Book.Of(Asked)!.Id, Book.Find(Id(1))!.Id);
    }

    [Fact]
    public void An_address_belongs_to_the_community_that_was_found_there_last()
    {
        Book.Keep(Community(1, "v1", Asked.ToString()));
        Book.Keep(Community(2, "v1", Asked.ToString()));
        Assert.Equal(Id(2), Book.Of(Asked)!.Id);
        Assert.Empty(Book.Find(Id(1))!.Asked);
    }

    [Fact]
    public void Damaged_files_and_wrong_names_count_as_not_known()
    {
        Book.Keep(Community(1, "v1", Asked.ToString()));
        var file = Directory.GetFiles(Path).Single();
        foreach (var text in (string[])["", "{", "null", "[]", "{\"id\":\"x\"}",
            "{\"id\":null,\"name\":null,\"version\":\"v1\",\"asked\":null,\"nodes\":null}"])
        {
            File.WriteAllText(file, text);
            Assert.Null(Book.Of(Asked));
            Assert.Null(Book.Find(Id(1)));
        }

        File.WriteAllBytes(file, new byte[2 * 1024 * 1024]);
        Assert.False(Book.Knows(Asked, "\0"));
        Assert.Null(Book.Find("../../etc/passwd"));
        Book.Keep(Community(1, "v1", Asked.ToString()) with { Id = "../evil" });
        Assert.Single(Directory.GetFiles(Path));
        Book.Keep(Community(1, "v2", Asked.ToString()));
        Assert.True(Book.Knows(Asked, "v2"));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_no_reason_to_fail()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllText(Path, "a file is in the way");
        Book.Keep(Community(1, "v1", Asked.ToString()));
        Assert.Null(Book.Of(Asked));
    }

    [Fact]
    public void So_many_communities_are_kept_and_no_more()
    {
        for (var i = 0; i < 70; i++)
        {
            Book.Keep(Community(i, "v1", $"http://asked{i}/"));
        }

        Assert.Equal(64, Directory.GetFiles(Path).Length);
        Assert.NotNull(Book.Of(new Uri("http://asked69/")));
    }

    private static string Id(int number)
    {
        var bytes = new byte[KeyId.Size];
        bytes[0] = (byte)number;
        return new KeyId(bytes).ToString();
    }

    private static KnownCommunity Community(int number, string version, string asked) => new(
        Id(number), "cooks \u00e9", version, [asked], [new KnownNode("n", "n", [$"http://node{number}/"], DateTimeOffset.UnixEpoch)]);
}
