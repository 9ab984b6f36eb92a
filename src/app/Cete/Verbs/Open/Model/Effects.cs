using System.Text.Json.Nodes;
using Cete.Net;

namespace Cete.App.Verbs.Open.Model;

/// <summary>Something that the model wants to be done outside. What comes of it comes back with the same number.</summary>
/// <param name="Ask">Its number.</param>
internal abstract record Effect(long Ask)
{
    /// <summary>A page of records.</summary>
    public sealed record Records(long Ask, string Kind, RecordAsk How) : Effect(Ask);

    /// <summary>How many records have each value alike.</summary>
    public sealed record Groups(long Ask, string Kind, string By, string? Sum, RecordAsk How) : Effect(Ask);

    /// <summary>One record.</summary>
    public sealed record Record(long Ask, string Kind, long Id) : Effect(Ask);

    /// <summary>What may be done with a kind of records, or with one.</summary>
    public sealed record May(long Ask, string Kind, long? Id) : Effect(Ask);

    /// <summary>What happened to a record.</summary>
    public sealed record History(long Ask, string Kind, long Id) : Effect(Ask);

    /// <summary>A command.</summary>
    public sealed record Write(long Ask, RecordCommand Command) : Effect(Ask);

    /// <summary>Has a text edited by the program that the user likes.</summary>
    public sealed record Edit(long Ask, string Text, string Ending) : Effect(Ask);

    /// <summary>What accounts are called.</summary>
    public sealed record Names(IReadOnlyList<string> Accounts) : Effect(0);

    /// <summary>Ends it all.</summary>
    public sealed record Quit() : Effect(0);
}

/// <summary>What a command does.</summary>
internal enum CommandKind
{
    Create,
    Update,
    Delete,
    Restore,
    Act,
}

/// <summary>A command about records.</summary>
/// <param name="What">What it does.</param>
/// <param name="Name">The kind of record; of <see cref="CommandKind.Act"/> the action.</param>
/// <param name="Id">The record; null for none.</param>
internal sealed record RecordCommand(CommandKind What, string Name, long? Id)
{
    /// <summary>The revision that was seen; null where that does not matter.</summary>
    public long? Revision { get; init; }

    /// <summary>Fields as the API takes them.</summary>
    public JsonObject Fields { get; init; } = [];

    /// <summary>Fields that name an account as people call it: its id is found first.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = [];
}
