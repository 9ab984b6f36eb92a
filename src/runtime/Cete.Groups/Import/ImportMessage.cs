using Cete.Core;
using Cete.Groups.Proto;

namespace Cete.Groups.Import;

/// <summary>What the actor that imports another group's feed understands.</summary>
internal abstract record ImportMessage
{
    private ImportMessage()
    {
    }

    /// <summary>There may be something to do: the replica has become the root, or a pause is over.</summary>
    public sealed record Look : ImportMessage
    {
        public static readonly Look Instance = new();
    }

    /// <summary>To itself: how the import stands in the own store.</summary>
    public sealed record StateRead(Outcome<ImportState> State) : ImportMessage;

    /// <summary>To itself: what a node of the source told.</summary>
    public sealed record Told(Outcome<GroupResponse> Answer) : ImportMessage;

    /// <summary>To itself: what came of a proposal.</summary>
    public sealed record Proposed(RootAnswer<CommandReply> Answer) : ImportMessage;
}
