using System.Text;
using System.Text.Json.Nodes;
using Cete.Core;
using Cete.Swarm;

namespace Cete.Net.Tests.IdFiles;

/// <summary>ID files from anybody: the good ones read back, anything else is a failure in words, never an exception.</summary>
public sealed class IdFileTests
{
    private static readonly TestContent Content = TestContent.Make((2 * TestContent.PieceLength) + 7, 1);

    private static readonly IdFile Good = new()
    {
        Name = "\u00e9 \"name\".bin",
        Manifest = Content.Manifest,
        Path = "/a/\u00e9 \"name\".bin",
        Description = "line\nline \ud83d\ude00",
        Tags = ["one", "two"],
        Sources = [new Uri("http://127.0.0.1:1/"), new Uri("https://[::1]:2/x/")],
    };

    [Fact]
    public void A_file_reads_back_as_it_was_written()
    {
        var read = IdFile.Read(Good.Write()).Value;
        Assert.Equal((Good.Name, Good.Path, Good.Description), (read.Name, read.Path, read.Description));
        Assert.Equal(Good.Tags, read.Tags);
        Assert.Equal(Good.Sources, read.Sources);
        Assert.Equal((Content.Root, Content.Bytes.Length, 3), (read.Manifest.Root, (int)read.Manifest.Length, read.Manifest.PieceCount));
        Assert.Equal(Content.Manifest.Pieces.Bytes.ToArray(), read.Manifest.Pieces.Bytes.ToArray());
        Assert.Equal(Good.Write(), read.Write());
        var small = TestContent.Make(100, 1);
        var plain = IdFile.Read(new IdFile { Name = "x", Manifest = small.Manifest }.Write()).Value;
        Assert.Equal((small.Root, 1, 0, 0), (plain.Manifest.Root, plain.Manifest.PieceCount, plain.Sources.Count, plain.Tags.Count));
    }

    [Fact]
    public void Cut_short_at_any_byte_it_is_refused()
    {
        var bytes = Good.Write();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(FailureKind.Invalid, IdFile.Read(bytes.AsMemory(0, length)).Failure!.Kind);
        }
    }

    [Theory]
    [InlineData("cete")]
    [InlineData("name")]
    [InlineData("length")]
    [InlineData("pieceLength")]
    [InlineData("root")]
    [InlineData("layer")]
    public void Without_a_member_that_it_needs_it_is_refused(string member)
    {
        string?[] values =
        [
            null, "null", "true", "\"\"", "[]", "{}", "\"x\"", "-1", "1.5", "1e400", "9223372036854775807", "9223372036854775808",
            "\"\\ud800\"", "[1]", "{\"a\":[]}", "0", "\"00\"",
        ];
        foreach (var value in values.Where(v => (member, v) is not ("name", "\"x\"" or "\"00\"")))
        {
            var outcome = IdFile.Read(Changed(member, value));
            Assert.True(!outcome.Succeeded, $"{member}: {value}");
        }
    }

    [Theory]
    [InlineData("path")]
    [InlineData("description")]
    [InlineData("tags")]
    [InlineData("sources")]
    public void What_it_can_do_without_is_left_out_when_malformed(string member)
    {
        string[] values = ["null", "true", "{}", "5", "[null, 5, {}, [\"x\"], \"\\ud800\"]", "\"\\udc00\"", "\"../../x\"", "\"\\u0000\"", "[\"a\\u0007b\"]"];
        foreach (var value in values)
        {
            var read = IdFile.Read(Changed(member, value));
            Assert.True(read.Succeeded, $"{member}: {value}: {read.Failure?.Message}");
            Assert.All(read.Value.Tags, tag => Assert.Null(EntryName.Check(tag)));
            Assert.DoesNotContain("..", read.Value.Path, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("/")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a\\u0000b")]
    [InlineData("a\\nb")]
    [InlineData("gpj.\\u202eexe")]
    [InlineData("\\u001b[2J")]
    public void A_name_that_would_lead_elsewhere_is_refused(string name) =>
        Assert.Equal(FailureKind.Invalid, IdFile.Read(Changed("name", $"\"{name}\"")).Failure!.Kind);

    [Fact]
    public void Names_too_long_are_refused() =>
        Assert.Equal(FailureKind.TooLarge, IdFile.Read(Changed("name", $"\"{new string('n', 256)}\"")).Failure!.Kind);

    [Fact]
    public void Hashes_that_lie_are_found_out()
    {
        var layer = Convert.ToHexStringLower(Content.Manifest.Pieces.Bytes.Span);
        var lie = layer[..10] + (layer[10] == '0' ? '1' : '0') + layer[11..];
        Assert.Equal(FailureKind.Damaged, IdFile.Read(Changed("layer", $"\"{lie}\"")).Failure!.Kind);
        Assert.Equal(FailureKind.Damaged, IdFile.Read(Changed("root", $"\"{new string('a', 64)}\"")).Failure!.Kind);
        Assert.Equal(FailureKind.Invalid, IdFile.Read(Changed("layer", $"\"{layer[..^1]}\"")).Failure!.Kind);
        Assert.Equal(FailureKind.Invalid, IdFile.Read(Changed("layer", $"\"{layer}00\"")).Failure!.Kind);
        Assert.Equal(FailureKind.Invalid, IdFile.Read(Changed("layer", $"\"{layer[64..]}\"")).Failure!.Kind);
        var other = TestContent.Make(5 * TestContent.PieceLength, 2);
        Assert.False(IdFile.Read(Changed("length", $"{other.Bytes.Length}")).Succeeded);
        Assert.False(IdFile.Read(Changed("root", $"\"{other.Root}\"")).Succeeded);
        Assert.False(IdFile.Read(Changed("pieceLength", "131072")).Succeeded);
        Assert.False(IdFile.Read(Changed("pieceLength", "262145")).Succeeded);
        Assert.False(IdFile.Read(Changed("pieceLength", "134217728")).Succeeded);
        Assert.True(IdFile.Read(Changed("layer", $"\"{layer.ToUpperInvariant()}\"")).Succeeded);
    }

    [Fact]
    public void Formats_are_told_apart()
    {
        Assert.Equal(FailureKind.Conflict, IdFile.Read(Changed("cete", "2")).Failure!.Kind);
        Assert.Equal(FailureKind.Invalid, IdFile.Read(Changed("cete", "0")).Failure!.Kind);
        Assert.Equal(FailureKind.Invalid, IdFile.Read("[]"u8.ToArray()).Failure!.Kind);
        Assert.Equal(FailureKind.Invalid, IdFile.Read("<html>"u8.ToArray()).Failure!.Kind);
        Assert.True(IdFile.Read(Changed("later", "{\"x\":[1]}")).Succeeded);
    }

    [Fact]
    public void Depth_and_size_are_bounded()
    {
        Assert.False(IdFile.Read(Changed("later", new string('[', 20) + new string(']', 20))).Succeeded);
        Assert.False(IdFile.Read(Encoding.UTF8.GetBytes(new string('[', 1_000_000))).Succeeded);
        Assert.Equal(FailureKind.TooLarge, IdFile.Read(new byte[Limits.IdFileBytesMax + 1]).Failure!.Kind);
        Assert.Empty(IdFile.Read(Changed("description", $"\"{new string('d', Limits.DescriptionBytesMax + 1)}\"")).Value.Description);
        var tags = string.Join(',', Enumerable.Repeat("\"t\"", 1_000));
        Assert.Equal(Limits.TagsMax, IdFile.Read(Changed("tags", $"[{tags}]")).Value.Tags.Count);
        Assert.Empty(IdFile.Read(Changed("tags", $"[\"{new string('t', 1_000_000)}\"]")).Value.Tags);
        var sources = string.Join(',', Enumerable.Range(1, 1_000).Select(i => $"\"http://10.0.0.1:{i}/\""));
        Assert.Equal(64, IdFile.Read(Changed("sources", $"[{sources}]")).Value.Sources.Count);
    }

    [Theory]
    [InlineData("ftp://h/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("http://user:secret@h/")]
    [InlineData("http://user@h/")]
    [InlineData("//h/")]
    [InlineData("h:80")]
    [InlineData("http://")]
    [InlineData("http://h:99999/")]
    [InlineData("\\\\\\\\h\\\\share")]
    [InlineData("")]
    public void Sources_that_are_none_are_left_out(string source)
    {
        var read = IdFile.Read(Changed("sources", $"[\"{source}\",\"HTTPS://Good.example/\"]"));
        Assert.Equal([new Uri("https://good.example/")], read.Value.Sources);
    }

    [Fact]
    public void A_member_whose_name_is_no_text_is_refused() =>
        Assert.Equal(FailureKind.Invalid, IdFile.Read("{\"\\ud800\":1,\"cete\":1}"u8.ToArray()).Failure!.Kind);

    [Fact]
    public void Random_damage_is_never_an_exception_nor_another_content()
    {
        var good = Good.Write();
        string[] inserts = ["\"", "{", "}", "[", "]", ",", ":", "null", "1e999", "\\ud800", "\\u0000", "\u00ff", "../", "\r", "\"cete\":3,", "\"layer\":\"\","];
        for (ulong seed = 1; seed <= 20_000; seed++)
        {
            var chance = new Prng(seed);
            List<byte> bytes = [.. good];
            for (var changes = 1 + chance.Next(4); changes > 0; changes--)
            {
                var at = chance.Next(bytes.Count);
                switch (chance.Next(4))
                {
                    case 0:
                        bytes[at] = (byte)chance.Next(256);
                        break;
                    case 1:
                        bytes.RemoveRange(at, Math.Min(bytes.Count - at - 1, chance.Next(8)));
                        break;
                    case 2:
                        bytes.InsertRange(at, Encoding.UTF8.GetBytes(inserts[chance.Next(inserts.Length)]));
                        break;
                    default:
                        bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, chance.Next(40))));
                        break;
                }
            }

            try
            {
                var read = IdFile.Read(bytes.ToArray());
                Assert.True(!read.Succeeded || (EntryName.Check(read.Value.Name) is null && read.Value.Manifest.Root == Content.Root), $"seed {seed}");
            }
            catch (Exception error) when (error is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}: {error}");
            }
        }
    }

    /// <summary>The good file with one member changed to a piece of JSON, or without it.</summary>
    private static byte[] Changed(string member, string? json)
    {
        var node = JsonNode.Parse(Good.Write())!.AsObject();
        node.Remove(member);
        var text = node.ToJsonString();
        return Encoding.UTF8.GetBytes(json is null ? text : $"{text[..^1]},\"{member}\":{json}}}");
    }
}
