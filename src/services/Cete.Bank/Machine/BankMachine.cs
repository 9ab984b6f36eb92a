using Cete.Bank.Proto;
using Cete.Core;
using Cete.Groups;
using Cete.Ledger;
using Cete.Ports;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Cete.Bank;

/// <summary>
/// A community's credits as a state machine: a double-entry ledger whose transfers never change, and channels that pay for downloads. What takes
/// credits from somebody comes signed by a device of his, and every replica verifies it.
/// </summary>
public sealed partial class BankMachine : IStateMachine
{
    /// <summary>The role of nodes that keep the ledger.</summary>
    public const string BankRole = "bank";

    private static readonly Dictionary<string, MessageDescriptor> Commands = new IMessage[]
    {
        new Begin(), new Transfer(), new ChangeChannel(), new Redeem(), new Claim(), new SetPolicy(), new Tick(), new SignHead(),
    }.ToDictionary(message => message.Descriptor.Name, message => message.Descriptor, StringComparer.Ordinal);

    public int LevelMax => BankSchema.ServiceLanesLevel;

    /// <summary>What keeps credits from being made or lost.</summary>
    internal LedgerRules Rules { get; init; } = LedgerRules.Right;

    public void Raise(int level, SqlSession sql) => BankSchema.Raise(level, sql);

    public Outcome<ReadOnlyMemory<byte>> Apply(AppliedCommand command, ApplyContext context)
    {
        var parsed = Parse(command);
        if (!parsed.Succeeded)
        {
            return parsed.Failure;
        }

        var change = new Change(command.At, command.Index, command.Asker, context, Rules);
        var message = parsed.Value;
        if (message is (Begin or Tick or SignHead) && !IsNode(command.Asker))
        {
            return new Failure(FailureKind.Forbidden, $"only a node with the role '{BankRole}' does that");
        }

        if (message is Begin begin)
        {
            return Start(begin, change);
        }

        var answer = change.Cache.Facts(context.Sql) is null ? BankQueries.NotBegun : Apply(message, change);
        if (answer.Succeeded)
        {
            change.Write();
        }

        return answer;
    }

    /// <summary>Counts refusals by day and reason: few numbers, however much is refused.</summary>
    public void Refused(AppliedCommand command, Failure failure, ApplyContext context)
    {
        var isOfUsers = command.Type is nameof(Transfer) or nameof(ChangeChannel) or nameof(Redeem) or nameof(Claim) or nameof(SetPolicy);
        if (isOfUsers && context.Level >= BankSchema.DaysLevel)
        {
            new DayTable(context.Sql).Add(new DayRow(DayTable.DayOf(command.At)), [RefusalOf(failure)], context.Sql.Derived<BankCache>());
        }
    }

    private static Refusal RefusalOf(Failure failure) => Shortage.Is(failure) ? Refusal.Credits : failure.Kind switch
    {
        FailureKind.Forbidden or FailureKind.Unauthenticated => Refusal.Rights,
        FailureKind.NotFound => Refusal.Unknown,
        FailureKind.Expired => Refusal.Late,
        FailureKind.Conflict => Refusal.Conflict,
        FailureKind.Invalid or FailureKind.TooLarge or FailureKind.Damaged => Refusal.Malformed,
        _ => Refusal.Other,
    };

    private static Outcome<ReadOnlyMemory<byte>> Apply(IMessage message, Change change) => message switch
    {
        Transfer c => Move(c, change),
        ChangeChannel c => Alter(c, change),
        Redeem c => Pay(c, change),
        Claim c => Collect(c, change),
        SetPolicy c => Decide(c, change),
        SignHead c => Note(c, change),
        _ => Do(change),
    };

    private static Outcome<IMessage> Parse(AppliedCommand command)
    {
        if (!Commands.TryGetValue(command.Type, out var message))
        {
            return new Failure(FailureKind.Invalid, $"the bank knows no command '{EntryName.Show(command.Type)}'");
        }

        try
        {
            return Outcome.Of(ProtobufBytes.Read(message, command.Body.Span));
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Invalid, $"the body of the command '{command.Type}' cannot be read");
        }
    }

    /// <summary>A node that was stamped with its role; an account can have one of that name, but is not named by a key.</summary>
    private static bool IsNode(Asker asker) => KeyId.TryParse(asker.Account, out _) && asker.Roles.Contains(BankRole);

    private static Outcome<ReadOnlyMemory<byte>> Start(Begin begin, Change change)
    {
        if (begin.Community.Length != KeyId.Size)
        {
            return new Failure(FailureKind.Invalid, $"the id of a community has {KeyId.Size} bytes");
        }

        var policy = BankPolicy.Parse(System.Text.Encoding.UTF8.GetBytes(begin.Policy));
        var wrong = policy.Succeeded ? policy.Value.Check() : policy.Failure;
        if (wrong is not null)
        {
            return wrong;
        }

        var community = new KeyId(begin.Community.Span);
        if (change.Cache.Facts(change.Sql) is { } known)
        {
            return known.Community == community
                ? Answer(new Done { Changed = false })
                : new Failure(FailureKind.Conflict, $"this is the bank of the community {known.Community}");
        }

        // Two banks of one community, begun apart, are told apart by it in whatever is signed or written out.
        var ledger = TransferId.Of("ledger", begin.Community.Span, change.At.Microseconds);
        change.Sql.Execute(
            """
            INSERT INTO bank_rules (one, community, ledger, begun_at, policy, policy_version, policy_at) VALUES (1, @p1, @p2, @p3, @p4, @p5, @p3)
            """,
            community.ToArray(), ledger.ToArray(), change.At.Microseconds, begin.Policy, policy.Value.Version);
        change.Cache.ForgetFacts();
        return Answer(new Done { Changed = true });
    }

    private static Outcome<ReadOnlyMemory<byte>> Decide(SetPolicy command, Change change)
    {
        var signed = Signed(command.Statement, BankPolicy.Purpose, change, mayDelegate: false);
        if (!signed.Succeeded)
        {
            return signed.Failure;
        }

        if (Ungoverning(signed.Value, change) is { } forbidden)
        {
            return forbidden;
        }

        var policy = BankPolicy.Parse(signed.Value.Statement.Payload.Span);
        var wrong = policy.Succeeded ? policy.Value.Check() : policy.Failure;
        if (wrong is not null)
        {
            return wrong;
        }

        var now = change.Facts.Policy.Version;
        if (policy.Value.Version != now + 1)
        {
            return policy.Value.Version == now && policy.Value.ToPayload().AsSpan().SequenceEqual(change.Facts.Policy.ToPayload())
                ? Answer(new Done { Changed = false })
                : new Failure(FailureKind.Conflict, $"the policy was changed meanwhile: it has version {now}; look at it again");
        }

        change.Sql.Execute(
            "UPDATE bank_rules SET policy = @p1, policy_version = @p2, policy_at = @p3 WHERE one = 1",
            System.Text.Encoding.UTF8.GetString(policy.Value.ToPayload()), policy.Value.Version, change.At.Microseconds);
        change.Cache.ForgetFacts();
        change.Context.Emit("policy-set", []);
        return Answer(new Done { Changed = true });
    }

    private static Failure? Ungoverning(SignedBy signed, Change change) =>
        change.Asker.Account != signed.Account.ToString()
            ? new Failure(FailureKind.Forbidden, "what is decided about the bank is handed in by whoever signed it")
            : change.Asker.Standing.May(Actions.BankGovern) ? null
            : new Failure(FailureKind.Forbidden, $"that takes the right {Actions.BankGovern}, which whoever governs the bank has");

    private static Outcome<ReadOnlyMemory<byte>> Answer(IMessage message) => (ReadOnlyMemory<byte>)message.ToByteArray();
}
