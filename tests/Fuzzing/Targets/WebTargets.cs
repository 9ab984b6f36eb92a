using System.Text;
using Cete.Api;
using Cete.Core;
using Cete.Described;
using Cete.Index;
using Cete.Net;
using Cete.Net.Tls;
using Cete.Web.Api;
using Cete.Web.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cete.Fuzzing.Targets;

/// <summary>What stands in addresses, fields and bodies of HTTP, and what a node that lies may answer a client.</summary>
internal static class WebTargets
{
    private static readonly string[] Requests =
    [
        "GET /api/entries?folder=/Art&q=a%20b&sort=size&order=desc&limit=2&size=1-10MB&newer=3d\nRange: bytes=0-5\n\n",
        "GET /api/entries/1\n\n", "GET /api/entry?path=/Art/a.txt\n\n", "GET /api/suggestions?q=a\n\n", "GET /folders/Art?view=table\n\n",
        "GET /search?q=%22a+b%22+-c+tag:x\n\n", "GET /announce?info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=bbbbbbbbbbbbbbbbbbbb&port=1&left=0\n\n",
        "GET /api/accounts?cursor=&limit=5\nAuthorization: Bearer @session\n\n", "GET /api/acts?limit=5\nAuthorization: Bearer @session\n\n",
        "POST /api/folders\nAuthorization: Bearer @session\nIdempotency-Key: s/1\n\n{\"path\":\"/Art/new\"}",
        "POST /api/entries\nAuthorization: Bearer @session\n\n{\"entries\":[{\"path\":\"/Art/b\",\"root\":\"@root\","
            + "\"modified\":\"2026-02-03T04:05:06Z\",\"description\":\"x\",\"tags\":[\"a\"]}]}",
        "PATCH /api/entries/1\nAuthorization: Bearer @session\n\n{\"description\":\"y\",\"tags\":[\"b\"]}",
        "POST /api/moves\nAuthorization: Bearer @session\n\n{\"from\":\"/Art/a.txt\",\"to\":\"/Art/c.txt\"}",
        "POST /api/removals\nAuthorization: Bearer @session\n\n{\"path\":\"/Art/c.txt\"}",
        "POST /api/sessions\n\n{\"name\":\"ada\",\"password\":\"wrong password\",\"code\":null,\"kind\":\"terminal\",\"label\":\"x\"}",
        "POST /api/accounts\n\n{\"name\":\"bob\",\"password\":\"correct horse battery\",\"device\":null,"
            + "\"recoveryKeys\":[\"AAAA\"],\"invitation\":null,\"displayName\":\"Bob\"}",
        "POST /api/acts\nAuthorization: Bearer @session\n\n{\"statement\":\"Y2V0ZS1zdGF0ZW1lbnQtMQA=\"}",
        "POST /api/invitations\nAuthorization: Bearer @session\n\n{\"uses\":1,\"hours\":5,\"roles\":[],\"note\":\"x\"}",
        "POST /api/tokens\nAuthorization: Bearer @session\n\n{\"label\":\"x\",\"rights\":[\"index.read\"],\"hours\":5}",
        "PUT /api/me/password\nAuthorization: Bearer @session\n\n{\"old\":\"wrong password\",\"new\":\"another password\"}",
        "POST /login\nContent-Type: application/x-www-form-urlencoded\nSec-Fetch-Site: same-origin\n\nname=ada&password=x&next=%2F",
    ];

    public static (string Name, Func<FuzzTarget> Make)[] All { get; } =
    [
        ("entry-query", Queries), ("entry-cursor", Cursors), ("search-words", Words), ("request-id", RequestIds), ("http", Http), ("answers", Answered),
        ("record-json", Records),
    ];

    /// <summary>A line for each field of an address.</summary>
    private static FuzzTarget Queries() => FuzzTarget.OfText(
        "entry-query",
        text =>
        {
            var fields = text.Split('\n');
            string? Field(int at) => at < fields.Length && fields[at].Length > 0 ? fields[at] : null;
            var filter = new EntryFilterText(Field(5), Field(6), Field(7), Field(8), Field(9), Field(10));
            return Oracle.Of(EntryQueryText.Parse(Field(0), null, Field(1), Field(2), Field(3), Field(4), 50, filter, new Instant(1_800_000_000_000_000)),
                query =>
                Oracle.That(query.Filter is { LengthMin: null or >= 0, LengthMax: null or >= 0 } && query.Words.Length <= 500, "out of its bounds"));
        },
        ["/Art\na b\nsize\ndesc\n\nvideo\n1MB-2GB\n\n\n7d\n", "\n\n\n\n\n\n\n5\n1.5GiB\n2026-01-01\n2026-02-01T10:00:00Z"],
        "\n", "-", "1e308", "GiB", "NaN", "99999999999y", "0001-01-01", "9999-12-31T23:59:59Z", "relevance");

    private static FuzzTarget Cursors() => FuzzTarget.OfText(
        "entry-cursor",
        text =>
        {
            var number = Cursor.ReadNumber(Cursor.SizeList, text);
            return Cursor.Read(Cursor.NameList, text) is not { } read
                ? number is null ? "refused" : $"{FuzzTarget.Taken} number"
                : Cursor.Read(Cursor.NameList, Cursor.Of(Cursor.NameList, read.Key, read.Id)) == read || text.Length > 1_000
                    ? FuzzTarget.Taken
                    : throw new FuzzFailedException("a cursor is read otherwise the second time");
        },
        [Cursor.Of(Cursor.NameList, "a song", 7), Cursor.Of(Cursor.SizeList, "500", 7)],
        "=", "-", "_", " ");

    private static FuzzTarget Words() => FuzzTarget.OfText(
        "search-words",
        text =>
        {
            var words = SearchWords.Parse(text);
            _ = words.IsContradiction;
            return words.IsEmpty ? "empty" : $"{FuzzTarget.Taken} {words.With.Count} {words.Without.Count} {words.Tags.Count}";
        },
        ["a b", "\"two words\" -no tag:x", "\u30BF\u30A4\u30C8\u30EB \u0395\u03BB\u03AD\u03BD\u03B7", "-\"a b\" c++ #1"],
        "\"", "-", "tag:", "\0", "\uFDFA", "\u0301", "*");

    /// <summary>A body with fields of a record: as one that is made, and as changes of one.</summary>
    private static FuzzTarget Records()
    {
        FieldDescriptor[] fields =
        [
            .. Enum.GetValues<FieldType>().Select(type => new FieldDescriptor(FieldTypes.NameOf(type), type, Cete.Described.Words.Of("x"))),
        ];
        return new FuzzTarget(
            "record-json",
            input => Oracle.Of(RecordJson.ReadEdits(input, fields), read => Oracle.That(read.Count <= 128, "more fields than are looked at"))
                + Oracle.Of(RecordJson.ReadFields(input, fields), _ => { }),
            () => ((string[])
            [
                "{\"text\":\"a\",\"integer\":\"9223372036854775807\",\"decimal\":\"12.5\",\"boolean\":true,\"date\":\"2026-11-23\",\"multi-select\":[\"a\"]}",
                "{\"integer\":{\"add\":1},\"multi-select\":{\"put\":[\"a\"]},\"duration\":{\"add\":\"1h\"},\"relation\":null,\"rating\":5,\"credits\":1.5}",
            ]).Select(Encoding.UTF8.GetBytes))
        {
            Dictionary =
            [
                .. ((string[])["\"\\ud800\"", "{\"take\":", "null", "1e9", "-0", "[[", "{}", "\"date-time\":", "\"sealed\":"])
                    .Select(Encoding.UTF8.GetBytes),
            ],
        };
    }

    private static FuzzTarget RequestIds() => FuzzTarget.OfText(
        "request-id",
        text =>
        {
            var context = new DefaultHttpContext();
            context.Request.Headers[Headers.IdempotencyKey] = text;
            return Oracle.Of(ApiAnswers.ReadRequestId(context.Request));
        },
        ["c5f1/1", "a-b_c/9223372036854775807"],
        "/", "-", "+1", " ");

    /// <summary>A request as text: method and address, fields, an empty line, the body. It may fail in any way that is not the node's.</summary>
    private static FuzzTarget Http()
    {
        var site = new FuzzSite();
        return FuzzTarget.OfText(
            "http", site.Ask, Requests,
            "null", "[null]", "{}", "[", "\"\"", "-1", "1e99", "\\ud800", "\\u0000", "%00", "%FF", "%2e%2e/", "\nIdempotency-Key: s/2", "\nRange: bytes=-5",
                "\nContent-Type: text/plain",
            "&cursor=", "&limit=-1", "\"roles\":[null]", "\"tags\":[null]", "\"rights\":[null]", "\"entries\":[null]", "\"root\":null",
                "0001-01-01T00:00:00Z") with
        { AllocatedMax = null, TestRuns = 150, Ended = site.Dispose };
    }

    /// <summary>The first byte says how the node answers: with events, or with a problem.</summary>
    private static FuzzTarget Answered()
    {
        var answer = Array.Empty<byte>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            context.Response.StatusCode = answer is [2, ..] ? 409 : 200;
            context.Response.ContentType = answer is [2, ..] ? "application/problem+json" : "text/event-stream";
            await context.Response.Body.WriteAsync(answer.AsMemory(Math.Min(1, answer.Length)));
        });
        app.StartAsync().GetAwaiter().GetResult();
        var client = new NodeClient(new Uri(app.Urls.First()), "s", TlsTrust.OfSystem);
        return new FuzzTarget(
            "answers",
            input =>
            {
                answer = input;
                var taken = 0;
                var ended = client.WatchAsync("/", ApiJson.Default.ServersAnswer, _ => taken++, CancellationToken.None).GetAwaiter().GetResult();
                return $"{(taken > 0 ? FuzzTarget.Taken : string.Empty)} {taken} {Oracle.Of(ended)}";
            },
            () => new[]
            {
                "\0event: servers\nid: 1\ndata: {\"community\":\"c\",\"communityId\":\"x\",\"version\":\"1\",\"services\":[],\"nodes\":[]}\n\n: still here\n\n",
                "\u0002{\"type\":\"about:blank\",\"title\":\"no\",\"status\":409,\"detail\":\"no\",\"code\":\"conflict\"}",
            }.Select(Encoding.UTF8.GetBytes))
        {
            AllocatedMax = null,
            TestRuns = 100,
            Dictionary = [.. new[] { "data: ", "\n\n", "\r", "event:", "id:", "retry: 1", "null", "{", "[null]", "\\ud800",
                "\uFEFF" }.Select(Encoding.UTF8.GetBytes)],
            Ended = () =>
            {
                client.DisposeAsync().AsTask().GetAwaiter().GetResult();
                app.DisposeAsync().AsTask().GetAwaiter().GetResult();
            },
        };
    }
}
