using System.Security.Cryptography;
using System.Text;
using Cete.Accounts;
using Cete.Core;
using Cete.Groups;
using Cete.Index;
using Cete.Testing;
using Cete.Tracker;
using Cete.Tracker.Proto;
using Cete.Trust;
using Google.Protobuf;
using AccountsProto = Cete.Accounts.Proto;

namespace Cete.Fuzzing.Targets;

/// <summary>
/// Commands as any member can have the root propose them: a body that makes no sense must be refused in Apply. What is thrown there stops every replica
/// of the group for good, since all of them come to the same entry.
/// </summary>
internal static class MachineTargets
{
    /// <summary>So often tables begin anew, from the corpus: else they would grow without end.</summary>
    private const int RunsPerTables = 500;

    private static readonly KeyId Community = KeyId.Of("community"u8);
    private static readonly AccountId Ada = new(SHA256.HashData([1]).AsSpan(0, AccountId.Size));
    private static readonly AccountId Bob = new(SHA256.HashData([2]).AsSpan(0, AccountId.Size));

    public static (string Name, Func<FuzzTarget> Make)[] All { get; } =
        [("accounts-commands", AccountCommands), ("accounts-acts", SignedActs), ("tracker-commands", TrackerCommands), ("index-commands", IndexCommands)];

    private static FuzzTarget AccountCommands() => OfCommands(
        "accounts-commands", AccountsService.Name, () => new AccountsMachine(), AccountExamples,
        asker => asker switch { '1' => new Asker(Ada.ToString(), []), '2' => new Asker(Bob.ToString(), []), _ => Asker.Local });

    /// <summary>Payloads that are signed by the administrator: what is in them comes from whoever may govern.</summary>
    private static FuzzTarget SignedActs()
    {
        using var first = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = ECDsa.Create(first.ExportParameters(true));
        var tables = new Tables(AccountsService.Name, () => new AccountsMachine(), group => Begin(group, key));
        return new FuzzTarget(
            "accounts-acts",
            input =>
            {
                var statement = SignedStatement.Sign(key, Community, GovernAct.Purpose, Ada, tables.Count + 1,
                    input.AsSpan(0, Math.Min(input.Length, SignedStatement.PayloadBytesMax)));
                var result = tables.Apply(nameof(AccountsProto.Govern),
                    new AccountsProto.Govern { Statement = ByteString.CopyFrom(statement.ToArray()) }.ToByteArray(), Asker.Local);
                return result.Succeeded && AccountsProto.Governed.Parser.ParseFrom(result.Value.Span) is var answer
                    ? answer.FailureKind.Length == 0 ? $"{FuzzTarget.Taken} {answer.Changed}"
                        : answer.FailureKind + new string([.. answer.Failure.Where(char.IsAsciiLetter).Take(24)])
                    : Oracle.Of(result);
            },
            () => AccountTargets.Acts(Bob.ToString()).Select(act => act.ToPayload()))
        {
            Dictionary = [.. new[] { "null", "[null]", "\"roles\":[null]", "\"grants\":[null]", "\"\"", "member", "administrator", Bob.ToString(),
                Ada.ToString() }.Select(Encoding.UTF8.GetBytes)],
            Ended = () =>
            {
                tables.Dispose();
                key.Dispose();
            },
        };
    }

    private static FuzzTarget TrackerCommands() => OfCommands(
        "tracker-commands", GroupId.Of("tracker"), () => new TrackerMachine(), TrackerExamples,
        asker => asker switch { '1' => new Asker(KeyId.Of("node"u8).ToString(), ["tracker"]), '2' => new Asker(string.Empty, []), _ => Asker.Local });

    private static FuzzTarget IndexCommands() => OfCommands(
        "index-commands", IndexService.Name, () => new IndexMachine(), IndexExamples,
        asker => asker switch
        {
            '1' => new Asker(Ada.ToString(), ["member"]) { Grants = [Grant.Of("index.*:own")] },
            '2' => new Asker(string.Empty, []),
            _ => Asker.Local
        });

    private static FuzzTarget OfCommands(string name, GroupId group, Func<IStateMachine> machine, Func<IEnumerable<byte[]>> examples, Func<char, Asker> askers)
    {
        var corpus = Corpus.Of(name);
        var tables = new Tables(group, machine, fresh =>
        {
            foreach (var input in corpus)
            {
                Give(fresh, input, askers);
            }
        });
        return new FuzzTarget(name, input => Oracle.Of(tables.Run(group => Give(group, input, askers))), examples) { Ended = tables.Dispose };
    }

    /// <summary>An input is a digit for who asks, the name of the command up to the end of the line, and its body.</summary>
    private static Outcome<ReadOnlyMemory<byte>> Give(DirectGroup group, byte[] input, Func<char, Asker> askers)
    {
        var line = Array.IndexOf(input, (byte)'\n');
        if (line < 2)
        {
            return new Failure(FailureKind.Invalid, "no command");
        }

        group.Now += TimeSpan.FromSeconds(1);
        var command = new ClientCommand(Encoding.UTF8.GetString(input, 1, line - 1), input.AsMemory(line + 1), askers((char)input[0]));
        return group.SubmitAsync(command).GetAwaiter().GetResult().Value.Result;
    }

    private static byte[] Command(IMessage message, char asker = '0') =>
        [(byte)asker, .. Encoding.UTF8.GetBytes(message.Descriptor.Name + "\n"), .. message.ToByteArray()];

    private static void Begin(DirectGroup group, ECDsa key)
    {
        using var hasher = new PasswordHasher(iterations: 1);
        var service = new AccountsService(group, hasher, group, Community);
        service.BeginAsync(new Beginning(Ada, "ada", DeviceOf(key), Registration.Open) { Password = "correct horse battery" }, Asker.Local,
            CancellationToken.None).GetAwaiter().GetResult();
        Register(group, Bob, "bob");
    }

    private static NewDevice DeviceOf(ECDsa key)
    {
        using var exchange = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var exchangeKey = exchange.ExportSubjectPublicKeyInfo();
        return new NewDevice(key.ExportSubjectPublicKeyInfo(), exchangeKey, DeviceCertificate.Make(key, Community, exchangeKey), "laptop");
    }

    private static void Register(DirectGroup group, AccountId id, string name)
    {
        var entry = Entry(id, name);
        var result = group.SubmitAsync(
            new ClientCommand(nameof(AccountsProto.Register), new AccountsProto.Register { Entry = entry }.ToByteArray(), Asker.Local)).GetAwaiter(
                ).GetResult();
        Check.That(result.Value.Result.Succeeded, result.Value.Result.Failure?.Message ?? string.Empty);
    }

    private static AccountsProto.NewEntry Entry(AccountId id, string name)
    {
        var read = AccountName.Parse(name, mayBeReserved: true).Value;
        return new AccountsProto.NewEntry
        {
            Account = ByteString.CopyFrom(id.ToArray()),
            Name = new AccountsProto.Name { Text = read.Text, Key = read.Key, Skeleton = read.Skeleton },
            Credential = Credential,
            Personal = PersonalText.Seal(id, new AccountsProto.Personal { DisplayName = name }),
        };
    }

    private static AccountsProto.Credential Credential => new()
    {
        Algorithm = PasswordHash.Pbkdf2Sha256,
        Iterations = 5,
        Salt = ByteString.CopyFrom(new byte[AccountsLimits.SaltBytes]),
        Hash = ByteString.CopyFrom(new byte[AccountsLimits.PasswordHashBytes]),
    };

    private static IEnumerable<byte[]> AccountExamples()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var group = new DirectGroup(AccountsService.Name, new AccountsMachine());
        Begin(group, key);
        foreach (var command in group.Commands)
        {
            yield return [(byte)'0', .. Encoding.UTF8.GetBytes(command.Type + "\n"), .. command.Body.Span];
        }

        var (ada, session) = (ByteString.CopyFrom(Ada.ToArray()), ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7, 8));
        var hash = ByteString.CopyFrom(new byte[Hash256.Size]);
        yield return Command(new AccountsProto.OpenSession
        {
            Session = session,
            Account = ada,
            SecretHash = hash,
            Kind = (int)SessionKind.Browser,
            Label = "a browser",
            ExpiresAt = 1_800_100_000_000_000,
        });
        yield return Command(new AccountsProto.CreateInvitation
        {
            Account = ada,
            Invitation = session,
            SecretHash = hash,
            Uses = 2,
            ExpiresAt = 1_800_100_000_000_000,
            Note = "ann"
        }, '1');
        yield return Command(new AccountsProto.SetPassword { Account = ada, Credential = Credential }, '1');
        yield return Command(new AccountsProto.SetSecondFactor { Account = ada, Secret = ByteString.CopyFrom(new byte[Totp.SecretSize]) }, '1');
        yield return Command(new AccountsProto.ConfirmSecondFactor { Account = ada, Step = 60_000_000 }, '1');
        yield return Command(new AccountsProto.UseStep { Account = ada, Step = 60_000_001 }, '1');
        var counter = 0L;
        foreach (var act in AccountTargets.Acts(Bob.ToString()))
        {
            var statement = SignedStatement.Sign(key, Community, GovernAct.Purpose, Ada, ++counter, act.ToPayload());
            yield return Command(new AccountsProto.Govern { Statement = ByteString.CopyFrom(statement.ToArray()) });
        }

        using var phone = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var add = SignedStatement.Sign(key, Community, DeviceAct.Purpose, Ada, ++counter, new DeviceAct.Add(DeviceOf(phone)).ToPayload());
        yield return Command(new AccountsProto.ChangeDevice { Statement = ByteString.CopyFrom(add.ToArray()) });
        var remove = new DeviceAct.Remove(KeyId.Of(phone.ExportSubjectPublicKeyInfo()).ToString()).ToPayload();
        yield return Command(new AccountsProto.ChangeDevice
        {
            Statement = ByteString.CopyFrom(SignedStatement.Sign(key, Community, DeviceAct.Purpose, Ada, ++counter, remove).ToArray())
        });
        yield return Command(new AccountsProto.EndSession { Account = ada, Session = session }, '1');
        yield return Command(new AccountsProto.Prune());
    }

    private static IEnumerable<byte[]> TrackerExamples()
    {
        var (node, other, issuer) = (Bytes(KeyId.Of("node"u8)), Bytes(KeyId.Of("other"u8)), Bytes(KeyId.Of("issuer"u8)));
        var (token, hash) = (ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7, 8), ByteString.CopyFrom(new byte[Hash256.Size]));
        yield return Command(new Found
        {
            Community = Bytes(Community),
            Name = "cooks",
            RootCertificate = ByteString.CopyFrom(1),
            Node = node,
            NodeName = "attic",
            Roles = { "index", "tracker" },
            Issuer = issuer,
            IssuingCertificate = ByteString.CopyFrom(2),
            Administrator = ByteString.CopyFrom(3),
        });
        yield return Command(new CreateToken
        {
            Token = token,
            SecretHash = hash,
            Roles = { "index" },
            Owner = "ann",
            ExpiresAt = 1_800_100_000_000_000,
            Uses = 3,
            Note = "for ann"
        });
        yield return Command(new Admit { Token = token, SecretHash = hash, Node = other, NodeName = "cellar" }, '2');
        yield return Command(new RecordCertificate { Node = other, Serial = ByteString.CopyFrom(7), Issuer = issuer, NotAfter = 1_800_100_000_000_000 });
        yield return Command(new SetRoles { Node = other, Roles = { "share" } });
        yield return Command(new Rename { Node = other, Name = "barn" });
        yield return Command(new FoundGroup { Group = "index", Node = node, Lineage = ByteString.CopyFrom(new Lineage(1, 2).ToArray()) }, '1');
        yield return Command(new AddIssuer { Issuer = Bytes(KeyId.Of("second"u8)), Certificate = ByteString.CopyFrom(4), Node = other });
        yield return Command(new RemoveIssuer { Issuer = Bytes(KeyId.Of("second"u8)) });
        yield return Command(new RemoveNode { Node = other, Reason = "gone" });
        yield return Command(new ReadmitNode { Node = other });
        yield return Command(new RevokeToken { Token = token });
        yield return Command(new SetAdministrator { Administrator = ByteString.CopyFrom(5) });
        yield return Command(new Prune());
    }

    private static IEnumerable<byte[]> IndexExamples()
    {
        using var group = new DirectGroup(IndexService.Name, new IndexMachine());
        var index = new IndexService(group);
        Path("/music/old", path => index.MakeFolderAsync(path, Asker.Local, null, CancellationToken.None));
        var entry = new NewEntry(
            EntryPath.Parse("/music/a song.flac").Value, Hash256.Of("a"u8), 5, 16_384, Hash256.Of("a"u8), new Instant(5), "about it", ["a", "b"]);
        _ = index.FileAsync([entry, entry with { Path = EntryPath.Parse("/music/b").Value }], "n-1", Asker.Local, null,
            CancellationToken.None).GetAwaiter().GetResult();
        _ = index.DescribeAsync(3, "more", ["c"], Asker.Local, null, CancellationToken.None).GetAwaiter().GetResult();
        Path("/music/b", path => index.MoveAsync(path, EntryPath.Parse("/music/old/c").Value, Asker.Local, null, CancellationToken.None));
        Path("/music/old", path => index.RemoveAsync(path, Asker.Local, null, CancellationToken.None));
        _ = index.RestoreAsync(6, Asker.Local, null, CancellationToken.None).GetAwaiter().GetResult();
        var root = Hash256.Of("a"u8);
        Wait(index.ReportAsync(root, "fake", "it is another song", Asker.Local, null, CancellationToken.None));
        Wait(index.DismissAsync(root, "it is not", Asker.Local, null, CancellationToken.None));
        Wait(index.TakeDownAsync(root, "it is", Asker.Local, null, CancellationToken.None));
        Wait(index.AppealAsync(root, "it is mine", Asker.Local, null, CancellationToken.None));
        Wait(index.DecideAsync(10, true, "so it is", Asker.Local, null, CancellationToken.None));
        Wait(index.PutBackAsync(root, "again", Asker.Local, null, CancellationToken.None));
        return [.. group.Commands.Select(command => (byte[])[(byte)'0', .. Encoding.UTF8.GetBytes(command.Type + "\n"), .. command.Body.Span])];

        static void Wait<T>(Task<T> act) => _ = act.GetAwaiter().GetResult();

        static void Path<T>(string text, Func<EntryPath, Task<T>> act) => _ = act(EntryPath.Parse(text).Value).GetAwaiter().GetResult();
    }

    private static ByteString Bytes(KeyId id) => ByteString.CopyFrom(id.ToArray());

    /// <summary>Tables that begin anew from time to time, and after what was thrown: a command is not undone then.</summary>
    private sealed class Tables(GroupId group, Func<IStateMachine> machine, Action<DirectGroup> begin) : IDisposable
    {
        private DirectGroup? _group;
        private int _runs;

        /// <summary>Commands that were handed in since the tables began.</summary>
        public int Count => _group?.Handed.Count ?? 0;

        public Outcome<ReadOnlyMemory<byte>> Apply(string type, byte[] body, Asker asker) =>
            Run(tables => tables.SubmitAsync(new ClientCommand(type, body, asker)).GetAwaiter().GetResult().Value.Result);

        public Outcome<ReadOnlyMemory<byte>> Run(Func<DirectGroup, Outcome<ReadOnlyMemory<byte>>> act)
        {
            if (_group is null || ++_runs > RunsPerTables)
            {
                Dispose();
                _group = new DirectGroup(group, machine());
                begin(_group);
            }

            try
            {
                return act(_group);
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public void Dispose()
        {
            _group?.Dispose();
            (_group, _runs) = (null, 0);
        }
    }
}
