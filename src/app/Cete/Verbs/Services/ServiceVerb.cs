using System.CommandLine;

namespace Cete.App.Verbs.Services;

/// <summary><c>cete service</c>: services that are described and not programmed, from the first draft to the last edition.</summary>
internal static class ServiceVerb
{
    public static Command Make() => new("service", Common.WithExamples(
        "Services of the community that a file describes: what their records hold, who may do what, what happens by itself, how it is shown.",
        "cete service new recipes              writes recipes.conf, a description to begin with",
        "cete service check recipes.conf       tells everything that is wrong with it, and where",
        "cete service publish recipes.conf     has the community use it; it takes the right 'services.publish'",
        "cete service diff recipes.conf        what publishing it would change",
        "cete service versions recipes",
        "cete service rollback recipes 3       publishes edition 3 again",
        "cete service export recipes mine.conf",
        "cete service feed calendar events     its records for other programs",
        "cete service import-records calendar events holidays.ics --dry-run",
        "cete service withdraw recipes         takes it out of use; published again, it has its records"))
    {
        NewVerb.Make(),
        CheckVerb.Make(),
        PublishVerb.Make(),
        PublishVerb.MakeImport(),
        DiffVerb.Make(),
        ListVerb.Make(),
        ShowVerb.Make(),
        VersionsVerb.Make(),
        RollbackVerb.Make(),
        WithdrawVerb.Make(),
        ExportVerb.Make(),
        FeedVerbs.Make(),
        FeedVerbs.MakeImport(),
        Moderation.RecordVerbs.MakeReport(),
    };
}
