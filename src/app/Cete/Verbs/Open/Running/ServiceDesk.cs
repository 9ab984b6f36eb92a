using System.Text.Json.Nodes;
using Cete.Api;
using Cete.App.Verbs.Open.Model;
using Cete.Core;
using Cete.Net;

namespace Cete.App.Verbs.Open.Running;

/// <summary>Does with a service what the model wants.</summary>
/// <param name="client">Speaks with a node.</param>
/// <param name="service">The service's name.</param>
internal sealed class ServiceDesk(NodeClient client, string service)
{
    /// <summary>Before a stream that ended is begun again; twice as long each time that it does not begin.</summary>
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    private readonly ServicesClient _services = new(client);

    /// <summary>Carries out an effect; null for one that is none of the network's.</summary>
    public async Task<IReadOnlyList<Message>?> RunAsync(Effect effect, CancellationToken stop) => effect switch
    {
        Effect.Records one => [Told(one, await _services.RecordsAsync(service, one.Kind, one.How, stop))],
        Effect.Groups one => [Told(one, await _services.GroupsAsync(service, one.Kind, one.By, one.Sum, one.How, stop))],
        Effect.Record one => [Told(one, await _services.RecordAsync(service, one.Kind, one.Id, stop))],
        Effect.May one => [Told(one, await _services.MayAsync(service, one.Kind, one.Id, stop))],
        Effect.History one => [Told(one, await _services.HistoryAsync(service, one.Kind, one.Id, stop))],
        Effect.Write one => [Told(one, await WriteAsync(one.Command, stop))],
        Effect.Names one => await NamesAsync(one.Accounts, stop),
        _ => null,
    };

    /// <summary>What a command would cost.</summary>
    public async Task<Outcome<OfferInfo>> PriceAsync(RecordCommand command, CancellationToken stop)
    {
        var fields = await WithAccountsAsync(command, stop);
        return !fields.Succeeded ? fields.Failure
            : command.What == CommandKind.Create ? await _services.PriceAsync(service, command.Name, fields.Value, stop)
            : await _services.PriceAsync(service, command.Name, command.Id, fields.Value, stop);
    }

    /// <summary>Carries out a command.</summary>
    /// <param name="command">Which.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <param name="voucher">Pays for it; null where it costs nothing.</param>
    public async Task<Outcome<WrittenAnswer>> WriteAsync(RecordCommand command, CancellationToken stop, string? voucher = null)
    {
        var fields = await WithAccountsAsync(command, stop);
        return !fields.Succeeded ? fields.Failure : command.What switch
        {
            CommandKind.Create => await _services.CreateAsync(service, command.Name, fields.Value, voucher, stop),
            CommandKind.Update => await _services.UpdateAsync(service, command.Name, command.Id!.Value, fields.Value, command.Revision, stop),
            CommandKind.Delete => await _services.DeleteAsync(service, command.Name, command.Id!.Value, command.Revision, stop),
            CommandKind.Restore => await _services.RestoreAsync(service, command.Name, command.Id!.Value, stop),
            _ => await _services.ActAsync(service, command.Name, command.Id, fields.Value, voucher, stop),
        };
    }

    /// <summary>Tells of changes until it is stopped; a stream that ends is followed by another one, from where it ended.</summary>
    public async Task FollowAsync(Action<Message> tell, CancellationToken stop)
    {
        var (position, pause) = ((string?)null, PauseMin);
        while (!stop.IsCancellationRequested)
        {
            var ended = await _services.WatchAsync(
                service, position,
                (told, at) =>
                {
                    if (told is null && at.Length == 0)
                    {
                        // It began. What happened before that is in what was asked for already, or not: it is asked for again.
                        tell(new Message.Live(true, HasMissed: position is null));
                        pause = PauseMin;
                        return;
                    }

                    position = at.Length > 0 ? at : position;
                    if (told is not null)
                    {
                        tell(new Message.Changed(told));
                    }
                },
                stop);
            position = ended.Kind is FailureKind.Expired or FailureKind.Invalid ? null : position;
            tell(new Message.Live(false, HasMissed: false));
            await Task.Delay(pause, TimeProvider.System, stop);
            pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
        }
    }

    private static Message.Answered Told<T>(Effect effect, Outcome<T> outcome)
        where T : class => new(effect.Ask, outcome.Succeeded ? outcome.Value : null, outcome.Failure);

    private async Task<Outcome<JsonObject>> WithAccountsAsync(RecordCommand command, CancellationToken stop)
    {
        var fields = (JsonObject)command.Fields.DeepClone();
        foreach (var name in command.Accounts)
        {
            var found = await AccountAsync(fields[name]!.GetValue<string>(), stop);
            if (!found.Succeeded)
            {
                return found.Failure with { Message = $"{name}: {found.Failure.Message}" };
            }

            fields[name] = found.Value.Id;
        }

        return fields;
    }

    private async Task<IReadOnlyList<Message>> NamesAsync(IReadOnlyList<string> accounts, CancellationToken stop)
    {
        List<Message> named = [];
        foreach (var account in accounts)
        {
            var found = await AccountAsync(account, stop);
            if (found.Succeeded)
            {
                named.Add(new Message.Named(account, found.Value.DisplayName is { Length: > 0 } shown ? shown : found.Value.Name));
            }
            else if (found.Failure.Kind is FailureKind.Unauthenticated or FailureKind.Forbidden)
            {
                // Not for whoever asks: nor are the others.
                break;
            }
        }

        return named;
    }

    private Task<Outcome<AccountInfo>> AccountAsync(string name, CancellationToken stop) =>
        client.GetAsync($"{Routes.Accounts}/{Uri.EscapeDataString(name)}", ApiJson.Default.AccountInfo, stop);
}
