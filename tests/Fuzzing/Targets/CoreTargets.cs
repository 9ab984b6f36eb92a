using Cete.Core;
using Cete.Hocon;

namespace Cete.Fuzzing.Targets;

/// <summary>Texts and names of the core ring, and HOCON.</summary>
internal static class CoreTargets
{
    private const string Key = "aebagbafaydqqcikbmga2dqpcaireeyu";

    public static (string Name, Func<FuzzTarget> Make)[] All { get; } =
    [
        ("base32", Base32Text), ("key-id", KeyIds), ("account-id", AccountIds), ("hash", Hashes), ("group-id", GroupIds), ("entry-path", Paths),
        ("entry-name", Names), ("grant", Grants), ("node-roles", NodeRoles), ("hocon", HoconTexts), ("hocon-path", HoconPaths),
    ];

    private static FuzzTarget Base32Text() => FuzzTarget.OfText(
        "base32",
        text =>
        {
            var bytes = new byte[Base32.ByteLength(text.Length)];
            if (!Base32.TryDecode(text, bytes))
            {
                return "refused";
            }

            Oracle.That(string.Equals(Base32.Encode(bytes), text, StringComparison.OrdinalIgnoreCase) && text.All(char.IsAscii), "bytes have two texts");
            return FuzzTarget.Taken;
        },
        ["", "me", "mfrgg", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", Key],
        "=", "0", "1", "8", "A", "z", "\u0131", "\u212A");

    private static FuzzTarget KeyIds() => FuzzTarget.OfText(
        "key-id", text => Found(KeyId.TryParse(text, out var id), id, text), [Key, Key.ToUpperInvariant()], Key[..16], "\u212A");

    private static FuzzTarget AccountIds() => FuzzTarget.OfText(
        "account-id", text => Found(AccountId.TryParse(text, out var id), id, text),
            [new AccountId(new byte[AccountId.Size]).ToString(), Key[..26].ToUpperInvariant()[..25] + "4"], Key[..13]);

    private static FuzzTarget Hashes() => FuzzTarget.OfText(
        "hash", text => Found(Hash256.TryParse(text, out var hash), hash, text),
            [Hash256.Of("a"u8).ToString(), Hash256.Of("b"u8).ToString().ToUpperInvariant()], "0x", "FF");

    private static FuzzTarget GroupIds() => FuzzTarget.OfText(
        "group-id", text => Found(GroupId.TryParse(text, out var id), id, text), ["index", "a-1", new string('x', 63)], "-", "A", "\u00E9");

    private static FuzzTarget Paths() => FuzzTarget.OfText(
        "entry-path", text => Oracle.Again(EntryPath.Parse, path => path.ToString(), text),
        ["/", "/music/a b/\u30BF\u30A4\u30C8\u30EB", "a//b/", "/" + string.Join('/', Enumerable.Repeat("x", 30)), "/\U0001F600/e\u0301"],
        "/", "/../", "/./", "\u2066", new string('n', 250));

    private static FuzzTarget Names() => FuzzTarget.OfText(
        "entry-name",
        text =>
        {
            var shown = EntryName.Show(text);
            Oracle.That(EntryName.Show(shown) == shown, "what is shown is shown otherwise the second time");
            Oracle.That(!shown.Any(char.IsControl), "a control is shown");
            Oracle.That(System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(shown)) == shown, "half a character is shown");
            return Oracle.Of(EntryName.Check(text));
        },
        ["a", "a b.txt", "\U0001F600", "e\u0301"],
        "\r\n", "\u001B[2J", "..", new string('n', 250));

    private static FuzzTarget Grants() => FuzzTarget.OfText(
        "grant",
        text => Oracle.Of(Grant.Parse(text), grant =>
        {
            Oracle.That(Grant.Parse(grant.Text) is { Succeeded: true, Value: var again } && again == grant, "a right is read otherwise the second time");
            Oracle.That(grant.Covers(grant.Action.Replace("*", "x", StringComparison.Ordinal), isOwn: true, grant.Folder), "a right does not cover itself");
            Oracle.That(grant.And(grant)?.Text == grant.Text, "a right is narrowed by itself");
            Oracle.That(grant.And(Grant.All)?.Text == grant.Text, "a right is narrowed by all");
        }),
        ["*", "index.*", "index.move:own", "index.move:own@/music/a b", "x-1.y@/"],
        ":own", "@/", "*", ".", "@", "..");

    private static FuzzTarget NodeRoles() => FuzzTarget.OfText(
        "node-roles", text => Oracle.Again(joined => RoleSet.From(joined.Split(',')), roles => roles.ToString(), text),
        ["index", "accounts,index,share", string.Join(',', Enumerable.Range(0, 32).Select(i => $"r{i}"))],
        ",", "A", "-", new string('r', 33));

    private static FuzzTarget HoconTexts() => FuzzTarget.OfText(
        "hocon",
        text =>
        {
            try
            {
                var options = new HoconResolveOptions { Includes = null, Environment = _ => null };
                var document = HoconDocument.Parse(text, "input", options.Limits);
                Oracle.That(document.Text == text, "a document is not as it was written");
                var value = document.ResolveValue(options);
                foreach (var written in new[] { HoconWriter.ToHocon(value), HoconWriter.ToJson(value) })
                {
                    var again = HoconDocument.Parse(written, "written").ResolveValue();
                    Oracle.That(HoconWriter.ToJson(again) == HoconWriter.ToJson(value), "what was written of it is read otherwise");
                }

                return $"{FuzzTarget.Taken} {value.Kind}";
            }
            catch (HoconException error)
            {
                Oracle.That(error.Errors.Count > 0, "an error without a word");
                return "refused " + new string([.. error.Errors[0].Message.Where(char.IsAsciiLetter).Take(24)]);
            }
        },
        [
            "a = 1", "{\"a\":[1,2,{\"b\":null}],\"c\":\"\\u00e9\"}", "a { b = 10 s, c = 1.5 MiB }\na.b = ${a.c} [x]", "p = [1]\np = ${p} [2] ${?q}\np += 3",
            "include \"self\"\nx = \"\"\"a\"b\"\"\"\"", "a = ${?X[]}\n# c\nb : { c : true } { d = off }", "[1, {a = b c}]",
        ],
        "${", "${?", "}", "\"\"\"", "include required(file(\"x\"))", "+=", "[]", "\\u", "//", "#", "1e400", "{a=", "\n") with
    { AllocatedPerByte = 4_000 };

    private static FuzzTarget HoconPaths() => FuzzTarget.OfText(
        "hocon-path",
        text =>
        {
            try
            {
                var path = HoconPath.Parse(text);
                Oracle.That(HoconPath.Parse(path.ToString()).Equals(path), "a path is read otherwise the second time");
                return FuzzTarget.Taken;
            }
            catch (HoconException error)
            {
                return "refused " + new string([.. error.Errors[0].Message.Where(char.IsAsciiLetter).Take(24)]);
            }
        },
        ["a", "a.b.c", "\"a.b\".c", "a \"\\n\" b.1.5"],
        "\"", ".", "\\u", "${");

    private static string Found<T>(bool isFound, T value, string text)
        where T : notnull
    {
        Oracle.That(!isFound || string.Equals(value.ToString(), text, StringComparison.OrdinalIgnoreCase), "a name has two texts");
        return isFound ? FuzzTarget.Taken : "refused";
    }
}
