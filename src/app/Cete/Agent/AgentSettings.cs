using System.Net;
using System.Text.Json;
using Cete.Core;
using Cete.Net.Agent;
using Cete.Ports.Limits;
using Cete.Storage;
using Cete.Transfer.Limits;

namespace Cete.App.Agent;

/// <summary>How an agent serves others, and what it may use.</summary>
/// <param name="Listen">Where; port 0 for any that is free.</param>
/// <param name="Limits">As its user set them.</param>
internal sealed record AgentSettings(IPEndPoint Listen, AgentLimits Limits)
{
    /// <summary>What its connections come from; null for any address: those of loopback reach nobody else, so they bind what is listened at alone.</summary>
    public IPAddress? From => IPAddress.IsLoopback(Listen.Address) || Listen.Address.Equals(IPAddress.Any) || Listen.Address.Equals(IPAddress.IPv6Any)
        ? null
        : Listen.Address;

    /// <summary>As they are kept, or what is wrong with them.</summary>
    public static Outcome<AgentSettings> Open(AgentPlace place)
    {
        var limits = Read(place);
        if (!limits.Succeeded)
        {
            return limits.Failure;
        }

        var listen = ListenText.Resolve(limits.Value.Listen);
        return listen.Succeeded
            ? new AgentSettings(listen.Value, limits.Value)
            : listen.Failure with { Message = $"the agent cannot listen as {place.Limits} says: {listen.Failure.Message}; 'cete agent limits --listen any' changes it" };
    }

    /// <summary>What a user keeps; what he did not set is as usual.</summary>
    public static Outcome<AgentLimits> Read(AgentPlace place)
    {
        var read = PrivateFile.Read(place.Limits);
        if (!read.Succeeded)
        {
            return read.Failure;
        }

        if (read.Value is not { } bytes)
        {
            return new AgentLimits();
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, AgentJson.Default.AgentLimits) is not { } limits ? Damaged(place, "it is empty")
                : LimitChanges.CheckAll(limits) is { } failure ? Damaged(place, failure.Message)
                : limits;
        }
        catch (JsonException error)
        {
            return Damaged(place, error.Message);
        }
    }

    /// <summary>Keeps them; null, or why that did not go.</summary>
    public static Failure? Keep(AgentPlace place, AgentLimits limits) =>
        PrivateFile.MakeFolder(place.Folder)
        ?? PrivateFile.Write(place.Limits, JsonSerializer.SerializeToUtf8Bytes(limits, AgentJson.Default.AgentLimits));

    /// <summary>Limits as they are after a change, looked at as an agent that starts would; they are not kept yet.</summary>
    public static Outcome<AgentLimits> Change(AgentLimits limits, LimitsChange change)
    {
        var changed = LimitChanges.Apply(limits, change);
        return !changed.Succeeded || change.Listen is null ? changed
            : ListenText.Resolve(change.Listen).Failure is { } failure ? failure
            : changed;
    }

    private static Failure Damaged(AgentPlace place, string why) =>
        new(FailureKind.Damaged, $"{place.Limits} does not hold limits ({why}); put it right, or delete it to begin without any");
}
