using System.Buffers.Binary;
using Cete.Core;
using Cete.Trust;
using Cete.Trust.Certificates;

namespace Cete.Fuzzing.Targets;

/// <summary>Certificates, requests for them, tokens, statements.</summary>
internal static class TrustTargets
{
    private static readonly Instant Founded = Instant.From(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public static (string Name, Func<FuzzTarget> Make)[] All { get; } =
    [
        ("certificates", Certificates), ("signing-request", Requests), ("join-token", JoinTokens), ("node-address", Addresses), ("statement", Statements),
        ("key-file", KeyFiles), ("administrator-proof", Proofs),
    ];

    /// <summary>Behind the community's id stand certificates, each behind its length in two bytes, the leaf first.</summary>
    private static FuzzTarget Certificates() => new(
        "certificates",
        input =>
        {
            if (input.Length < KeyId.Size)
            {
                return "refused";
            }

            var presented = new List<ReadOnlyMemory<byte>>();
            for (var at = KeyId.Size; at + 2 <= input.Length;)
            {
                var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(input.AsSpan(at)), input.Length - at - 2);
                presented.Add(input.AsMemory(at + 2, length));
                at += 2 + length;
            }

            return Oracle.Of(ChainReader.Read(new KeyId(input.AsSpan(0, KeyId.Size)), presented.FirstOrDefault(), [.. presented.Skip(1)]));
        },
        () =>
        {
            using var root = CommunityKey.Create("cooks", Founded).Value;
            using var key = NodeKey.Create();
            using var authority = root.CreateAuthority(key.Id, Founded).Value;
            var issued = authority.Issue(key.CreateSigningRequest(), RoleSet.From(["index", "share"]).Value, Founded).Value;
            return [[.. root.Id.ToArray(), .. Sized(issued.Node), .. Sized(issued.Issuing)]];
        })
    { BytesMax = 16 * 1024 };

    private static FuzzTarget Requests() => new("signing-request", input => Oracle.Of(SigningRequests.ReadKey(input)), () =>
    {
        using var key = NodeKey.Create();
        return [key.CreateSigningRequest()];
    })
    { BytesMax = 16 * 1024 };

    private static FuzzTarget JoinTokens() => FuzzTarget.OfText(
        "join-token", text => Oracle.Again(JoinToken.Parse, token => token.ToLine(), text),
            [Token("ann", "192.0.2.1:7400").ToLine(), Token(null, "[2001:db8::1]:1", "a.example:7400").ToLink()],
        "cete1", "cete:join/", "\n");

    private static FuzzTarget Addresses() => FuzzTarget.OfText(
        "node-address", text => Oracle.Again(NodeAddress.Parse, address => address.ToString(), text),
        ["a.example:7400", "192.0.2.1:80", "[2001:db8::1]:65535", "[::ffff:1.2.3.4]:1"],
        ":", "[", "]", "%eth0", "0x7f", "127.1", "::", ".", "xn--");

    private static FuzzTarget Statements() => new(
        "statement",
        input => Oracle.Of(SignedStatement.Parse(input), statement =>
        {
            Oracle.That(statement.ToArray().AsSpan().SequenceEqual(input), "a statement is written otherwise");
            Oracle.That(statement.Verify(input, statement.Community, statement.Purpose) is not null, "its own bytes are taken for a key that signed it");
        }),
        () =>
        {
            using var key = NodeKey.Create();
            return
            [
                SignedStatement.Sign(key, KeyId.Of("c"u8), "accounts.govern", new AccountId(new byte[16]), 5,
                    "{\"act\":\"resume\",\"account\":\"a\"}"u8).ToArray(),
                SignedStatement.Sign(key, KeyId.Of("c"u8), "a", new AccountId(new byte[16]), long.MaxValue, []).ToArray(),
            ];
        });

    private static FuzzTarget KeyFiles() => FuzzTarget.OfText(
        "key-file",
        text =>
        {
            var read = NodeKey.FromPem(text);
            using var key = read.Succeeded ? read.Value : null;
            return Oracle.Of(read);
        },
        [NewKey()], "-----BEGIN PRIVATE KEY-----", "-----END", "\r\n", "=", "\t");

    private static FuzzTarget Proofs() => FuzzTarget.OfText(
        "administrator-proof",
        text =>
        {
            using var key = NodeKey.Create();
            return Oracle.Of(AdministratorProof.Check(text, key.PublicKey.Span, KeyId.Of("c"u8), Founded, "GET", "/api/x", [])) is var said
                && said == FuzzTarget.Taken
                ? throw new FuzzFailedException("a proof by no key is taken")
                : said.StartsWith("Forbidden", StringComparison.Ordinal) ? $"{FuzzTarget.Taken} {said}" : said;
        },
        [$"{Founded.Microseconds} {Convert.ToBase64String(new byte[64])}", "5 AAAA"],
        " ", "=", new string('A', 200));

    private static byte[] Sized(ReadOnlyMemory<byte> bytes) => [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes.Span];

    private static string NewKey()
    {
        using var key = NodeKey.Create();
        return key.ToPem();
    }

    private static JoinToken Token(string? account, params string[] addresses) => JoinToken.Create(
        KeyId.Of("c"u8), Founded, [.. addresses.Select(address => NodeAddress.Parse(address).Value)], account, RoleSet.From(["index"]).Value).Value;
}
