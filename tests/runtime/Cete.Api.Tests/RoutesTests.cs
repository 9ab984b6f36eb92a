using System.Text.Json;

namespace Cete.Api.Tests;

public sealed class RoutesTests
{
    [Theory]
    [InlineData("plain.txt")]
    [InlineData("a b&c=d?e#f%g;h+i.txt")]
    [InlineData("\u00e9\u4e2d\ud83d\ude00\"'<>.txt")]
    [InlineData("..x")]
    public void Names_are_escaped_so_that_an_address_keeps_its_parts(string name)
    {
        var file = new Uri(new Uri("http://h/"), Routes.IdFile(17, name));
        Assert.Equal((4, "/entries/17/" + name + ".cete"), (file.Segments.Length, Uri.UnescapeDataString(file.AbsolutePath)));
        var content = new Uri(new Uri("http://h/"), Routes.ContentOf(new string('a', 64), name));
        Assert.Equal((4, string.Empty, string.Empty), (content.Segments.Length, content.Query, content.Fragment));
        Assert.Equal(name, Uri.UnescapeDataString(content.Segments[^1]));
    }

    [Fact]
    public void Addresses_below_one_another_are_written_alike()
    {
        Assert.Equal("/api/contents/R/sources", Routes.Sources("R"));
        Assert.Equal("/api/contents/R/id-file", Routes.IdFileOfContent("R"));
        Assert.Equal("/api/contents/R/reports", Routes.Reports("R"));
        Assert.Equal("/api/uploads/U", Routes.Upload("U"));
        Assert.Equal("/api/uploads/U/manifest", Routes.UploadManifest("U"));
        Assert.Equal("/api/uploads/U/finish", Routes.UploadFinish("U"));
    }

    [Fact]
    public void Json_is_in_camel_case_without_what_is_absent_and_bounded_in_depth()
    {
        Assert.Equal("""{"entries":[],"total":3}""", JsonSerializer.Serialize(new EntryPage([], null, 3), ApiJson.Default.EntryPage));
        Assert.Equal("""{"missing":[{"first":1,"count":2}],"id":"u","pieceLength":5,"mayBeKnown":true}""".Length, JsonSerializer.Serialize(
            new UploadState("u", 5, [new PieceRange(1, 2)], true), ApiJson.Default.UploadState).Length);
        var deep = "{\"x\":" + new string('[', 20) + new string(']', 20) + "}";
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(deep, ApiJson.Default.MoveRequest));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"from":null,"to":"/x"}""", ApiJson.Default.MoveRequest));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"from":"\ud800","to":"/x"}""", ApiJson.Default.MoveRequest));
        Assert.Equal(new MoveRequest("/a", "/b"), JsonSerializer.Deserialize("""{"to":"/b","later":[1],"from":"/a"}""", ApiJson.Default.MoveRequest));
    }
}
