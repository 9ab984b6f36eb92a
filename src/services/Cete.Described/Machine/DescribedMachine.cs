using Cete.Core;
using Cete.Described.Proto;
using Cete.Groups;
using Cete.Ports;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Cete.Described;

/// <summary>
/// All described services of a community as one state machine: descriptions are published into it, and from then on interpreted. One store for all of
/// them, so that what one service sets off in another happens in the same command, hence exactly once.
/// </summary>
public sealed partial class DescribedMachine : IStateMachine
{
    /// <summary>The role of nodes that keep described services.</summary>
    public const string ServicesRole = "services";

    private static readonly Dictionary<string, MessageDescriptor> Commands = new IMessage[]
    {
        new Publish(), new Withdraw(), new CreateRecord(), new UpdateRecord(), new DeleteRecord(), new RestoreRecord(), new Act(), new Moderate(),
        new ReportRecord(), new DismissReports(), new Tick(),
        new NoteRedeemed(),
    }.ToDictionary(message => message.Descriptor.Name, message => message.Descriptor, StringComparer.Ordinal);

    private readonly Catalogue _catalogue = new();

    /// <inheritdoc/>
    public int LevelMax => Moderating.Level;

    /// <inheritdoc/>
    public void Raise(int level, SqlSession sql) => DescribedSchema.Raise(level, sql);

    /// <inheritdoc/>
    public Outcome<ReadOnlyMemory<byte>> Apply(AppliedCommand command, ApplyContext context)
    {
        var parsed = Parse(command);
        if (!parsed.Succeeded)
        {
            return parsed.Failure;
        }

        var change = new Change(command, context, _catalogue);
        try
        {
            var answer = Apply(parsed.Value, change);
            change.Tell();
            return (ReadOnlyMemory<byte>)answer.ToByteArray();
        }
        catch (RefusedException refused)
        {
            return refused.Failure;
        }
    }

    private static IMessage Apply(IMessage message, Change change) => message switch
    {
        Publish c => Publishing.Do(c, change),
        Withdraw c => Publishing.Do(c, change),
        CreateRecord c => Create(c, change),
        UpdateRecord c => Update(c, change),
        DeleteRecord c => Delete(c, change),
        RestoreRecord c => Restore(c, change),
        Act c => Do(c, change),
        Moderate c => Decide(c, change),
        NoteRedeemed c => Note(c, change),
        ReportRecord c => Report(c, change),
        DismissReports c => Dismiss(c, change),
        _ => Ticking.Do(change),
    };

    private static Ticked Note(NoteRedeemed command, Change change)
    {
        Charging.Note(command, change);
        return new Ticked();
    }

    private static Outcome<IMessage> Parse(AppliedCommand command)
    {
        if (!Commands.TryGetValue(command.Type, out var message))
        {
            return new Failure(FailureKind.Invalid, $"described services know no command '{EntryName.Show(command.Type)}'");
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
}
