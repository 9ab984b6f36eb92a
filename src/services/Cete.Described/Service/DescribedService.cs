using Cete.Core;
using Cete.Described.Proto;
using Cete.Groups;
using Cete.Ports;
using Cete.Ports.Payments;
using Google.Protobuf;

namespace Cete.Described;

/// <summary>
/// Described services for their users: takes in what people do, hands it to the group, and answers questions by the rules of whoever asks. For several
/// callers at once.
/// </summary>
/// <param name="group">The group that keeps them.</param>
/// <param name="clock">By which rules that read the time answer questions.</param>
public sealed partial class DescribedService(IGroup group, TimeProvider clock)
{
    /// <summary>The name of the group, and of the role of nodes that have a replica.</summary>
    public static readonly GroupId Name = GroupId.Of(DescribedMachine.ServicesRole);

    private readonly Catalogue _catalogue = new();

    /// <summary>The community's bank, where what costs something is paid; null as long as there is none. Set once, before anybody asks.</summary>
    public IServiceBank? Bank { get; set; }

    /// <summary>How the local replica stands.</summary>
    public GroupStatus Status => group.Status;

    /// <summary>Completes when the applied index goes beyond <paramref name="index"/>.</summary>
    public Task<long> WaitForAppliedAsync(long index, CancellationToken cancellation) => group.WaitForAppliedAsync(index, cancellation);

    /// <summary>Publishes a description, in the place of the edition that is named; 0 for a new service.</summary>
    /// <returns>Its edition, and what was done to records that were there.</returns>
    public async Task<Outcome<(long Edition, IReadOnlyList<string> Changes)>> PublishAsync(
        string json, long replaces, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        var answer = await SubmitAsync(new Publish { Json = json, Replaces = replaces }, asker, id, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(Published.Parser, bytes.Span)).Then(done => (done.Edition, (IReadOnlyList<string>)[.. done.Changes]));
    }

    /// <summary>Takes a service out of use; publishing it again brings it back with all its records.</summary>
    public async Task<Outcome<bool>> WithdrawAsync(string service, long replaces, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        var answer = await SubmitAsync(new Withdraw { Service = service, Replaces = replaces }, asker, id, cancellation);
        return answer.Then(_ => true);
    }

    /// <summary>Makes a record.</summary>
    /// <param name="service">Of which service.</param>
    /// <param name="kind">Of which kind.</param>
    /// <param name="values">Its fields.</param>
    /// <param name="asker">Who makes it.</param>
    /// <param name="id">Makes it happen once.</param>
    /// <param name="voucher">Pays for it, where that costs something; empty for nothing.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<Written>> CreateAsync(
        string service, string kind, IEnumerable<KeyValuePair<string, InputValue>> values, Asker asker, RequestId? id, ReadOnlyMemory<byte> voucher,
        CancellationToken cancellation)
    {
        var known = await KindAsync(service, kind, cancellation);
        var read = known.Succeeded ? InputReading.Read(known.Value.Kind.Fields, values, kind) : known.Failure;
        var payment = read.Succeeded ? await PaymentOfAsync(voucher, cancellation) : read.Failure;
        return payment.Succeeded
            ? await ChangeAsync(
                new CreateRecord { Service = service, Kind = kind, Values = { read.Value }, Payment = payment.Value }, asker, id, cancellation)
            : payment.Failure;
    }

    /// <summary>Changes a record.</summary>
    /// <param name="service">Of which service.</param>
    /// <param name="kind">Of which kind.</param>
    /// <param name="record">Which one.</param>
    /// <param name="edits">What is done to its fields.</param>
    /// <param name="revision">The one that whoever changes it has seen; 0 when that does not matter.</param>
    /// <param name="asker">Who changes it.</param>
    /// <param name="id">Makes it happen once.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<Written>> UpdateAsync(
        string service, string kind, long record, IReadOnlyList<FieldEdit> edits, long revision, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        var known = await KindAsync(service, kind, cancellation);
        var read = known.Succeeded ? InputReading.Read(known.Value.Kind.Fields, edits, kind) : known.Failure;
        return read.Succeeded
            ? await ChangeAsync(
                new UpdateRecord { Service = service, Kind = kind, Id = record, Revision = revision, Changes = { read.Value } }, asker, id, cancellation)
            : read.Failure;
    }

    /// <summary>Deletes a record; for a time it can be brought back.</summary>
    public Task<Outcome<Written>> DeleteAsync(
        string service, string kind, long record, long revision, Asker asker, RequestId? id, CancellationToken cancellation) =>
        ChangeAsync(new DeleteRecord { Service = service, Kind = kind, Id = record, Revision = revision }, asker, id, cancellation);

    /// <summary>Brings a deleted record back.</summary>
    public Task<Outcome<Written>> RestoreAsync(
        string service, string kind, long record, Asker asker, RequestId? id, CancellationToken cancellation) =>
        ChangeAsync(new RestoreRecord { Service = service, Kind = kind, Id = record }, asker, id, cancellation);

    /// <summary>Hides a record from all but moderators, or shows it again.</summary>
    public Task<Outcome<Written>> ModerateAsync(
        string service, string kind, long record, bool isHidden, string reason, Asker asker, RequestId? id, CancellationToken cancellation) =>
        ChangeAsync(new Moderate { Service = service, Kind = kind, Id = record, IsHidden = isHidden, Reason = reason }, asker, id, cancellation);

    /// <summary>Does an action.</summary>
    /// <param name="service">Of which service.</param>
    /// <param name="action">Its name.</param>
    /// <param name="record">To which record; 0 for none.</param>
    /// <param name="input">What its form asks.</param>
    /// <param name="asker">Who does it.</param>
    /// <param name="id">Makes it happen once.</param>
    /// <param name="voucher">Pays for it, where that costs something; empty for nothing.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The record that it was done to; its number is 0 where there is none.</returns>
    public async Task<Outcome<Written>> ActAsync(
        string service, string action, long record, IEnumerable<KeyValuePair<string, InputValue>> input, Asker asker, RequestId? id,
        ReadOnlyMemory<byte> voucher, CancellationToken cancellation)
    {
        var known = await ServiceAsync(service, cancellation);
        var found = known.Succeeded ? ActionOf(known.Value, action) : known.Failure;
        var read = found.Succeeded ? InputReading.Read(found.Value.Input, input, $"forms of '{action}'") : found.Failure;
        var payment = read.Succeeded ? await PaymentOfAsync(voucher, cancellation) : read.Failure;
        return payment.Succeeded
            ? await ChangeAsync(
                new Act { Service = service, Action = action, Record = record, Input = { read.Value }, Payment = payment.Value }, asker, id, cancellation)
            : payment.Failure;
    }

    /// <summary>Has done what is due; whether more is.</summary>
    public async Task<Outcome<bool>> TickAsync(Asker asker, CancellationToken cancellation)
    {
        var answer = await SubmitAsync(new Tick(), asker, null, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(Ticked.Parser, bytes.Span).IsMore);
    }

    private async Task<Outcome<Written>> ChangeAsync(IMessage command, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        var answer = await SubmitAsync(command, asker, id, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(RecordDone.Parser, bytes.Span)).Then(done => new Written(done.Id, done.Revision, done.Others));
    }

    private async Task<Outcome<ReadOnlyMemory<byte>>> SubmitAsync(IMessage message, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        var reply = await group.SubmitAsync(new ClientCommand(message.Descriptor.Name, message.ToByteArray(), asker, id), cancellation);
        return reply.Succeeded ? reply.Value.Result : reply.Failure;
    }
}
